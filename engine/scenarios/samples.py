"""Small files of the kind their name says, for scenarios that upload something."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath

_PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


def sample_file(name: str, text: str | None = None) -> bytes:
    """The bytes of a file called `name`, the same each time; `text` is its content, or is written into it."""
    suffix = PurePath(name).suffix.lower()
    shown = text if text is not None else name
    if suffix in _PICTURES:
        return _picture(_PICTURES[suffix], shown)
    if suffix == ".pdf":
        return _pdf(shown)
    return f"{shown}\n".encode()


def _picture(kind: str, shown: str) -> bytes:
    from PIL import Image

    shade = sum(shown.encode()) % 200
    stream = BytesIO()
    Image.new("RGB", (160, 120), (shade, 120, 200 - shade // 2)).save(stream, kind)
    return stream.getvalue()


def _pdf(shown: str) -> bytes:
    """A page that is valid PDF with its text as a comment of the document's information."""
    title = shown.encode("utf-16-be").hex()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        f"<</Title<feff{title}>>>".encode(),
    ]
    out = bytearray(b"%PDF-1.4\n")
    starts = []
    for number, part in enumerate(parts, 1):
        starts.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % each for each in starts)
    out += b"trailer<</Size 5/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
