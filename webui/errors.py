"""One renderer for everything that goes wrong: in the frame, or as a fragment, in plain words with what to do next."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import Conflict, Forbidden, GendanError, Invalid, ModelError, NotFound, NotKept
from webui.words import gettext, tell

_STATUS: tuple[tuple[type[GendanError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (NotKept, 503),
    (ModelError, 409),
    (Invalid, 422),
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the error page says: what happened, and what to do next."""

    status: int
    title: str
    text: str
    next: str


def register(app: Flask) -> None:
    """Let this module answer every error of the application."""
    app.register_error_handler(GendanError, _of_engine)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def status(error: GendanError) -> int:
    """The HTTP status of an error of the engine."""
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 422)


def _of_engine(error: GendanError) -> ResponseReturnValue:
    code = status(error)
    title, after = _words(code)
    return _answer(Trouble(code, title, tell(error), after))


def _of_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, CSRFError):
        text = gettext("This page was opened in another session, so nothing was saved.")
        return _answer(
            Trouble(400, gettext("Please send it again"), text, gettext("Go back, reload the page and send."))
        )
    title, after = _words(error.code)
    response = make_response(_answer(Trouble(error.code, title, _said(error.code), after)))
    if error.code in {405, 429}:
        response.headers.extend([pair for pair in error.get_headers() if pair[0] in {"Allow", "Retry-After"}])
    return response


def _unforeseen(error: Exception) -> ResponseReturnValue:
    # Its type and where it was raised; its text may quote what people wrote (`engine.logs`).
    _log.error("page failed", method=request.method, route=str(request.url_rule or ""), error=error)
    title, after = _words(500)
    return _answer(Trouble(500, title, _said(500), after))


def _answer(trouble: Trouble) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        headers = {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}
        return render_template("error/_notice.html", trouble=trouble), trouble.status, headers
    return render_template("error/show.html", trouble=trouble), trouble.status


def _words(code: int) -> tuple[str, str]:
    words = {
        403: (gettext("You may not do this"), gettext("If you need it, ask somebody who may change your groups.")),
        404: (gettext("Nothing found here"), gettext("Check the address, or search for the number.")),
        405: (gettext("This address is for a button"), gettext("Open the page and use its button.")),
        409: (gettext("It has changed meanwhile"), gettext("Look at how it stands now, then decide.")),
        413: (gettext("Too much at once"), gettext("Send fewer or smaller files.")),
        422: (gettext("This cannot be done as sent"), gettext("Go back, change what is said above and send it again.")),
        429: (gettext("Too many tries"), gettext("Wait a minute, then try again.")),
        503: (gettext("This does not work just now"), gettext("Try again in a while.")),
        500: (gettext("Something failed on our side"), gettext("Nothing was saved. Try again; if it stays, tell IT.")),
    }
    return words.get(code, (gettext("This did not work"), gettext("Go back and try again.")))


def _said(code: int) -> str:
    said = {
        404: gettext("There is no such page, or you may not know of it."),
        405: gettext("It was opened as a page, but only does something when its button is pressed."),
        413: gettext("What you sent is larger than the server accepts."),
        429: gettext("For safety, tries are limited for a while."),
        500: gettext("The error has been written to the log of the server."),
    }
    return said.get(code, gettext("The request could not be understood."))
