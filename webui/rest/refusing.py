"""Errors in Camunda 7's form: `type` is the name of an exception, `message` says what is wrong, `code` a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from engine.definitions.findings import Finding, Level
from engine.errors import (
    Conflict,
    DeploymentRefused,
    Forbidden,
    FormInvalid,
    GendanError,
    ModelError,
    NotFound,
    NotKept,
    Unavailable,
)
from engine.identity import SignInRefused
from webui.rest.shapes import encode

_log = structlog.get_logger(__name__)
_KINDS: tuple[tuple[type[GendanError], int, str], ...] = (
    (SignInRefused, 401, "AuthenticationException"),
    (Forbidden, 403, "AuthorizationException"),
    (NotFound, 404, "InvalidRequestException"),
    (Conflict, 409, "RestException"),
    (ModelError, 409, "RestException"),
    (NotKept, 503, "RestException"),
    (Unavailable, 503, "RestException"),
    (DeploymentRefused, 400, "ParseException"),
)
REALM = 'Basic realm="engine-rest", charset="UTF-8"'


class Refused(Exception):
    """An answer that only this interface gives."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        self.status = status
        self.kind = kind
        super().__init__(message)


def invalid(message: str, status: int = 400) -> Refused:
    """The request cannot be understood."""
    return Refused(status, "InvalidRequestException", message)


def unsupported(message: str) -> Refused:
    """Camunda 7 has this and Gendan has not; `message` is the reason and what to do instead."""
    return Refused(501, "NotSupportedException", message)


def register(blueprint: Blueprint) -> None:
    """Let this module answer every error of the blueprint."""
    blueprint.register_error_handler(Refused, _of_interface)
    blueprint.register_error_handler(GendanError, of_engine)
    blueprint.register_error_handler(HTTPException, _of_http)
    blueprint.register_error_handler(Exception, _unforeseen)


def of_engine(error: GendanError) -> Response:
    """The answer to an error of the engine."""
    status, kind = next(
        ((code, name) for each, code, name in _KINDS if isinstance(error, each)), (400, "InvalidRequestException")
    )
    more: dict[str, Any] = {"details": _report(error)} if isinstance(error, DeploymentRefused) else {}
    response = answer(status, kind, _said(error), more)
    if status == 401 and "Sec-Fetch-Mode" not in request.headers:
        # Programs only: a browser that is asked for a password would send it with what other sites make it ask.
        response.headers["WWW-Authenticate"] = REALM
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def answer(status: int, kind: str, message: str, more: Mapping[str, Any] | None = None) -> Response:
    """An error as it is sent."""
    content = encode({"type": kind, "message": message, "code": 0, **(more or {})})
    return Response(content, status, mimetype="application/json")


def _of_interface(error: Refused) -> Response:
    return answer(error.status, error.kind, str(error))


def _of_http(error: HTTPException) -> Response:
    code = error.code or 500
    kind = "InvalidRequestException" if code < 500 else "RestException"
    response = answer(code, kind, error.description or error.name)
    response.headers.extend([pair for pair in error.get_headers() if pair[0] in {"Allow", "Retry-After"}])
    return response


def _unforeseen(error: Exception) -> Response:
    # Its type and where it was raised; its text may quote what people wrote (`engine.logs`).
    _log.error("request failed", method=request.method, route=str(request.url_rule or ""), error=error)
    return answer(500, "ProcessEngineException", "Something failed on our side; it stands in the log of the server.")


def _said(error: GendanError) -> str:
    if isinstance(error, FormInvalid):
        return "; ".join(f"{path}: {found[0]}" for path, found in error.errors.items())
    return str(error)


def _report(error: DeploymentRefused) -> dict[str, Any]:
    """The findings by file, as Camunda Modeler shows them at their elements."""
    report: dict[str, Any] = {}
    for finding in error.findings:
        if isinstance(finding, Finding):
            lists = report.setdefault(finding.file, {"errors": [], "warnings": []})
            lists["errors" if finding.level is Level.ERROR else "warnings"].append(_problem(finding))
    return report


def _problem(finding: Finding) -> dict[str, Any]:
    ids = [finding.element_id] if finding.element_id else []
    return {
        "message": str(finding),
        "line": finding.line,
        "column": 0,
        "mainElementId": finding.element_id or None,
        "elementIds": ids,
    }
