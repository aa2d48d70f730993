"""A form's surroundings for tests: known items, people, records and files, and a standing clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.calendar import FUNCTIONS, WorkingCalendar, WorkingCalendars
from engine.definitions.model import EnumValue, FormField
from engine.expressions import Function
from engine.forms import Form, build_form
from engine.values import Value

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
PDF: dict[str, Value] = {"file": "ab12", "name": "scan.pdf", "type": "application/pdf", "size": Decimal(2_000_000)}
PHOTO: dict[str, Value] = {"file": "cd34", "name": "line.jpg", "type": "image/jpeg", "size": Decimal(900_000)}


class Surroundings:
    """Wednesday, 25 November 2026, 09:00 in Shanghai."""

    functions: Mapping[str, Function] = {function.name: function for function in FUNCTIONS}

    def now(self) -> datetime:
        return NOW

    def zone(self) -> ZoneInfo:
        return ZoneInfo("Asia/Shanghai")

    def calendar(self, name: str = "") -> WorkingCalendar:
        return WorkingCalendars().get(name)

    def has_item(self, list_id: str, key: str) -> bool:
        return (list_id, key) in {("customer", "C1"), ("customer", "C2")}

    def has_person(self, user_id: str, group: str = "") -> bool:
        return user_id in {"anna", "hugo"} and (group == "" or (user_id, group) == ("hugo", "head"))

    def has_record(self, record_type: str, business_key: str) -> bool:
        return (record_type, business_key) == ("sample", "S26-001")

    def stored_file(self, given: str | Mapping[str, Value]) -> Mapping[str, Value] | None:
        key = given if isinstance(given, str) else str(given.get("file"))
        return {"ab12": PDF, "cd34": PHOTO}.get(key)


def field(id_: str, type_: str, label: str = "", values: str = "", required: bool = False, **rest: str) -> FormField:
    """A form field as the modeler writes it: `values` are option ids, `c_…` constraints, other keys properties."""
    constraints = {name[2:]: text for name, text in rest.items() if name.startswith("c_")}
    if required:
        constraints["required"] = ""
    properties = {name: text for name, text in rest.items() if not name.startswith("c_") and name != "default_value"}
    options = tuple(EnumValue(value, value.capitalize()) for value in values.split())
    return FormField(
        id_, label or id_.capitalize(), type_, rest.get("default_value", ""), options, constraints, properties, 7
    )


def form(*fields: FormField) -> Form:
    return build_form(fields)
