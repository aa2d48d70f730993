"""A backup is taken while people work, is known to be whole, and restores to what was accepted before it began."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.command.main import cli
from engine.engine import SYSTEM, Engine
from engine.errors import Invalid
from engine.keeping import manifest
from engine.keeping.backup import back_up
from engine.keeping.restore import check, restore
from engine.settings import Settings
from engine.signed_in import Visitor
from engine.views import Actor
from tests.databases import empty_database
from tests.engine.keeping.conftest import upload
from tests.engine.runtime.office import Office
from tests.golden import golden

ANN = Actor("ann")


def silent(_done: int, _of: int) -> None:
    """Nobody looks."""


@pytest.fixture
def place(request: pytest.FixtureRequest, office: Office, tmp_path: Path) -> Iterator[Settings]:
    """An empty place of the same kind, with the same key."""
    with _empty(request, office.engine.machinery.database.url.get_backend_name(), tmp_path) as settings:
        yield settings


@contextmanager
def _empty(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Settings]:
    directory = tmp_path / "elsewhere"
    directory.mkdir()
    server = request.getfixturevalue("postgres") if kind == "postgresql" else ""
    with empty_database(kind, directory, server) as url:
        yield Settings(url, directory / "files", b"the key of the tests")


def _size(part: manifest.Part) -> int:
    return part.size


def put_back(source: Path, settings: Settings) -> Engine:
    """Restore and open."""
    done = restore(source, check(source, silent), settings, silent)
    assert done.verified.findings == ()
    return Engine.open(settings)


def test_what_is_restored_is_what_was_there(office: Office, tmp_path: Path, place: Settings) -> None:
    made = back_up(office.engine, tmp_path / "backup", False, silent)
    restored = put_back(tmp_path / "backup", place)
    assert made.counts["process_instance"] == 3
    assert not (tmp_path / "backup" / "keys").exists()
    for key in ("LN26-0001", "LN26-0002", "LN26-0003"):
        assert restored.records.get(key, SYSTEM) == office.engine.records.get(key, SYSTEM)
        for file in office.engine.records.files(key, SYSTEM):
            assert restored.files.download(file.id, SYSTEM) == office.engine.files.download(file.id, SYSTEM)
    # and it goes on: the open task is done, new ids are new
    task = restored.tasks.inbox(ANN).rows[0]
    restored.tasks.complete(task.id, {}, ANN)
    assert restored.instances.start("loan", {}, ANN).business_key == "LN26-0004"
    assert restored.history.verify().findings == ()
    restored.close()


def test_nobody_is_signed_in_after_a_restore(office: Office, tmp_path: Path, place: Settings) -> None:
    # Given a session that was stolen, was backed up, and was ended after that
    office.engine.people.set_password("ann", "four plain words", SYSTEM, must_change=False)
    stolen = office.engine.sessions.sign_in("ann", "four plain words", Visitor()).secret
    back_up(office.engine, tmp_path / "backup", False, silent)
    office.engine.sessions.end_all("ann", SYSTEM)
    restored = put_back(tmp_path / "backup", place)
    assert restored.sessions.list(SYSTEM, "ann") == ()
    assert restored.sessions.find(stolen) is None
    assert restored.sessions.sign_in("ann", "four plain words", Visitor()).person.id == "ann"
    restored.close()


def test_a_backup_under_load_holds_every_action_accepted_before_it_began(
    office: Office, tmp_path: Path, place: Settings
) -> None:
    accepted: list[str] = []
    stop, warm = threading.Event(), threading.Event()

    def work() -> None:
        while not stop.is_set():
            key = office.start().business_key
            task = next(task for task in office.tasks("ann") if task.business_key == key)
            proof = upload(office, key.encode())
            office.engine.tasks.complete(task.id, {"borrower": key, "proof": proof}, ANN)
            accepted.append(key)
            if len(accepted) > 5:
                warm.set()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert warm.wait(60)
        before = list(accepted)
        back_up(office.engine, tmp_path / "backup", False, silent)
    finally:
        stop.set()
        worker.join()
    restored = put_back(tmp_path / "backup", place)
    for key in before:
        found = restored.records.get(key, SYSTEM)
        assert found.instances[0].state == "completed"
        (file,) = restored.records.files(key, SYSTEM)
        assert restored.files.download(file.id, SYSTEM)[1] == key.encode()
    restored.close()


@pytest.mark.parametrize(
    "damage", ["changed", "cut", "gone", "attachment", "no manifest", "half a manifest", "format", "outside"]
)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    office: Office, tmp_path: Path, place: Settings, damage: str
) -> None:
    source = tmp_path / "backup"
    made = back_up(office.engine, source, False, silent)
    largest = source / max((part for part in made.parts if "attachments" not in part.path), key=_size).path
    content = largest.read_bytes()
    match damage:
        case "changed":
            largest.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
        case "cut":
            largest.write_bytes(content[:-1])
        case "gone":
            largest.unlink()
        case "attachment":
            next((source / "attachments").iterdir()).write_bytes(b"another file")
        case "no manifest":
            (source / manifest.NAME).unlink()
        case "half a manifest":
            text = (source / manifest.NAME).read_text()
            (source / manifest.NAME).write_text(text[: len(text) // 2])
        case "outside":
            text = (source / manifest.NAME).read_text()
            part = next(part.path for part in made.parts if "attachments" in part.path)
            (source / manifest.NAME).write_text(text.replace(part, f"attachments/../{part}"))
        case "format":
            text = (source / manifest.NAME).read_text()
            (source / manifest.NAME).write_text(text.replace('"format": 1', '"format": 2'))
    with pytest.raises(Invalid):
        check(source, silent)
    assert not place.attachments_dir.exists()


def test_a_place_that_is_not_empty_and_another_key_are_refused(office: Office, tmp_path: Path, place: Settings) -> None:
    source = tmp_path / "backup"
    found = back_up(office.engine, source, False, silent)
    with pytest.raises(Invalid, match="not empty"):
        restore(source, found, office.settings, silent)
    other = Settings(place.database_url, place.attachments_dir, b"another key")
    with pytest.raises(Invalid, match="another key"):
        restore(source, found, other, silent)
    with pytest.raises(Invalid, match="is there already"):
        back_up(office.engine, source, False, silent)
    put_back(source, place).close()
    with pytest.raises(Invalid, match="not empty"):
        restore(source, found, place, silent)


def test_a_backup_that_was_interrupted_leaves_no_whole_one(office: Office, tmp_path: Path) -> None:
    def broken(_done: int, _of: int) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        back_up(office.engine, tmp_path / "backup", False, broken)
    assert not (tmp_path / "backup").exists()
    killed = tmp_path / "killed.partial"  # what a process that was killed leaves
    killed.mkdir()
    (killed / "database.sqlite3").write_bytes(b"SQLite")
    with pytest.raises(Invalid, match="no whole backup"):
        check(killed, silent)


def test_missing_bytes_of_an_attachment_are_told(office: Office, tmp_path: Path) -> None:
    gone = next(each for each in office.settings.attachments_dir.rglob("*") if each.is_file())
    gone.unlink()
    assert back_up(office.engine, tmp_path / "backup", False, silent).missing == (gone.name,)


def test_a_backup_of_the_previous_release_is_brought_to_this_one(
    empty_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    written = golden.put("0001", empty_url, tmp_path)
    engine = Engine.open(written)
    made = back_up(engine, tmp_path / "backup", False, silent)
    engine.close()
    assert made.revision == "0001"
    with _empty(request, made.database, tmp_path) as place:
        settings = Settings(place.database_url, place.attachments_dir, golden.KEY)
        put_back(tmp_path / "backup", settings).close()


def test_a_backup_of_sqlite_goes_into_postgresql(sqlite_only: Office, tmp_path: Path, postgres: str) -> None:
    back_up(sqlite_only.engine, tmp_path / "backup", False, silent)
    with empty_database("postgresql", tmp_path, postgres) as url:
        settings = Settings(url, tmp_path / "moved", b"the key of the tests")
        moved = put_back(tmp_path / "backup", settings)
        assert moved.records.get("LN26-0003", SYSTEM) == sqlite_only.engine.records.get("LN26-0003", SYSTEM)
        assert moved.instances.start("loan", {}, ANN).business_key == "LN26-0004"
        # but not back
        back_up(moved, tmp_path / "other", False, silent)
        moved.close()
        small = Settings(f"sqlite:///{tmp_path / 'small.sqlite3'}", tmp_path / "small", b"the key of the tests")
        with pytest.raises(Invalid, match="PostgreSQL"):
            restore(tmp_path / "other", check(tmp_path / "other", silent), small, silent)


@pytest.mark.parametrize("with_keys", [True, False])
def test_the_commands_say_what_they_did(
    sqlite_only: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_keys: bool
) -> None:
    def gendan(*words: object) -> Result:
        return CliRunner().invoke(cli, [str(word) for word in words])

    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("GENDAN_DATA_DIR", str(data))
    monkeypatch.setenv("GENDAN_DATABASE_URL", sqlite_only.settings.database_url)
    monkeypatch.setenv("GENDAN_ATTACHMENTS_DIR", str(sqlite_only.settings.attachments_dir))
    (data / "history.key").write_text("the key of the tests")
    assert "3 instances" in gendan("backup", tmp_path / "b", *(["--with-keys"] if with_keys else [])).output
    # Given a new machine
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.delenv("GENDAN_DATABASE_URL")
    monkeypatch.delenv("GENDAN_ATTACHMENTS_DIR")
    answer = gendan("restore", tmp_path / "b")
    if not with_keys:
        assert (answer.exit_code, "holds no key" in answer.output) == (1, True)
        assert not (tmp_path / "new").exists()
        (tmp_path / "new").mkdir()
        shutil.copy(data / "history.key", tmp_path / "new")
        answer = gendan("restore", tmp_path / "b")
    assert answer.exit_code == 0, answer.output
    assert "3 instances verified, 0 findings" in answer.output
    assert gendan("verify-history").exit_code == 0
    again = gendan("restore", tmp_path / "b")
    assert (again.exit_code, "not empty" in again.output) == (1, True)
