"""Filters that several lists have: one value or several, one or its contrary, moments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from webui import readable
from webui.rest import ids
from webui.rest.refusing import invalid
from webui.rest.shapes import Moment

Urgency = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
"""A priority that a filter compares with."""


def both(one: str | None, several: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The values that fit both a filter for one and one for several."""
    if one is None:
        return several
    return (one,) if several is None or one in several else ()


def numbers(texts: tuple[str, ...] | None) -> tuple[int, ...] | None:
    """The numbers of ids; what is none of ours is nobody's."""
    if texts is None:
        return None
    return tuple(each for each in map(readable.whole, texts) if each is not None)


def either(yes: bool, no: bool, what: str) -> bool | None:
    """Of a filter and its contrary. Raises Refused when both are wanted."""
    if yes and no:
        raise invalid(f"{what} and its contrary exclude each other.")
    return True if yes else False if no else None


def definition(id: str | None) -> int | None:
    """The number of a definition; what is no id of one is nobody's."""
    return None if id is None else ids.definition_number(id) or 0


def read(given: Moment | None) -> datetime | None:
    """The moment of a filter."""
    return None if given is None else given.at
