"""Filters that several lists have: one value or several, one or its contrary, moments."""

from __future__ import annotations

import re
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


def activity(activity: str | None, execution: str | None) -> tuple[str | None, tuple[int, int] | None]:
    """The element, and instance and token, of the ids of an activity (`element:instance:token`) and an execution; of
    two that exclude each other the element is nothing's."""
    one = None if execution is None else ids.execution_parts(execution)
    if activity is None:
        return None, one
    element, _, rest = activity.partition(":")
    found = ids.execution_parts(rest)
    return (element if one in (None, found) else ""), found


def like(pattern: str, text: str) -> bool:
    """Whether a text is like a pattern with `%` (anything) and `_` (one character), without regard to capitals;
    everything is like no pattern."""
    parts = (".*" if each == "%" else "." if each == "_" else re.escape(each) for each in pattern.casefold())
    return not pattern or re.fullmatch("".join(parts), text.casefold(), re.DOTALL) is not None
