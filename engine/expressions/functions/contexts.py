"""Functions of contexts (named values)."""

from __future__ import annotations

from typing import Any

from engine.expressions.context import Context
from engine.expressions.frame import Unfit
from engine.expressions.functions.declare import feel


@feel(
    "contexts", "get value(context: context, key: string)", "any",
    en="The member of a context, or null.", zh="取上下文中某成员的值。",
)  # fmt: skip
def _get_value(_: Context, found: dict[str, Any], key: str) -> Any:
    return found.get(key)


@feel(
    "contexts", "get entries(context: context)", "list",
    en="A list of {key, value}.", zh="列出上下文的键和值。",
)  # fmt: skip
def _get_entries(_: Context, found: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in found.items()]


@feel(
    "contexts", "context put(context: context, key: string, value: any)", "context",
    en="The context with a member set.", zh="设置上下文的一个成员。",
)  # fmt: skip
def _put(_: Context, found: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**found, key: value}


@feel(
    "contexts", "context merge(contexts: list)", "context",
    en="Contexts in one; of equal members the last.", zh="合并上下文；同名成员取最后一个。",
)  # fmt: skip
def _merge(_: Context, parts: list[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in parts:
        if not isinstance(part, dict):
            raise Unfit("context merge needs a list of contexts.")
        made |= part
    return made


@feel(
    "contexts", "context(entries: list)", "context",
    en="A context of a list of {key, value}.", zh="由 {key, value} 列表构成上下文。",
)  # fmt: skip
def _context(_: Context, entries: list[Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in entries:
        key = entry.get("key") if isinstance(entry, dict) else None
        if not isinstance(key, str) or key in made:
            raise Unfit("context needs a list of {key, value} with different keys.")
        made[key] = entry.get("value")
    return made
