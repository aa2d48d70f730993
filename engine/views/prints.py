"""Printed sheets as a viewer may have them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.practice import Print
from engine.views.fields import FieldValue


@dataclass(frozen=True, slots=True)
class PrintOffer:
    """A sheet that can be printed of one instance of a record, in the version of that instance."""

    sheet: Print
    instance_id: int
    number: str


@dataclass(frozen=True, slots=True)
class PrintSource:
    """What a sheet is filled with besides its record: the published fields of its instance."""

    offer: PrintOffer
    own: tuple[FieldValue, ...]
