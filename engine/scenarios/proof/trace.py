"""What one story went through, read from the history it left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.engine import Engine
from engine.store import history
from engine.values import loads

Part = tuple[str, str]
"""An id within its process or decision."""

_NOT_THERE = frozenset({"task-opened", "external-opened", "incident", "incident-resolved"})


@dataclass(frozen=True, slots=True)
class Trace:
    """Elements and flows that instances passed (by process), rules that answered (by decision)."""

    elements: frozenset[Part] = field(default_factory=frozenset)
    flows: frozenset[Part] = field(default_factory=frozenset)
    rules: frozenset[Part] = field(default_factory=frozenset)


def trace_of(engine: Engine) -> Trace:
    """Everything that all instances of a database went through; an element counts once it was done, not when begun."""
    rows, definitions = engine.machinery.read(
        lambda connection: (list(history.in_order(connection)), history.definitions(connection))
    )
    names = {each.id: each.process_id for each in definitions}
    elements: set[Part] = set()
    flows: set[Part] = set()
    rules: set[Part] = set()
    for row in rows:
        process = names.get(row.definition_id)
        data = loads(row.data) if row.data else None
        told = data if isinstance(data, dict) else {}
        if process is not None:
            flows |= {(process, each) for each in _texts(told.get("took"))}
            if row.element_id and row.kind not in _NOT_THERE:
                elements.add((process, row.element_id))
        if row.kind == "decision":
            rules |= {(str(told.get("decision")), each) for each in _texts(told.get("rules"))}
    return Trace(frozenset(elements), frozenset(flows), frozenset(rules))


def together(traces: Iterable[Trace]) -> Trace:
    """What several stories went through."""
    found = list(traces)
    return Trace(
        frozenset().union(*(each.elements for each in found)),
        frozenset().union(*(each.flows for each in found)),
        frozenset().union(*(each.rules for each in found)),
    )


def _texts(found: object) -> list[str]:
    return [str(each) for each in found] if isinstance(found, list) else []
