"""A line of the log a request: which, by whom (a pseudonym), how it ended, how long it took; with an id that every line
written meanwhile carries and the answer tells."""

from __future__ import annotations

import re
import secrets
from time import perf_counter

import structlog
from flask import Flask, Response, g, request

from engine.watching import pseudonym

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_QUIET = frozenset({"static", "health.alive", "health.ready", "metrics.show"})
_log = structlog.get_logger("gendan.http")


def register(app: Flask) -> None:
    """Tell of every request of the application but those of monitors and for files of the pages."""
    key = app.extensions["engine"].machinery.settings.history_key

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        g.began_at = perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint not in _QUIET:
            # Asked for only if somebody has asked already; a program is known by its own proof.
            person = g.get("program") or getattr(g.get("_login_user"), "person", None)
            _log.info(
                "request",
                method=request.method,
                route=str(request.url_rule or "none"),
                status=response.status_code,
                ms=round((perf_counter() - g.began_at) * 1000, 1),
                **({"person": pseudonym(key, person.id)} if person is not None else {}),
            )
        return response

    @app.teardown_request
    def over(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()
