"""Where the built front-end files are: the manifest that `npm run build` writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import url_for

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
