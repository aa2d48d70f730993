"""The OpenAPI document of the interface, made of the operations themselves."""

from __future__ import annotations

from functools import cache
from inspect import getdoc
from typing import Any

import msgspec
from flask import Response

from webui.rest.operation import Operation, lists_in
from webui.rest.shapes import Answer, encode, schemas

_PLACE = "#/components/schemas/{name}"
_JSON = "application/json"


class ExceptionDto(Answer, frozen=True, kw_only=True, rename={"kind": "type"}):
    """What is answered when something is wrong."""

    kind: str
    message: str
    code: int


def show() -> Response:
    """The document."""
    return Response(text(), mimetype=_JSON)


@cache
def text() -> bytes:
    """The document as JSON; it is the same for everybody."""
    return encode(document())


def document() -> dict[str, Any]:
    """The document."""
    from webui import rest

    operations = [(each.title, one) for each in rest.resources() for one in each.operations]
    kinds = _Kinds([one for _, one in operations])
    paths: dict[str, dict[str, Any]] = {}
    for title, operation in operations:
        paths.setdefault(operation.template, {})[operation.method.lower()] = _described(title, operation, kinds)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gendan, by the REST interface of Camunda 7",
            "version": "7.21.0",
            "description": "What is supported and where it differs: docs/rest.md. All else of Camunda 7 answers 501.",
        },
        "servers": [{"url": prefix} for prefix in rest.PREFIXES.values()],
        "security": [{"basic": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": kinds.components,
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


class _Kinds:
    """The schemas of everything that operations take and give."""

    def __init__(self, operations: list[Operation]) -> None:
        kinds = [ExceptionDto]
        for each in operations:
            answered = () if each.produces else (each.answer,)
            kinds += [kind for kind in (each.body, *answered, *each.queries.values()) if _is_json(kind)]
        found, self.components = schemas(kinds, _PLACE)
        self._found = list(zip(kinds, found, strict=True))

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of one."""
        return next(schema for each, schema in self._found if each is kind or each == kind)

    def fields(self, kind: Any) -> tuple[dict[str, Any], set[str]]:
        """The schemas of the fields of a struct, and those that must be given."""
        whole = self.components[self.of(kind)["$ref"].rpartition("/")[2]]
        return whole.get("properties", {}), set(whole.get("required", ()))


def _is_json(kind: Any) -> bool:
    return kind not in (None, type(None))


def _described(title: str, operation: Operation, kinds: _Kinds) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [title],
        "summary": (getdoc(operation.handler) or "").partition("\n")[0],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in operation.arguments
        ],
        "responses": {**_answered(operation, kinds), "default": _error(kinds)},
    }
    for kind in operation.queries.values():
        found["parameters"] += _parameters(kind, kinds)
    if operation.consumes:
        content = {media: {"schema": schema} for media, schema in operation.consumes.items()}
        found["requestBody"] = {"required": True, "content": content}
    elif operation.body is not None:
        found["requestBody"] = {"content": {_JSON: {"schema": kinds.of(operation.body)}}}
    return found


def _parameters(kind: Any, kinds: _Kinds) -> list[dict[str, Any]]:
    properties, required = kinds.fields(kind)
    several = lists_in(kind)
    return [
        {
            "name": each.encode_name,
            "in": "query",
            "required": each.encode_name in required,
            "schema": _without_null(properties[each.encode_name]),
            **({"style": "form", "explode": False} if each.encode_name in several else {}),
        }
        for each in msgspec.structs.fields(kind)
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or is not: the query string knows no null."""
    if "anyOf" not in schema:
        return schema
    (only, *others) = [each for each in schema["anyOf"] if each != {"type": "null"}]
    return {"anyOf": [only, *others]} if others else only


def _answered(operation: Operation, kinds: _Kinds) -> dict[str, Any]:
    if operation.produces:
        return {"200": {"description": "Found.", "content": {operation.produces: {"schema": {"type": "string"}}}}}
    if not _is_json(operation.answer):
        return {"204": {"description": "Done."}}
    return {"200": {"description": "Done.", "content": {_JSON: {"schema": kinds.of(operation.answer)}}}}


def _error(kinds: _Kinds) -> dict[str, Any]:
    return {"description": "Refused.", "content": {_JSON: {"schema": kinds.of(ExceptionDto)}}}
