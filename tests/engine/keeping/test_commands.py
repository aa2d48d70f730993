"""The commands of keeping: sentences and exit codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from engine.command.main import cli
from engine.watching import pseudonym
from tests.engine.runtime.office import MONDAY, Office

Command = Callable[..., Result]


@pytest.fixture
def gendan(sqlite_only: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`gendan …` on the office."""
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GENDAN_DATABASE_URL", sqlite_only.settings.database_url)
    monkeypatch.setenv("GENDAN_ATTACHMENTS_DIR", str(sqlite_only.settings.attachments_dir))
    monkeypatch.setenv("GENDAN_HISTORY_KEY", "the key of the tests")
    return lambda *words: CliRunner().invoke(cli, [str(word) for word in words])


def test_history_is_sealed_exported_and_verified_without_the_database(
    gendan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, key, noted = tmp_path / "h.gz", tmp_path / "key", tmp_path / "noted"
    sealed = gendan("history", "seal").output
    noted.write_text(gendan("history", "seals").output)
    assert noted.read_text().startswith(sealed.strip())
    assert "3 instances, 1 seals" in gendan("history", "export", file).output
    key.write_text("the key of the tests\n")
    monkeypatch.setenv("GENDAN_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    whole = gendan("history", "verify", file, "--key-file", key, "--seals", noted)
    without = gendan("history", "verify", file)
    assert (whole.exit_code, without.exit_code) == (0, 0), whole.output
    assert "3 instances verified, 0 findings" in whole.output
    assert "1 rows are younger than the last seal" in without.output
    key.write_text("another key")
    assert gendan("history", "verify", file, "--key-file", key).exit_code == 1
    noted.write_text(f"1 {'0' * 64}")
    assert gendan("history", "verify", file, "--seals", noted).exit_code == 1
    file.write_bytes(file.read_bytes()[:-20])
    cut = gendan("history", "verify", file)
    assert (cut.exit_code, "no whole export" in cut.output, "Traceback" in cut.output) == (1, True, False)
    assert gendan("history", "verify", tmp_path / "none").exit_code == 2


def test_retention_lists_removes_and_holds(gendan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gendan("retention").exit_code == 2
    assert gendan("retention", "--dry-run", "--apply").exit_code == 2
    assert "0 records would" in gendan("retention", "--dry-run").output
    monkeypatch.setenv("GENDAN_KEEP_YEARS", "2")
    with time_machine.travel(MONDAY + timedelta(days=800)):
        assert gendan("retention", "hold", "LN26-0001", "--reason", "a lawsuit").exit_code == 0
        assert "LN26-0001 since 2028-05-10: a lawsuit" in gendan("retention", "holds").output
        listed = gendan("retention", "--dry-run").output
        assert "LN26-0002 loan over since 2026-03-02" in listed
        assert "1 records would" in listed
        assert "contents of 1 records are removed" in gendan("retention", "--apply").output
        assert "0 records would" in gendan("retention", "--dry-run").output
        assert gendan("retention", "release", "LN26-0001", "--reason", "settled").exit_code == 0
        assert gendan("retention", "hold", "LN26-9999", "--reason", "x").exit_code == 1
        assert "1 records would" in gendan("retention", "--dry-run").output
    assert gendan("verify-history").exit_code == 0


def test_a_person_of_the_logs_can_be_found(gendan: Command) -> None:
    assert gendan("user", "log-id", "ann").output.strip() == pseudonym(b"the key of the tests", "ann")


def test_an_unknown_form_of_logs_is_a_sentence(gendan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENDAN_LOG_FORMAT", "xml")
    answer = gendan("user", "list")
    assert (answer.exit_code, "console or json" in answer.output) == (1, True)
