"""Pictures that may be shown in a page: drawn anew, so that nothing but the picture is left of the file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import Invalid

MIME = "image/jpeg"
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP", "image/bmp": "BMP"}
_MOST_PIXELS = 80_000_000
_SIDE = 1600
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)

Image.MAX_IMAGE_PIXELS = _MOST_PIXELS


def shown(kind: str) -> bool:
    """Whether a file of this type can be shown as a picture."""
    return kind in _FORMATS


def check(path: Path, kind: str, name: str) -> None:
    """Raise Invalid for a picture that cannot be read, or that unpacks to more than a screen will ever show.

    Only the head of the file is read.
    """
    if kind not in _FORMATS:
        return
    try:
        with Image.open(path, formats=[_FORMATS[kind]]) as picture:
            width, height = picture.size
            fits = width * height <= _MOST_PIXELS
    except Image.DecompressionBombError:
        fits = False
    except _BROKEN as error:
        raise Invalid("%(name)s cannot be read as a picture. Take it again.", name=name) from error
    if not fits:
        most = _MOST_PIXELS // 1_000_000
        raise Invalid("%(name)s has more than %(most)d million points. Make it smaller.", name=name, most=most)


def redrawn(path: Path, kind: str) -> bytes | None:
    """The picture as a JPEG of at most 1600 points a side, turned upright, without what a camera writes beside it;
    None when it cannot be drawn."""
    if kind not in _FORMATS:
        return None
    try:
        with Image.open(path, formats=[_FORMATS[kind]]) as picture:
            if picture.size[0] * picture.size[1] > _MOST_PIXELS:
                return None
            picture.draft("RGB", (_SIDE, _SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((_SIDE, _SIDE))
            plain = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            plain.paste(layer, mask=layer.getchannel("A"))
    except _BROKEN:
        return None
    content = BytesIO()
    plain.save(content, "JPEG", quality=85)
    return content.getvalue()
