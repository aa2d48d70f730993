"""A context for what does not depend on one: constants of cells are evaluated in it when a file is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.expressions.context import Function


class _Static:
    functions: Mapping[str, Function] = {}

    def now(self) -> datetime:
        return datetime(1970, 1, 1, tzinfo=UTC)

    def zone(self) -> ZoneInfo:
        return ZoneInfo("UTC")


STATIC = _Static()
"""No functions, and a clock that stands: a constant asks for neither."""
