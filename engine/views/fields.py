"""What lists and pages show of published fields and counts."""

from __future__ import annotations

from dataclasses import dataclass

from engine.values import Value


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A published field of a record: its name, label from the practice, type and value.

    `text` are the words for a value that is a key (label of a choice, name of a person or of a reference item);
    empty when the value speaks for itself. `tone` is how a choice is marked when its values weigh differently:
    `red`, `amber`, `green`, `grey`, or `level1` to `level3`; empty without one.
    """

    name: str
    label: str
    type: str
    value: Value
    text: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A number for a chip; `more` when it stopped counting at 999."""

    key: str
    label: str
    number: int
    more: bool = False
