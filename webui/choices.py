"""What a field offers to choose from, asked once a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute

from engine.forms import Field, FieldType
from webui.access import actor, engine
from webui.words import localise

_FEW = 150
_FIRST = 50


@dataclass(slots=True)
class Choices:
    """The choices of the fields of one form; what was asked once is not asked again."""

    known: dict[str, tuple[tuple[str, str], ...]] = attribute(default_factory=dict)

    def of(self, found: Field) -> tuple[tuple[str, str], ...]:
        """(stored, shown) for each choice; none for fields without."""
        if found.options:
            return tuple((option.id, localise(option.label)) for option in found.options)
        if found.type is FieldType.USER:
            return self._people(found.reference.removeprefix("group:"))
        if found.type is FieldType.REFERENCE and not found.reference.startswith("record:"):
            items = self._items(found.reference)
            return items if len(items) <= _FEW else items[:_FIRST]
        return ()

    def few(self, found: Field) -> bool:
        """Whether all of them fit into a plain choice."""
        return not found.reference.startswith("record:") and len(self._items(found.reference)) <= _FEW

    def file(self, given: object) -> tuple[str, int, str] | None:
        """Name, size and token of a file that is there already: a stored value, or the id of an upload."""
        if isinstance(given, Mapping) and "file" in given:
            return str(given.get("name", "")), int(str(given.get("size") or 0)), str(given["file"])
        if isinstance(given, str) and given:
            view = engine().tasks.uploaded(given, actor())
            return (view.name, view.size, given) if view else None
        return None

    def _people(self, group: str) -> tuple[tuple[str, str], ...]:
        key = f"people:{group}"
        if key not in self.known:
            people = engine().people.list(group=group)
            self.known[key] = tuple((person.id, person.name) for person in people if person.active)
        return self.known[key]

    def _items(self, list_id: str) -> tuple[tuple[str, str], ...]:
        if list_id not in self.known:
            items = engine().references.items(list_id, "", _FEW + 1)
            self.known[list_id] = tuple((item.key, localise(item.label) or item.key) for item in items if item.active)
        return self.known[list_id]
