"""The columns of a table are fields named `table[].column`: both must be there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import FormField
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Tables without columns, columns without their table or before it, tables in tables."""
    for place in subject.places:
        form = place.node.form
        tables = {field.id for field in form if field.type == "table"}
        for field in form:
            if reason := _wrong(field, tables, form):
                table = field.id.partition("[]")[0]
                yield Found(
                    at(place.node, field.line), reason, "Add the table, and its columns as `table[].column`.",
                    {"id": field.id, "table": table},
                )  # fmt: skip


def _wrong(field: FormField, tables: set[str], form: tuple[FormField, ...]) -> str:
    table, column, _ = field.id.partition("[]")
    if column and table not in tables:
        return "The column %(id)s belongs to the table %(table)s, which is not in the form."
    if column and field.type in ("table", "info"):
        return "The column %(id)s cannot be a table or a text."
    if field.type == "table" and not any(other.id.startswith(f"{field.id}[].") for other in form):
        return "The table %(id)s has no columns."
    return ""


RULE = Rule("table-columns", Level.ERROR, check)
