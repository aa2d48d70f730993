"""What the administrator allows outside: read from the environment, refused with the name of the variable."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from engine.errors import Invalid
from engine.settings import Settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path))


def test_without_any_nothing_leaves_the_house() -> None:
    found = Settings.from_environment().outside
    assert not found.pushes
    assert (found.http_hosts, found.private_networks, found.push_hosts) == ((), (), ())


def test_all_are_read_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PUSH_KINDS": "mail, wecombot",
        "PUSH_MAIL_URL": "mailtos://u:s3cr3t@smtp.example.com",
        "PUSH_HOSTS": "Hooks.example.com",
        "PUSH_WINDOW_SECONDS": "10",
        "PUSH_RATE": "5",
        "HTTP_HOSTS": "erp.example.com,mes.example.com:8443",
        "HTTP_SECONDS": "5",
        "HTTP_SECRET_ERP": "erp.example.com Authorization: Bearer s3cr3t",
        "PRIVATE_NETWORKS": "10.1.2.0/24, 127.0.0.1",
    }.items():
        monkeypatch.setenv(f"GENDAN_{name}", value)
    found = Settings.from_environment()
    outside = found.outside
    assert (outside.push_kinds, outside.push_window, outside.push_rate) == (
        ("mail", "wecombot"),
        timedelta(seconds=10),
        5,
    )
    assert (outside.push_hosts, outside.http_seconds) == (("hooks.example.com",), 5)
    assert outside.http_hosts == ("erp.example.com", "mes.example.com:8443")
    secret = outside.secrets["erp"]
    assert (secret.host, secret.header, secret.value) == ("erp.example.com", "Authorization", "Bearer s3cr3t")
    assert outside.private_networks == (ip_network("10.1.2.0/24"), ip_network("127.0.0.1/32"))
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUSH_KINDS", "pigeon"),
        ("PUSH_KINDS", "mail"),
        ("HTTP_SECRET_ERP", "Authorization: Bearer x"),
        ("PRIVATE_NETWORKS", "10.1.2.3/24"),
        ("HTTP_SECONDS", "600"),
        ("PUSH_RATE", "0"),
    ],
)
def test_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"GENDAN_{name}", value)
    with pytest.raises(Invalid, match=name.removesuffix("_ERP")):
        Settings.from_environment()
