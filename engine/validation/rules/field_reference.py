"""A field that chooses from a list, a record or a currency names it: the name must exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.definitions.findings import Level
from engine.definitions.model import FormField, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Reference fields without a list, lists that the practice does not have, currency fields not in the form."""
    around = subject.practice.surroundings
    lists = None if around is None else {*around.references, *around.records, *_groups(around.groups)}
    for place in subject.places:
        for field in place.node.form:
            if reason := _wrong(field, place.node, lists):
                yield Found(
                    at(place.node, field.line), reason, "Name one that exists.",
                    {"id": field.id, "list": field.properties.get("reference", ""),
                     "currency": field.properties.get("currencyField", "")},
                )  # fmt: skip


def _wrong(field: FormField, node: Node, lists: set[str] | None) -> str:
    name = field.properties.get("reference", "")
    if field.type == "reference" and not name:
        return "The field %(id)s names no list (property `reference`)."
    if name and "${" not in name and lists is not None and name.removeprefix("record:") not in lists:
        return "The list %(list)s of field %(id)s is unknown."
    currency = field.properties.get("currencyField", "")
    table = field.id.partition(".")[0] + "." if "[]" in field.id else ""
    ids = {other.id for other in node.form}
    if currency and currency not in ids and table + currency not in ids:
        return "The currency field %(currency)s of field %(id)s is not in the form."
    return ""


def _groups(groups: Iterable[str]) -> Iterator[str]:
    """Fields of type user may be limited to the members of a group, as `group:id`."""
    return (f"group:{each}" for each in groups)


RULE = Rule("field-reference", Level.ERROR, check)
