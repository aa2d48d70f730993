"""The answer while the database is away: in the right status, and made without asking the database anything."""

from __future__ import annotations

import structlog
from flask import Flask, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from engine.errors import Unavailable
from webui.words import LANGUAGES, gettext, tell

_log = structlog.get_logger(__name__)
_SECONDS = "5"


def register(app: Flask) -> None:
    """Answer for the database."""
    page = app.jinja_env.get_template("error/away.html")

    def answer(error: Unavailable) -> ResponseReturnValue:
        _log.warning("the database is away", path=request.path, error=str(error.__cause__).partition("\n")[0])
        chosen = session.get("language") or request.accept_languages.best_match(list(LANGUAGES), "zh")
        with force_locale(str(chosen)):
            # Rendered apart from the frame, whose counts and names are in the database.
            text = page.render(
                title=gettext("The database is away"),
                text=tell(error),
                next=gettext("Send it again in a moment: what was done already is not done twice."),
                language=chosen,
            )
        response = make_response(text, 503)
        response.headers["Retry-After"] = _SECONDS
        return response

    app.register_error_handler(Unavailable, answer)
