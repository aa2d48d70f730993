"""The application: engine in, pages out."""

from __future__ import annotations

import secrets
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_babel import Babel

from webui import (
    access,
    assets,
    away,
    cookies,
    errors,
    events,
    frame,
    headers,
    metrics,
    offline,
    practice,
    readable,
    requests,
    rest,
    shown,
    times,
    viewing,
    words,
)

if TYPE_CHECKING:
    from engine.engine import Engine

PAGES = (
    "signin",
    "provider",
    "account",
    "audit",
    "inbox",
    "task",
    "batch",
    "offline",
    "record",
    "replay",
    "records",
    "sheet",
    "prints",
    "board",
    "start",
    "processes",
    "heat",
    "modeler",
    "versions",
    "simulation",
    "incidents",
    "jobs",
    "people",
    "notifications",
    "references",
    "calendar",
    "files",
    "health",
    "metrics",
)


def create_app(engine: Engine, **config: Any) -> Flask:
    """The web application over an open engine. `config` overrides Flask's configuration (tests, `serve`).

    With `DEBUG` there is one page more, `/patterns`, which shows every piece of the interface.
    """
    app = Flask("webui", root_path=str(Path(__file__).parent))
    app.config.update(_defaults(engine))
    cookies.register(app, engine.machinery.settings.sign_in)
    app.config.update(config)
    app.extensions["engine"] = engine
    _extensions(app)
    app.jinja_env.filters.update(shown.FILTERS)
    app.jinja_env.filters.update(
        parts=practice.parts,
        event=events.sentence,
        event_details=events.details,
        event_tone=events.tone,
        error_text=words.tell,
        finding_text=words.finding_text,
        finding_remedy=words.finding_remedy,
    )
    app.jinja_env.globals.update(
        asset=assets.asset,
        submission=access.submission,
        signature=access.signature,
        reading=words.reading,
        **frame.WORDS,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(frame.values)
    requests.register(app)
    viewing.register(app)
    metrics.register(app)
    headers.register(app)
    assets.register(app)
    readable.register(app)
    errors.register(app)
    away.register(app)
    offline.register(app)
    for name in (*PAGES, *(("patterns",) if app.debug or app.config["DEBUG"] else ())):
        app.register_blueprint(import_module(f"webui.{name}").pages)
    rest.register(app)
    return app


def _defaults(engine: Engine) -> dict[str, Any]:
    return {
        "SECRET_KEY": engine.machinery.settings.sign_in.secret_key,
        # Room for a file that is too large: its form is given back with the error at its field.
        "MAX_CONTENT_LENGTH": 2 * engine.machinery.settings.max_attachment_bytes + 4 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 8 * 1024 * 1024,
        "MAX_FORM_PARTS": 20_000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "BABEL_DEFAULT_LOCALE": "en",
        "LOCALE_DIR": Path(__file__).parent.parent / "processes" / "locale",
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_HEADERS_ENABLED": True,
    }


def _extensions(app: Flask) -> None:
    Babel(app, locale_selector=words.language, timezone_selector=lambda: str(times.zone()))
    access.csrf.init_app(app)
    access.logins.init_app(app)
    access.limiter.init_app(app)


def session_key(directory: Path) -> str:
    """The key that signs sessions, kept beside the data so that a restart signs nobody out."""
    path = directory / "session.key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
