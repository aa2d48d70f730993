"""Two elements that can be active at once and write one name in one scope: the later would overwrite the earlier."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Node
from engine.validation.concurrency import beside
from engine.validation.names import written
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject


def check(subject: Subject) -> Iterator[Found]:
    """Names that two elements write which can be active at once, one finding a name."""
    for process in subject.processes:
        places = {place.node.id: place for place in subject.places if place.process is process}
        writes = {name: _writes(place, places) for name, place in places.items()}
        said: set[tuple[str, str]] = set()
        lasting = {name for name, place in places.items() if _lasts(place.node, subject)}
        for one, other, forked in beside(process, tuple(subject.practice.connectors or ())):
            pairs = [(one, other)] if forked else [(_only(one, lasting), other), (one, _only(other, lasting))]
            for first, second in ((_writers(left, writes), _writers(right, writes)) for left, right in pairs):
                for what in sorted((first.keys() & second.keys()) - said):
                    said.add(what)
                    yield Found(
                        at(places[second[what]].node),
                        "%(other)s can be active at the same time and writes %(name)s too.",
                        "Choose another name in one of them, or declare it as an input parameter of a subprocess.",
                        {"other": first[what], "name": what[0]},
                    )


def _only(ids: list[str], wanted: set[str]) -> list[str]:
    return [name for name in ids if name in wanted]


def _lasts(node: Node, subject: Subject) -> bool:
    """Whether time passes between what the element reads and what it writes."""
    external = bool(node.topic) and node.topic not in (subject.practice.connectors or ())
    return external or node.body is not None or node.kind in (Kind.USER_TASK, Kind.CALL_ACTIVITY)


def _writers(ids: list[str], writes: dict[str, set[tuple[str, str]]]) -> dict[tuple[str, str], str]:
    """The first of these elements that writes each name."""
    found: dict[tuple[str, str], str] = {}
    for element in ids:
        for what in writes.get(element, ()):
            found.setdefault(what, element)
    return found


def _writes(place: Place, places: dict[str, Place]) -> set[tuple[str, str]]:
    """The names the node writes, each with the scope that declares it (the process when none does)."""
    return {(name, _scope_of(name, place, places)) for name in written(place.node) if name != place.node.id}


def _scope_of(name: str, place: Place, places: dict[str, Place]) -> str:
    around, passed = place.around, {place.node.id}
    while around is not None and around.id not in passed:  # ids that stand twice may lead round in a circle
        passed.add(around.id)
        declared = {mapping.target for mapping in around.inputs}
        if around.loop is not None:
            declared.add(around.loop.element)
        if name in declared:
            return around.id
        around = places[around.id].around if around.id in places else None
    return place.process.id


RULE = Rule("concurrent-write", Level.WARNING, check)
