"""The functions by which expressions ask the practice and the database, with their help for the modelling guide."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from engine.connectors.reader import Reader
from engine.expressions.context import Context, Function, Parameter
from engine.values import Value


class ReaderContext(Context, Protocol):
    """What these functions need of their context."""

    @property
    def reader(self) -> Reader:
        """Queries on the practice and the open connection."""
        ...


def _setting(context: ReaderContext, name: str) -> Value:
    return context.reader.setting(name)


def _lookup(context: ReaderContext, list_id: str, key: Value) -> Value:
    return None if key is None else context.reader.lookup(list_id, str(key))


def _record_field(context: ReaderContext, name: str, key: str | None = None) -> Value:
    return context.reader.record_field(name, key or "")


def _people(context: ReaderContext, group: str) -> Value:
    return list(context.reader.people(group.removeprefix("group:")))


def _person_name(context: ReaderContext, user_id: str) -> Value:
    return context.reader.person_name(user_id)


def _groups_of(context: ReaderContext, user_id: str) -> Value:
    return list(context.reader.groups_of(user_id))


def _downtime(context: ReaderContext, start: datetime, end: datetime) -> Value:
    return context.reader.downtime(start, end)


FUNCTIONS: tuple[Function, ...] = (
    Function(
        "setting", (Parameter("name", "string"),), "any",
        'A setting of settings.yaml. setting("repush_after_hours")',
        'settings.yaml 中的设置。setting("repush_after_hours")', _setting,
    ),
    Function(
        "lookup", (Parameter("list", "string"), Parameter("key", "any")), "context",
        'An item of a reference list with its columns, key and label, or null. lookup("borrower", b).class',
        '基础资料中的一项（各列、key、label），没有则为 null。lookup("borrower", b).class', _lookup,
    ),
    Function(
        "record_field", (Parameter("name", "string"), Parameter("key", "string", True)), "any",
        "A published field (or status) of the own record, or of the one with this key.",
        "本记录（或指定记录号的记录）已发布的字段或 status。", _record_field,
    ),
    Function(
        "people", (Parameter("group", "string"),), "list",
        "The ids of the active members of a group.", "某组在职人员的编号列表。", _people,
    ),
    Function(
        "person_name", (Parameter("id", "string"),), "string",
        "The name of a person.", "人员的姓名。", _person_name,
    ),
    Function(
        "groups_of", (Parameter("id", "string"),), "list",
        "The ids of the groups a person belongs to.", "人员所属各组的编号。", _groups_of,
    ),
    Function(
        "downtime", (Parameter("from", "date and time"), Parameter("to", "date and time")), "days and time duration",
        "How long between two moments the engine was not running.", "两个时刻之间系统停机的时长。", _downtime,
    ),
)  # fmt: skip
"""Offered to expressions beside the built-in functions and those of working time."""
