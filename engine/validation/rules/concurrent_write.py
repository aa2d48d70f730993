"""Two elements that can be active at once and write one name in one scope: the later would overwrite the earlier."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.concurrency import beside
from engine.validation.names import written
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject


def check(subject: Subject) -> Iterator[Found]:
    """Pairs of concurrent writers of one name; parallel items that write a name outside of themselves."""
    for process in subject.processes:
        places = {place.node.id: place for place in subject.places if place.process is process}
        writes = {name: _writes(place, places) for name, place in places.items()}
        said: set[tuple[str, str]] = set()
        for first, second in beside(process):
            for name, scope in sorted(writes[first] & writes[second]):
                if (name, scope) in said:
                    continue
                said.add((name, scope))
                yield Found(
                    at(places[second].node), "%(other)s can be active at the same time and writes %(name)s too.",
                    "Give one of the names another spelling, or declare it as an input parameter of a subprocess.",
                    {"other": first, "name": name},
                )  # fmt: skip


def _writes(place: Place, places: dict[str, Place]) -> set[tuple[str, str]]:
    """The names the node writes, each with the scope that declares it (the process when none does)."""
    return {(name, _scope_of(name, place, places)) for name in written(place.node) if name != place.node.id}


def _scope_of(name: str, place: Place, places: dict[str, Place]) -> str:
    around = place.around
    while around is not None:
        declared = {mapping.target for mapping in around.inputs}
        if around.loop is not None:
            declared.add(around.loop.element)
        if name in declared:
            return around.id
        around = places[around.id].around if around.id in places else None
    return place.process.id


RULE = Rule("concurrent-write", Level.WARNING, check)
