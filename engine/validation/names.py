"""Which names a process can read: what its elements write, what is handed to it, what is always there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from engine.definitions.model import EventKind, FormField, Kind, Node, ProcessDefinition
from engine.errors import ExpressionError
from engine.expressions import compile_text
from engine.validation.dialect import LOOP_NAMES, RESERVED_NAMES

FORM_KINDS = {Kind.USER_TASK, Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT, Kind.RECEIVE_TASK}


def fields(form: tuple[FormField, ...]) -> Iterator[str]:
    """The names a form writes: its fields that are not read-only, not the columns of its tables."""
    return (field.id for field in form if "[]" not in field.id and field.type != "info" and not _readonly(field))


def _readonly(field: FormField) -> bool:
    return field.properties.get("readonly") == "true" or field.constraints.get("readonly", "false") != "false"


def written(node: Node) -> Iterator[str]:
    """The names a node writes outward (its own local names apart)."""
    if node.kind in FORM_KINDS:
        yield from fields(node.form)
    if node.kind is Kind.USER_TASK or node.form:
        yield node.id
    for name in (node.result_variable, node.decision.result_variable if node.decision else ""):
        if name:
            yield name
    yield from (mapping.target for mapping in node.outputs if mapping.target)
    yield from (name for event in node.events for name in (event.code_variable, event.message_variable) if name)
    if node.loop is not None and node.loop.output_collection:
        yield node.loop.output_collection
    if node.call is not None:
        yield from (mapping.target for mapping in node.call.outputs if mapping.target)
    if node.topic == "compute":
        yield from (mapping.target for mapping in node.inputs if mapping.target)


def local(node: Node) -> Iterator[str]:
    """The names a node declares for itself and for what is within it."""
    yield from (mapping.target for mapping in node.inputs if mapping.target)
    if node.loop is not None:
        yield from LOOP_NAMES
        if node.loop.element:
            yield node.loop.element
    if any(event.kind is not EventKind.TIMER for event in node.events) or node.kind is Kind.RECEIVE_TASK:
        yield "payload"
    if node.topic or node.kind in (Kind.BUSINESS_RULE_TASK, Kind.SERVICE_TASK, Kind.CALL_ACTIVITY):
        yield "result"


def names_in(source: str) -> frozenset[str]:
    """The names that a text reads, perhaps; none when it cannot be read."""
    try:
        compiled = compile_text(source)
    except ExpressionError:
        return frozenset()
    return compiled.names | compiled.maybe


class Names:
    """The readable names of every process of a practice."""

    def __init__(self, processes: Mapping[str, ProcessDefinition]) -> None:
        self._processes = processes

    def of(self, process_id: str) -> frozenset[str]:
        """Every name that something writes in or hands to this process."""
        return self._readable.get(process_id, frozenset())

    @cached_property
    def _readable(self) -> Mapping[str, frozenset[str]]:
        own = {name: self._own(process) for name, process in self._processes.items()}
        for process in self._processes.values():
            for node in process.scope.walk():
                if node.topic == "start-process":
                    given = {mapping.target: mapping.expression for mapping in node.inputs}
                    own.get(given.get("process", ""), set()).update(given)
        self._hand_over(own)
        return {name: frozenset(names) for name, names in own.items()}

    def _own(self, process: ProcessDefinition) -> set[str]:
        found = set(RESERVED_NAMES)
        for node in process.scope.walk():
            found.update(written(node))
            found.update(local(node))
        return found

    def _hand_over(self, own: dict[str, set[str]]) -> None:
        """Calls hand names in and out until nothing changes (a called process may call the next)."""
        calls = [
            (process.id, node.call)
            for process in self._processes.values()
            for node in process.scope.walk()
            if node.call is not None
        ]
        changed = True
        while changed:
            before = sum(map(len, own.values()))
            for caller, call in calls:
                called = [call.element] if "${" not in call.element else list(own)
                for name in called:
                    if name in own:
                        own[name].update(mapping.target for mapping in call.inputs)
                        own[name].update(own[caller] if call.variables_in else ())
                        own[caller].update(own[name] if call.variables_out else ())
            changed = sum(map(len, own.values())) != before
