"""What a file is by its content, and whether its name says so too."""

from __future__ import annotations

import zipfile
from pathlib import Path

import filetype

from engine.attachments.names import ending
from engine.errors import Invalid

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
OLE = "application/x-ole-storage"
"""Office files of before 2007, and newer ones with a password."""
_HEAD = 8192
_TAIL = 65_557
_MOST_ENTRIES = 10_000
_OOXML = "application/vnd.openxmlformats-officedocument."
_OFFICE = {
    "word/": f"{_OOXML}wordprocessingml.document",
    "xl/": f"{_OOXML}spreadsheetml.sheet",
    "ppt/": f"{_OOXML}presentationml.presentation",
}
_CLAIMS: dict[str, frozenset[str]] = {
    "pdf": frozenset({"application/pdf"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "png": frozenset({"image/png"}),
    "gif": frozenset({"image/gif"}),
    "webp": frozenset({"image/webp"}),
    "bmp": frozenset({"image/bmp"}),
    "tif": frozenset({"image/tiff"}),
    "tiff": frozenset({"image/tiff"}),
    "heic": frozenset({"image/heic", "image/heif"}),
    "docx": frozenset({_OFFICE["word/"], OLE}),
    "xlsx": frozenset({_OFFICE["xl/"], OLE}),
    "pptx": frozenset({_OFFICE["ppt/"], OLE}),
    "doc": frozenset({OLE, "application/rtf"}),
    "xls": frozenset({OLE}),
    "ppt": frozenset({OLE}),
    "rtf": frozenset({"application/rtf"}),
    "zip": frozenset({"application/zip"}),
    "txt": frozenset({TEXT}),
    "csv": frozenset({TEXT}),
    "mp4": frozenset({"video/mp4", "video/quicktime", "video/x-m4v"}),
}
"""What a name with this ending promises."""
_PROGRAMS = frozenset({"application/x-msdownload", "application/x-executable", "application/x-mach-binary"})
_RUNNABLE = frozenset(
    {"exe", "com", "bat", "cmd", "scr", "msi", "ps1", "vbs", "vbe", "jse", "wsf", "hta", "lnk", "jar", "dll"}
)


def kind_of(path: Path) -> str:
    """The type of a file's content; text is what can be read as such."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    if head.startswith(b"PK\x03\x04"):
        return _of_archive(path)
    guessed = filetype.guess(head) if head else None
    if guessed is not None:
        return str(guessed.mime)
    return TEXT if _is_text(head) else UNKNOWN


def check(name: str, kind: str) -> None:
    """Raise Invalid when the content is another than the name promises, or a program."""
    said = ending(name)
    if kind in _PROGRAMS or said in _RUNNABLE:
        raise Invalid("%(name)s is a program. Programs are not taken; pack it if it must be kept.", name=name)
    promised = _CLAIMS.get(said)
    if promised is not None and kind not in promised:
        raise Invalid(
            "%(name)s is called .%(ending)s, but its content is %(kind)s. Save it again as what it is.",
            name=name,
            ending=said,
            kind=kind,
        )


def _of_archive(path: Path) -> str:
    """An Office file, or a plain archive; one with very many entries is not looked into."""
    try:
        if _entries(path) > _MOST_ENTRIES:
            return "application/zip"
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return UNKNOWN
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "application/zip"


def _entries(path: Path) -> int:
    """How many entries the end of an archive tells of."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[at + 10 : at + 12], "little") if at >= 0 else 0


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if any(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the head may end within a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return not head
