"""For load balancers and monitors: is it alive, can it do its work. Nothing else is told, and nobody signs in."""

from __future__ import annotations

import structlog
from flask import Blueprint
from flask.typing import ResponseReturnValue

from webui.access import engine

pages = Blueprint("health", __name__)
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
_log = structlog.get_logger(__name__)


@pages.get("/health")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return "alive\n", 200, _PLAIN


@pages.get("/ready")
def ready() -> ResponseReturnValue:
    """The database is reached, its schema is that of this release, and an engine says that it runs."""
    missing = engine().figures.unready()
    if missing:
        _log.warning("not ready", missing=missing)
        return "not ready\n", 503, _PLAIN
    return "ready\n", 200, _PLAIN
