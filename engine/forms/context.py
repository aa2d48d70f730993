"""What a form asks of its surroundings beside the time: whether what it is given exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from engine.expressions import Context
from engine.values import Value


class FormContext(Context, Protocol):
    """The context of expressions, able to look things up."""

    def has_item(self, list_id: str, key: str) -> bool:
        """Whether a reference list has an active item with this key."""
        ...

    def has_person(self, user_id: str, group: str = "") -> bool:
        """Whether there is an active person with this id, with `group` one who belongs to it."""
        ...

    def has_record(self, record_type: str, business_key: str) -> bool:
        """Whether there is a record of this type with this key (`record_type` may be empty: of any)."""
        ...

    def stored_file(self, given: str | Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The file value (`file`, `name`, `type`, `size`) of an upload, by its id, its digest, or its value; None when
        it is not there or not the actor's to use."""
        ...
