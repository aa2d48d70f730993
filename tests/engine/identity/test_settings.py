"""What the administrator decides on signing in comes from the environment, typed and checked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import Invalid
from engine.settings import Settings


def test_without_a_word_the_keys_are_files_that_their_owner_alone_may_read(tmp_path: Path) -> None:
    first = Settings.from_environment(tmp_path).sign_in
    assert (first.idle, first.longest, first.secure) == (timedelta(hours=12), timedelta(days=7), False)
    assert first.provider is None
    key = tmp_path / "session.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(first.secret_key) >= 32
    assert Settings.from_environment(tmp_path).sign_in.secret_key == first.secret_key


def test_it_is_read_from_the_environment_and_told_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SECRET_KEY": "of cookies", "SESSION_IDLE_MINUTES": "30", "SESSION_HOURS": "10", "SECURE_COOKIES": "1",
        "PROXIES": "2", "OIDC_ISSUER": "https://id.example/", "OIDC_CLIENT_ID": "gendan", "OIDC_CLIENT_SECRET": "hush",
        "OIDC_CLAIM": "email", "OIDC_CREATES": "yes", "OIDC_GROUPS_CLAIM": "roles", "OIDC_LABEL": "厂",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"GENDAN_{name}", value)
    settings = Settings.from_environment(tmp_path)
    found = settings.sign_in
    assert (found.secret_key, found.idle, found.longest) == (b"of cookies", timedelta(minutes=30), timedelta(hours=10))
    assert (found.secure, found.proxies) == (True, 2)
    assert found.provider is not None
    assert (found.provider.issuer, found.provider.claim, found.provider.creates) == (
        "https://id.example",
        "email",
        True,
    )
    assert not (tmp_path / "session.key").exists()
    for secret in ("of cookies", "hush"):
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SESSION_HOURS", "0"), ("SESSION_IDLE_MINUTES", "soon"), ("PROXIES", "-1"), ("OIDC_ISSUER", "x")],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"GENDAN_{name}", value)
    wanted = "OIDC_CLIENT_ID" if name == "OIDC_ISSUER" else name
    with pytest.raises(Invalid, match=wanted):
        Settings.from_environment(tmp_path)
