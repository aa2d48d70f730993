"""Settings: what many processes that begin at once must agree about."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import Invalid
from engine.settings import Settings


def test_many_that_begin_at_once_make_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GENDAN_HISTORY_KEY", raising=False)
    for number in range(20):
        data = tmp_path / str(number)
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: Settings.from_environment(data).history_key, range(8)))  # noqa: B023
        assert len(set(found)) == 1
        assert len(found[0]) == 64
        assert sorted(path.name for path in data.iterdir() if path.name.endswith(".key")) == [
            "history.key",
            "session.key",
        ]
        assert not [path for path in data.iterdir() if path.name.startswith(".")]


def test_an_empty_key_file_is_not_taken_for_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GENDAN_HISTORY_KEY", raising=False)
    (tmp_path / "history.key").touch()
    with pytest.raises(Invalid, match="empty"):
        Settings.from_environment(tmp_path)
