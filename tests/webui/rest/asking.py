"""Requests for every operation of the interface: addresses and bodies with given ids in every place that takes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from webui import rest
from webui.rest.operation import Operation, lists_in

PLAIN = {
    "workerId": "w", "maxTasks": 5, "topics": [], "lockDuration": 1000, "newDuration": 1000, "retries": 1,
    "messageName": "close_conduct", "name": "close_conduct", "suspended": True, "userId": "chen", "message": "x",
    "errorCode": "x", "topicName": "x", "duedate": None, "delegationState": "PENDING", "groupId": "head",
    "type": "candidate", "value": "x", "priority": 1, "cascade": False,
}  # fmt: skip
"""A value for every field that must be given, by its name."""


@dataclass(frozen=True)
class Request:
    """One request."""

    method: str
    path: str
    query: Mapping[str, Any]
    body: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.query)} {self.body}"


def operations() -> Iterator[Operation]:
    """All of them."""
    for resource in rest.resources():
        yield from resource.operations


def requests(operation: Operation, arguments: Mapping[str, str], ids: Mapping[str, str]) -> Iterator[Request]:
    """The plain request of an operation, and one more for each place of query or body that takes one of `ids`."""
    path = operation.template
    for name, value in arguments.items():
        path = path.replace("{" + name + "}", value)
    query: dict[str, Any] = {}
    for kind in operation.queries.values():
        query |= needed(kind)
    body = None if operation.body is None else needed(operation.body)
    yield Request(operation.method, path, query, body)
    for kind in operation.queries.values():
        for name in fields(kind) & ids.keys():
            yield Request(operation.method, path, {**query, name: ids[name]}, body)
    if is_struct(operation.body):
        several = lists_in(operation.body)
        for name in fields(operation.body) & ids.keys():
            value = [ids[name]] if name in several else ids[name]
            yield Request(operation.method, path, query, {**(body or {}), name: value})


def fields(kind: Any) -> set[str]:
    """The names of a struct's fields, as they are written."""
    return {each.encode_name for each in msgspec.structs.fields(kind)}


def needed(kind: Any) -> dict[str, Any]:
    """The least that a struct takes."""
    if not is_struct(kind):
        return {}
    return {
        each.encode_name: PLAIN.get(each.encode_name, "1") for each in msgspec.structs.fields(kind) if each.required
    }


def is_struct(kind: Any) -> bool:
    """Whether fields can be asked of it."""
    return not get_args(kind) and isinstance(kind, type) and issubclass(kind, msgspec.Struct)
