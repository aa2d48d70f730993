"""Where the built front-end files are: the manifest that `npm run build` writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for
from whitenoise import WhiteNoise

from webui import headers

_HASHED = r"-[A-Z0-9]{8}\.\w+$"
_HOUR = 3600
_DIST = Path(__file__).parent / "static" / "dist"


def manifest() -> dict[str, str]:
    """Name as written in templates → name with content hash; empty before the first build, anew after each."""
    path = _DIST / "manifest.json"
    return _read(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=1)
def _read(path: Path, _built: int) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def text(name: str) -> str:
    """What stands in a built file; empty before the first build."""
    path = _DIST / manifest().get(name, name)
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def asset(name: str) -> str:
    """The URL of a built file. Before the first build it leads nowhere, and pages work without it."""
    return url_for("static", filename=f"dist/{manifest().get(name, name)}")


def register(app: Flask) -> None:
    """Serve the files of the pages compressed, without a session, and for good where their name holds a hash."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=app.static_folder,
        autorefresh=app.debug,
        prefix="static/",
        max_age=_HOUR,
        immutable_file_test=_HASHED,
        add_headers_function=headers.of_files,
    )
