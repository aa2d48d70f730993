"""A context that stands at 25 November 2026, 16:00 in Shanghai."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.expressions import Function, compile_expression


class Surroundings:
    def __init__(self, functions: Mapping[str, Function] | None = None) -> None:
        self.functions = functions or {}

    def now(self) -> datetime:
        return datetime(2026, 11, 25, 8, tzinfo=UTC)

    def zone(self) -> ZoneInfo:
        return ZoneInfo("Asia/Shanghai")


HERE = Surroundings()


def value_of(source: str, strict: bool = True, **names):
    return compile_expression(source).evaluate(names, HERE, strict)
