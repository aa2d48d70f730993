"""What an instance tells the world outside its snapshot: its record, its number, its published fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.definitions.practice import RecordType
from engine.store import records
from engine.values import Value, dumps

if TYPE_CHECKING:
    from engine.runtime.unit.step import Step


def plain(value: Value) -> str:
    """How a value is compared, sorted and searched: text as it is, everything else by its canonical text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def publish(step: Step, called: Mapping[str, Value], changed: Mapping[str, Value]) -> None:
    """Write the published ones of the changed variables, and keep the record's row in step.

    `called` are those that called processes publish by their own property; the instance's own win over them.
    """
    own = {name: value for name, value in changed.items() if name in step.process.traits.publish}
    fields = {**called, **own}
    records.put_fields(
        step.connection,
        [
            {
                "instance_id": step.stored.id,
                "name": name,
                "business_key": step.stored.business_key,
                "value": dumps(value),
                "plain": plain(value),
            }
            for name, value in sorted(fields.items())
        ],
    )
    title = step.columns.get("title")
    if owns_record(step) and (step.new or fields or title is not None):
        _update_record(step, title if title is not None else step.stored.title)


def owns_record(step: Step) -> bool:
    """Whether the instance is the one its record began with."""
    return not step.process.traits.linked_to


def _update_record(step: Step, title: str) -> None:
    kind = step.practice.surroundings.records.get(step.process.traits.record_type)
    row = {"title": title, "search": _search(step, kind, title), "updated_at": step.now}
    if step.new:
        status = kind.statuses[0].id if kind is not None and kind.statuses else ""
        row |= {
            "business_key": step.stored.business_key,
            "record_type": kind.id if kind is not None else step.process.id,
            "instance_id": step.stored.id,
            "status": status,
            "started_at": step.now,
        }
        records.insert_record(step.connection, row)
    else:
        records.update_record(step.connection, step.stored.business_key, row)


def _search(step: Step, kind: RecordType | None, title: str) -> str:
    """Lower-case words: key, title, and the fields its type searches, a reference by its key and its label."""
    words = [step.stored.business_key, title]
    wanted: list[tuple[str, str]] = []
    for name in kind.search if kind is not None else ():
        value = plain(step.variables.get(name))
        words.append(value)
        reference = kind.fields[name].reference if kind is not None else ""
        if reference and value:
            wanted.append((reference, value))
    words += records.labels(step.connection, wanted).values()
    return " ".join(word.lower() for word in words if word)
