"""An operation: a method and a path of Camunda 7's, and the typed function that answers it.

The signature is the contract. A parameter named as in the path is a text; `body` is read from JSON; every other one is
a struct read from the query string; what is returned becomes JSON, None an answer without content. The view and the
OpenAPI document are both made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from flask import Response, request
from flask.typing import ResponseReturnValue

from webui.rest.absent import unknown
from webui.rest.refusing import invalid, unsupported
from webui.rest.shapes import convert, decode, encode, prepare

_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_PACKAGE = f"{__name__.rpartition('.')[0]}."
_NUL = b"\\u0000"
_NOT_JSON = (None, type(None), Response)
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operation:
    """`consumes` describes a body that is no JSON (a JSON schema by media type), `produces` is the media type of an
    answer that is none."""

    method: str
    path: str
    handler: Callable[..., Any]
    queries: Mapping[str, Any]
    body: Any
    answer: Any
    consumes: Mapping[str, Mapping[str, Any]]
    produces: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(_ARGUMENT.findall(self.path))

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return _ARGUMENT.sub(r"{\1}", self.path)

    @property
    def name(self) -> str:
        """Its name among all operations."""
        return f"{self.handler.__module__.removeprefix(_PACKAGE).partition('.')[0]}.{self.handler.__name__.rstrip('_')}"

    def view(self, **arguments: str) -> ResponseReturnValue:
        """Parse, call, answer."""
        accepted = request.accept_mimetypes
        if accepted and not accepted["application/json"] and self.answer not in _NOT_JSON:
            raise unsupported("What is answered is application/json; send Accept: application/json.")
        given: dict[str, Any] = {**arguments, **_queries(self.queries)}
        if self.body is not None:
            given["body"] = _body(self.body)
        found = self.handler(**given)
        if isinstance(found, Response):
            return found
        if found is None:
            return Response(status=HTTPStatus.NO_CONTENT, content_type="")
        return Response(encode(found), mimetype="application/json")


@dataclass(frozen=True, slots=True)
class Resource:
    """The operations of one resource of Camunda 7's; a module or a package has one and decorates its functions with
    it."""

    title: str
    operations: list[Operation] = field(default_factory=list)

    def get(self, path: str, produces: str = "") -> Callable[[Handler], Handler]:
        """Answer GET."""
        return self._of("GET", path, produces=produces)

    def post(
        self, path: str, consumes: Mapping[str, Mapping[str, Any]] | None = None, produces: str = ""
    ) -> Callable[[Handler], Handler]:
        """Answer POST."""
        return self._of("POST", path, consumes, produces)

    def put(self, path: str, consumes: Mapping[str, Mapping[str, Any]] | None = None) -> Callable[[Handler], Handler]:
        """Answer PUT."""
        return self._of("PUT", path, consumes)

    def delete(self, path: str) -> Callable[[Handler], Handler]:
        """Answer DELETE."""
        return self._of("DELETE", path)

    def _of(
        self, method: str, path: str, consumes: Mapping[str, Mapping[str, Any]] | None = None, produces: str = ""
    ) -> Callable[[Handler], Handler]:
        def decorate(handler: Handler) -> Handler:
            hints = get_type_hints(handler)
            answer, body = hints.pop("return"), hints.pop("body", None)
            queries = {name: kind for name, kind in hints.items() if name not in _ARGUMENT.findall(path)}
            for kind in filter(None, (body, *queries.values())):
                prepare(kind)
            self.operations.append(Operation(method, path, handler, queries, body, answer, consumes or {}, produces))
            return handler

        return decorate


def lists_in(kind: Any) -> frozenset[str]:
    """The fields of a query that hold several values, as they are written."""
    return frozenset(each.encode_name for each in msgspec.structs.fields(kind) if _is_list(each.type))


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple or any(_is_list(each) for each in get_args(kind))


def _queries(kinds: Mapping[str, Any]) -> dict[str, Any]:
    """The query string as structs; a name that none of them has is refused, since ignoring a filter tells more rows
    than were asked for."""
    left = {name: request.args.getlist(name) for name in request.args}
    found = {}
    for parameter, kind in kinds.items():
        several = lists_in(kind)
        texts: dict[str, Any] = {}
        for each in msgspec.structs.fields(kind):
            values = left.pop(each.encode_name, None)
            if values is None:
                continue
            if each.encode_name in several:
                texts[each.encode_name] = [one for value in values for one in value.split(",") if one]
            elif len(values) > 1:
                raise invalid(f"The parameter {each.encode_name} was given {len(values)} times.")
            else:
                texts[each.encode_name] = values[0]
        found[parameter] = _parsed(partial(convert, texts, kind), "query string")
    if left:
        raise unknown(sorted(left))
    return found


def _body(kind: Any) -> Any:
    data = request.get_data(cache=True)
    if _NUL in data:
        raise invalid("The body holds a NUL character, which no text of ours has.")
    if data and not request.is_json:
        raise invalid("The body is read as JSON; send Content-Type: application/json.", 415)
    found = _parsed(partial(decode, data or b"{}", Any), "body")
    return _parsed(partial(convert, _said(found, kind), kind, strict=True), "body")


def _said(given: Any, kind: Any) -> Any:
    """What an object says, without what stands in it for nothing: clients write every field they know, with null.
    Raises Refused for what is not known or not supported."""
    if not isinstance(given, dict):
        return given
    known = {each.encode_name: each.type for each in msgspec.structs.fields(kind)}
    if left := sorted(name for name, value in given.items() if name not in known and _says(value)):
        raise unknown(left)
    return {name: _each(value, known[name]) for name, value in given.items() if name in known and value is not None}


def _says(value: Any) -> bool:
    return value is not None and value is not False and value not in ([], {})


def _each(value: Any, kind: Any) -> Any:
    """The same for each of a list of objects."""
    of = next((get_args(each)[0] for each in (kind, *get_args(kind)) if get_origin(each) is tuple), None)
    several = isinstance(value, list) and isinstance(of, type) and issubclass(of, msgspec.Struct)
    return [_said(each, of) for each in value] if several else value


def _parsed(parse: Callable[[], Any], where: str) -> Any:
    try:
        return parse()
    except msgspec.MsgspecError as error:
        raise invalid(f"The {where} cannot be read: {error}") from error
    except RecursionError as error:
        raise invalid(f"The {where} is nested too deeply.") from error
