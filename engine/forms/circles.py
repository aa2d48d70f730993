"""Fields of a form that depend on themselves, by way of one another."""

from __future__ import annotations

from collections.abc import Iterator

from engine.forms.model import Field, Form


def dependencies(field: Field) -> frozenset[str]:
    """The names that decide the value of a field: its computation and its visibility, with those of its columns."""
    found: frozenset[str] = frozenset()
    for each in (field.compute, field.visible_when, field.readonly):
        if each is not None:
            found |= each.names
    own = {column.name for column in field.columns}
    for column in field.columns:
        found |= dependencies(column) - own
    return found


def circles(form: Form) -> Iterator[tuple[str, str]]:
    """Each field that depends on itself, with the way back to it written as `a → b → a`."""
    # Its own name means what a field was filled with beforehand: that is no circle.
    graph = {field.name: dependencies(field) - {field.name} for field in form}
    settled: set[str] = set()
    for start in graph:
        path: list[str] = []
        yield from _walk(start, graph, path, settled)


def _walk(name: str, graph: dict[str, frozenset[str]], path: list[str], settled: set[str]) -> Iterator[tuple[str, str]]:
    if name in path:
        circle = [*path[path.index(name) :], name]
        yield name, " → ".join(circle)
        return
    if name in settled or name not in graph:
        return
    path.append(name)
    for following in sorted(graph[name]):
        yield from _walk(following, graph, path, settled)
    path.pop()
    settled.add(name)
