"""Logs: one line an event on the error stream, for people or (GENDAN_LOG_FORMAT=json) for machines.

No line holds what people write or who they are by name. Only keys named here are written; of an error its type and
where it was raised, never its text, since texts quote values; a person is a keyed digest of the user id
(`gendan user log-id`). GENDAN_DEBUG=1 writes everything, for a developer's own machine.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from traceback import extract_tb
from typing import Any

import structlog

from engine.errors import Invalid

Event = MutableMapping[str, Any]

_WRITTEN = frozenset(
    {
        *("event", "level", "timestamp", "request", "method", "route", "status", "ms"),
        *("person", "on_behalf_of", "action", "instance", "record", "element", "code", "stuck", "missing"),
        *("error", "where", "message", "timer", "job", "count", "worker", "kind", "state", "tries", "logger"),
    }
)
_TYPE = re.compile(r"[A-Za-z_][\w.]*")
_FRAME = re.compile(r'File "(.+?)", line (\d+), in (\S+)')
_NOT_A_WORD = re.compile(r"[^\w.:@/<>{}|=+-]")
_LEVELS = ("debug", "info", "warning", "error")
_FRAMES = 12


def set_up() -> None:
    """Let structlog and Python's own logging write in one form. Raises Invalid for an unknown form or level."""
    form, level = os.environ.get("GENDAN_LOG_FORMAT", "console"), os.environ.get("GENDAN_LOG_LEVEL", "info").lower()
    if form not in ("console", "json") or level not in _LEVELS:
        raise Invalid(
            "GENDAN_LOG_FORMAT is %(form)s and GENDAN_LOG_LEVEL %(level)s. Use console or json, and one of %(levels)s.",
            form=form,
            level=level,
            levels=", ".join(_LEVELS),
        )
    debugging = bool(os.environ.get("GENDAN_DEBUG"))
    shown: list[Any] = [structlog.processors.JSONRenderer(ensure_ascii=False)]
    if form == "console":
        colours = sys.stderr.isatty()
        shown = [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([structlog.processors.format_exc_info] if debugging else [without_values]),
    ]
    structlog.configure(
        processors=[*shared, *shown],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _ErrorStream()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
            use_get_message=debugging,  # otherwise the words without what they are filled with
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _ErrorStream(logging.StreamHandler[Any]):
    """Writes to what is the error stream at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


def without_values(_logger: object, _method: str, event: Event) -> Event:
    """Keep what may be written: known keys with plain values, of errors the type and the places."""
    found: Event = {}
    trace = event.get("exc_info")
    error = trace[1] if isinstance(trace, tuple) else trace
    if isinstance(error, BaseException):
        event["error"] = error
    for name, value in event.items():
        if name == "event" or name.startswith("_"):
            found[name] = value
        elif name == "trace":
            found["where"] = _FRAME.findall(str(value))[-_FRAMES:]
        elif name == "error":
            found.update(_error(value))
        elif name in _WRITTEN:
            found[name] = value if isinstance(value, int | float | None) else _plain(value)
    return found


def _error(value: object) -> dict[str, object]:
    if not isinstance(value, BaseException):
        named = _TYPE.match(str(value))
        return {"error": named[0] if named else "error"}
    frames = extract_tb(value.__traceback__)[-_FRAMES:]
    return {
        "error": type(value).__name__,
        "where": [f"{os.path.relpath(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _NOT_A_WORD.sub("", str(value))[:200]
