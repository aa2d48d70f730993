"""How each process of a practice begins, and with which names: by hand with its form, called, started by a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.model import Kind, Node, ProcessDefinition
from engine.validation.dataflow import Entry
from engine.validation.names import fields


def entries(processes: Mapping[str, ProcessDefinition]) -> Mapping[str, tuple[Entry, ...]]:
    """The ways each process begins, its own message, timer and signal starts apart."""
    found: dict[str, list[Entry]] = {name: [] for name in processes}
    for process in processes.values():
        for node in process.scope.walk():
            for called, entry in _handed(node):
                # A name that is only known when it runs may call any of them.
                for name in processes if "${" in called else (called,):
                    if name in found:
                        found[name].append(entry)
    for name, process in processes.items():
        start = next((each for each in process.scope.nodes.values() if _plain(each)), None)
        if not found[name] or (start is not None and start.form):
            found[name].append(_by_hand(start))
    return {name: tuple(ways) for name, ways in found.items()}


def _plain(node: Node) -> bool:
    return node.kind is Kind.START_EVENT and not node.events


def _by_hand(start: Node | None) -> Entry:
    own = (*fields(start.form), start.id) if start is not None and start.form else ()
    return Entry(frozenset(own), outside=not own)


def _handed(node: Node) -> Iterator[tuple[str, Entry]]:
    if node.call is not None:
        names = frozenset(mapping.target for mapping in node.call.inputs)
        yield node.call.element, Entry(names, any=bool(node.call.variables_in))
    if node.topic == "start-process":
        given = {mapping.target: mapping.expression for mapping in node.inputs}
        yield given.pop("process", ""), Entry(frozenset(given))
