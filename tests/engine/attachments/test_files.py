"""Uploaded files: whose they are, what they are, where they lie, and what a scanner says of them."""

# ruff: noqa: E501 - the cases read best on one line

from __future__ import annotations

import os
import resource
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engine.attachments import kinds, names
from engine.attachments.settings import AttachmentSettings
from engine.engine import Engine
from engine.errors import Conflict, GendanError, Invalid, NotFound, NotKept
from engine.views import Actor
from tests.engine.definitions.diagrams import flows, node
from tests.engine.runtime.office import Office, field, loan, office_at, user_task

ANN, BOB, OUT = Actor("ann"), Actor("bob"), Actor("out")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office_at(database_url, tmp_path) as found:
        found.deploy(
            loan(BEGIN, user_task("enter", "ann", "", field("proof", "file"), field("shots", "photo", multiple="true")),
                 user_task("check", "bob"), DONE, flows("begin enter check done"))
        )  # fmt: skip
        yield found


def with_settings(office: Office, tmp_path: Path, **given: object) -> Engine:
    """Another engine on the same database and directory."""
    chosen = replace(AttachmentSettings(), **given)  # type: ignore[arg-type]
    return Engine.open(replace(office.settings, attachments=chosen), office.clock)


def picture(size: tuple[int, int] = (40, 30), format: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    content = BytesIO()
    Image.new(mode, size, 1 if mode == "1" else "red").save(content, format, **more)
    return content.getvalue()


def office_file(folder: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<x/>")
    return content.getvalue()


def upload(office: Office, content: bytes, name: str, who: Actor = ANN) -> int:
    return office.engine.files.upload(BytesIO(content), name, who).id


def lying(office: Office) -> list[str]:
    """The files of the directory, temporary ones too."""
    found = office.settings.attachments_dir
    return sorted(path.name for path in found.rglob("*") if path.is_file()) if found.is_dir() else []


# --- what it is ---------------------------------------------------------------------------------------------------

TAKEN = {
    "a.jpg": (picture(), "image/jpeg"),
    "a.JPEG": (picture(), "image/jpeg"),
    "a.png": (picture(format="PNG"), "image/png"),
    "a.gif": (picture(format="GIF"), "image/gif"),
    "a.webp": (picture(format="WEBP"), "image/webp"),
    "a.pdf": (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
    "a.docx": (office_file("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.xlsx": (office_file("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "locked.xlsx": (OLE, "application/x-ole-storage"),
    "old.xls": (OLE, "application/x-ole-storage"),
    "a.txt": ("说明".encode(), "text/plain"),
    "a.csv": ("说明,1\r\n".encode("gb18030"), "text/plain"),
    "empty.txt": (b"", "text/plain"),
    "drawing.dwg": (b"AC1032\0\0\1", "image/vnd.dwg"),
    "no ending": (bytes(range(32)), "application/octet-stream"),
}
LYING = {
    "a.pdf": picture(),
    "b.pdf": b"hello",
    "a.jpg": b"%PDF-1.7",
    "b.jpg": b"<script>alert(1)</script>",
    "a.png": picture(),
    "a.docx": office_file("xl"),
    "a.xlsx": b"PK\x03\x04 broken",
    "a.doc": b"<html>",
    "a.txt": picture(),
    "a.csv": office_file("xl"),
    "a.zip": b"hello",
    "tool.exe": b"MZ\x90\0\x03",
    "photo.jpg": b"MZ\x90\0\x03\0\0\0\x04" + bytes(200),
    "x": b"\x7fELF\x02\x01\x01" + bytes(60),
    "run.bat": b"echo",
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_type_is_what_the_content_says(tmp_path: Path, name: str) -> None:
    content, kind = TAKEN[name]
    path = tmp_path / "incoming"
    path.write_bytes(content)
    assert kinds.kind_of(path) == kind
    kinds.check(name, kind)


@pytest.mark.parametrize("name", LYING)
def test_a_file_that_lies_about_its_type_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "incoming"
    path.write_bytes(LYING[name])
    with pytest.raises(Invalid) as refused:
        kinds.check(name, kinds.kind_of(path))
    assert name in str(refused.value)


def test_what_is_refused_leaves_nothing(office: Office) -> None:
    with pytest.raises(Invalid):
        upload(office, LYING["b.jpg"], "b.jpg")
    made = office.engine.files.upload(BytesIO(TAKEN["a.pdf"][0]), "../a.pdf", ANN)
    assert (made.name, made.type) == ("a.pdf", "application/pdf")
    assert len(lying(office)) == 1


def test_a_picture_that_unpacks_to_very_much_is_refused(office: Office) -> None:
    bomb = picture((20_000, 20_000), "PNG", "1")
    assert len(bomb) < 3_000_000
    with pytest.raises(Invalid) as refused:
        upload(office, bomb, "bomb.png")
    assert "million" in str(refused.value)
    with pytest.raises(Invalid):
        upload(office, picture()[:20], "cut.jpg")
    assert lying(office) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\报价.xlsx", "报价.xlsx"), ("a\0b\x07.txt", "ab.txt"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"), ("\u200b\u2066", "file"), ("..", "file"), ("", "file"),
        (".gitignore", "gitignore"), ("a" * 300 + ".pdf", "a" * 196 + ".pdf"), ("好" * 300 + ".pdf", "好" * 65 + ".pdf"),
        ("x" * 300, "x" * 200), ('a<b>:"c|?*.txt', "a b c.txt"), ("  spaced   out .txt", "spaced out.txt"),
    ],
)  # fmt: skip
def test_names_are_cleaned(given: str, kept: str) -> None:
    found = names.clean(given)
    assert found == kept
    assert len(found.encode()) <= 200


# --- whose it is --------------------------------------------------------------------------------------------------


def test_an_upload_is_its_uploaders_until_it_is_submitted(office: Office) -> None:
    started = office.start()
    task = office.task("enter").id
    made = office.engine.files.upload(BytesIO(b"proof"), "proof.txt", ANN, task)
    assert office.engine.files.uploaded(str(made.id), BOB) is None
    with pytest.raises(NotFound):
        office.engine.files.download(made.id, BOB)
    with pytest.raises(NotFound):
        office.engine.files.upload(BytesIO(b"proof"), "proof.txt", OUT, task)
    office.complete("enter", "ann", {"proof": str(made.id)})
    assert office.engine.files.download(made.id, BOB)[1] == b"proof"
    assert [each.name for each in office.engine.files.of_record(started.business_key, BOB)] == ["proof.txt"]
    with pytest.raises(NotFound):
        office.engine.files.download(made.id, OUT)


def test_the_same_bytes_of_two_people_are_each_ones_own(office: Office) -> None:
    office.start()
    mine = upload(office, b"the same", "a.txt")
    upload(office, b"the same", "b.txt", BOB)
    office.complete("enter", "ann", {"proof": office.engine.files.uploaded(str(mine), ANN).digest})  # type: ignore[union-attr]
    assert len(lying(office)) == 1


def test_uploads_that_wait_are_counted_for_a_form_and_for_a_person(office: Office, tmp_path: Path) -> None:
    office.start()
    office.start()
    first, second = (row.id for row in office.tasks("ann"))
    engine = with_settings(office, tmp_path, form_files=2, pending_files=3)
    for number in range(2):
        engine.files.upload(BytesIO(b"%d" % number), "a.txt", ANN, first)
    engine.files.upload(BytesIO(b"1"), "a.txt", ANN, first)  # the same again: sending a form twice adds nothing
    with pytest.raises(Invalid):
        engine.files.upload(BytesIO(b"3"), "a.txt", ANN, first)
    engine.files.upload(BytesIO(b"4"), "a.txt", ANN, second)
    with pytest.raises(Invalid):
        engine.files.upload(BytesIO(b"5"), "a.txt", ANN)
    engine.close()


def test_what_nobody_submits_is_taken_away_after_a_day(office: Office) -> None:
    office.start()
    kept = upload(office, b"kept", "kept.txt")
    lost = upload(office, b"lost", "lost.txt")
    office.complete("enter", "ann", {"proof": str(kept)})
    stray = office.settings.attachments_dir / "incoming-crashed"
    stray.write_bytes(b"half")
    old = (office.clock.now() - timedelta(days=2)).timestamp()
    os.utime(stray, (old, old))
    office.wait(hours=23)
    assert office.engine.files.download(lost, ANN)[1] == b"lost"
    office.wait(hours=2)
    with pytest.raises(NotFound):
        office.engine.files.download(lost, ANN)
    assert len(lying(office)) == 1
    assert office.engine.files.download(kept, ANN)[1] == b"kept"


def test_bytes_that_another_still_names_stay_when_an_orphan_goes(office: Office) -> None:
    office.start()
    upload(office, b"both", "a.txt", BOB)
    office.clock.move_to(office.clock.now() + timedelta(hours=20))
    kept = upload(office, b"both", "b.txt")
    office.wait(hours=5)
    assert office.engine.files.download(kept, ANN)[1] == b"both"


def test_bytes_swept_while_they_are_uploaded_again_are_kept_anew(office: Office) -> None:
    """The sweep comes between keeping the bytes and naming them."""
    office.start()
    upload(office, b"twice", "a.txt", BOB)
    office.clock.move_to(office.clock.now() + timedelta(days=2))
    write, swept = office.engine.machinery.write, []

    def interrupted(work: Callable[..., object]) -> object:
        if not swept:
            swept.append(True)
            office.engine.files.sweep()
        return write(work)

    office.engine.machinery.write = interrupted  # type: ignore[method-assign, assignment]
    made = upload(office, b"twice", "b.txt")
    assert swept
    assert office.engine.files.download(made, ANN)[1] == b"twice"


# --- the scanner --------------------------------------------------------------------------------------------------


def scanner(tmp_path: Path, then: str = "") -> str:
    """A small scanner as a command: it knows one virus."""
    script = tmp_path / "scan.sh"
    script.write_text(f'#!/bin/sh\n{then}\ngrep -q EICAR-STANDARD-ANTIVIRUS-TEST-FILE "$1" && exit 1\nexit 0\n')
    script.chmod(0o755)
    return str(script)


@contextmanager
def clamd(answer: str = "") -> Iterator[str]:
    """A clamd that knows one virus, or always says the same."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                talk, _ = listening.accept()
            except OSError:
                return
            with talk, talk.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                got = b""
                while size := int.from_bytes(said.read(4), "big"):
                    got += said.read(size)
                found = "stream: Eicar-Signature FOUND" if EICAR in got else "stream: OK"
                talk.sendall((answer or found).encode() + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{listening.getsockname()[1]}"
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


@pytest.mark.parametrize("how", ["command", "clamd"])
def test_an_infected_file_is_not_taken(office: Office, tmp_path: Path, how: str) -> None:
    with clamd() as address:
        chosen = {"scan_command": scanner(tmp_path)} if how == "command" else {"clamd": address}
        engine = with_settings(office, tmp_path, **chosen)
        made = engine.files.upload(BytesIO(b"harmless"), "a.txt", ANN)
        assert engine.files.download(made.id, ANN)[1] == b"harmless"
        with pytest.raises(Invalid) as refused:
            engine.files.upload(BytesIO(EICAR), "a.txt", ANN)
        assert "virus" in str(refused.value)
        engine.close()
    assert len(lying(office)) == 1


@pytest.mark.parametrize("how", ["no command", "failing", "nobody listens", "nonsense"])
def test_without_the_scanner_nothing_is_taken(office: Office, tmp_path: Path, how: str) -> None:
    with clamd("stream: size limit exceeded ERROR") as address:
        chosen = {
            "no command": {"scan_command": str(tmp_path / "nothing")},
            "failing": {"scan_command": scanner(tmp_path, "exit 2")},
            "nobody listens": {"clamd": str(tmp_path / "no.socket")},
            "nonsense": {"clamd": address},
        }[how]
        engine = with_settings(office, tmp_path, **chosen)
        with pytest.raises(NotKept):
            engine.files.upload(BytesIO(b"harmless"), "a.txt", ANN)
        engine.close()
    assert lying(office) == []


def test_held_files_open_once_the_scanner_has_seen_them(office: Office, tmp_path: Path) -> None:
    office.start()
    off = with_settings(office, tmp_path, scan_command=str(tmp_path / "scan.sh"), scan_hold=True)
    clean = off.files.upload(BytesIO(b"harmless"), "a.txt", ANN)
    infected = off.files.upload(BytesIO(EICAR), "b.txt", ANN)
    for made in (clean, infected):
        with pytest.raises(Conflict):
            off.files.download(made.id, ANN)
    off.files.sweep()
    assert off.files.uploaded(str(clean.id), ANN).scan == "held"  # type: ignore[union-attr]
    scanner(tmp_path)
    office.clock.move_to(office.clock.now() + timedelta(hours=1))
    off.files.sweep()
    assert off.files.download(clean.id, ANN)[1] == b"harmless"
    with pytest.raises(Conflict) as gone:
        off.files.download(infected.id, ANN)
    assert "infected" in str(gone.value)
    with pytest.raises(GendanError):
        off.tasks.complete(office.task("enter").id, {"proof": str(infected.id)}, ANN)
    off.close()
    assert len(lying(office)) == 1


# --- the disk -----------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_leaves_no_half_file(office: Office) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 * 1024 * 1024, hard))
    try:
        with pytest.raises(NotKept) as told:
            upload(office, b"x" * (9 * 1024 * 1024), "a.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "no room" in str(told.value)
    assert lying(office) == []


def test_a_directory_that_cannot_be_written_is_told(office: Office) -> None:
    office.settings.attachments_dir.write_text("in the way")
    with pytest.raises(NotKept):
        upload(office, b"x", "a.txt")


def test_bytes_that_are_gone_are_told_of_without_a_failure(office: Office) -> None:
    made = upload(office, b"x", "a.txt")
    (office.settings.attachments_dir / lying(office)[0]).unlink()
    with pytest.raises(NotKept):
        office.engine.files.download(made, ANN)


def test_a_file_that_is_too_large_is_refused(office: Office, tmp_path: Path) -> None:
    engine = Engine.open(replace(office.settings, max_attachment_bytes=1024), office.clock)
    with pytest.raises(Invalid):
        engine.files.upload(BytesIO(b"x" * 1025), "a.txt", ANN)
    engine.close()
    assert lying(office) == []


# --- pictures -----------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_without_what_the_camera_wrote_beside_it(office: Office) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ann"
    exif[0x0112] = 6  # lying on its side
    content = picture((400, 300), exif=exif) + b"<script>hidden</script>"
    made = upload(office, content, "a.jpg")
    for _ in range(2):  # drawn, then kept
        shown = office.engine.files.picture(made, ANN)
        assert b"Camera of Ann" not in shown
        assert b"script" not in shown
        with Image.open(BytesIO(shown)) as drawn:
            assert drawn.size == (300, 400)
            assert not drawn.getexif()
    assert office.engine.files.download(made, ANN)[1] == content
    for who, file in ((BOB, made), (ANN, upload(office, b"x", "a.txt")), (ANN, 999)):
        with pytest.raises(NotFound):
            office.engine.files.picture(file, who)
