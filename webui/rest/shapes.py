"""What travels: the three kinds of JSON objects, and moments as Camunda 7 writes them.

Each object of the interface is a frozen struct of one of these kinds. Reading one is the parse at the edge: unknown
names and wrong types are refused with their place; the OpenAPI document is made of the same structs.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from webui import times

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)?")


class Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a client sends as JSON."""


class Query(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a client sends in the query string; lists are written with commas."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is answered."""


class Count(Answer, frozen=True, kw_only=True):
    """How many there are."""

    count: int


class Link(Answer, frozen=True, kw_only=True):
    """How a thing can be reached."""

    method: str
    href: str
    rel: str


class Moment:
    """A moment; in JSON `2026-11-26T15:54:02.000+0800`, in the time zone of the house."""

    __slots__ = ("at",)

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and self.at == other.at

    def __hash__(self) -> int:
        return hash(self.at)

    def __str__(self) -> str:
        local = self.at.astimezone(times.zone())
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    @classmethod
    def read(cls, text: str) -> Moment:
        """The moment of a text; without an offset it is in the time zone of the house. Raises ValueError."""
        if not _WRITTEN.fullmatch(text):
            raise ValueError(f"{text!r} is no date and time such as 2026-11-26T15:54:02.000+0800")
        found = datetime.fromisoformat(text)
        return cls(found if found.tzinfo is not None else found.replace(tzinfo=times.zone()))


def moment(at: datetime | None) -> Moment | None:
    """A moment to answer with, when there is one."""
    return None if at is None else Moment(at)


def encode(value: object) -> bytes:
    """An answer as JSON; every digit of a number is kept."""
    return _ENCODER.encode(value)


def decode(data: bytes, kind: Any) -> Any:
    """The object of this kind that JSON holds. Raises msgspec.MsgspecError."""
    return msgspec.json.Decoder(kind, dec_hook=_read, float_hook=Decimal).decode(data)


def convert(given: Any, kind: Any, strict: bool = False) -> Any:
    """The object of this kind whose fields are given, unless `strict` as texts. Raises msgspec.ValidationError."""
    return msgspec.convert(given, kind, strict=strict, dec_hook=_read)


def prepare(kind: Any) -> None:
    """Let msgspec learn a kind while nobody asks yet: two requests that make it learn one at once end the process."""
    msgspec.json.Decoder(kind, dec_hook=_read)


def schemas(kinds: list[Any], place: str) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """The JSON schema of each kind, and those of all structs among them by name."""
    return msgspec.json.schema_components(kinds, ref_template=place, schema_hook=_schema)


def _read(kind: type, given: Any) -> Any:
    if kind is Moment:
        return Moment.read(given if isinstance(given, str) else repr(given))
    raise NotImplementedError


def _write(value: Any) -> str:
    if isinstance(value, Moment):
        return str(value)
    raise NotImplementedError


def _schema(kind: type) -> dict[str, Any]:
    if kind is Moment:
        return {"type": "string", "examples": ["2026-11-26T15:54:02.000+0800"]}
    raise NotImplementedError


_ENCODER = msgspec.json.Encoder(enc_hook=_write, decimal_format="number")
