"""The way an instance took: how often each element and flow was passed, from history; and where it is now."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store import history, rights, waits
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.values import loads
from engine.views import Token, Way

_PASSED = "took"
_NOT_THERE = frozenset({"task-opened", "external-opened", "incident", "incident-resolved"})


def of_instance(machinery: Machinery, connection: Connection, stored: Stored) -> tuple[Way, ...]:
    """One way a process definition the instance ran, its own first."""
    elements: dict[int, Counter[str]] = {}
    flows: dict[int, Counter[str]] = {}
    for row in history.of_instances(connection, [stored.id]):
        if not row.element_id:
            continue
        data = loads(row.data) if row.data else {}
        took = data.get(_PASSED) if isinstance(data, dict) else None
        flows.setdefault(row.definition_id, Counter()).update(str(each) for each in took or ())  # type: ignore[union-attr]
        if row.kind not in _NOT_THERE:
            elements.setdefault(row.definition_id, Counter())[row.element_id] += 1
    processes = _processes(connection, machinery, stored, set(elements) | set(flows))
    tokens = _tokens(machinery, connection, stored)
    ids = dict.fromkeys([stored.process_id, *processes.values(), *tokens])
    by_process: dict[str, tuple[Counter[str], Counter[str]]] = {each: (Counter(), Counter()) for each in ids}
    for definition_id, process_id in processes.items():
        by_process[process_id][0].update(elements.get(definition_id, {}))
        by_process[process_id][1].update(flows.get(definition_id, {}))
    return tuple(
        Way(process_id, dict(passed), dict(taken), tuple(tokens.get(process_id, ())))
        for process_id, (passed, taken) in by_process.items()
    )


def _processes(
    connection: Connection, machinery: Machinery, stored: Stored, definition_ids: set[int]
) -> dict[int, str]:
    """Definition → process id: of the instance's practice, else from the table."""
    known = {each.row_id: each.id for each in machinery.library.practice(stored.deployment_id).processes.values()}
    missing = definition_ids - known.keys()
    if missing:
        known.update(history.process_ids(connection, missing))
    return {each: known[each] for each in sorted(definition_ids) if each in known}


def _tokens(machinery: Machinery, connection: Connection, stored: Stored) -> dict[str, list[Token]]:
    if stored.ended:
        return {}
    step = Step(machinery, connection, stored, rights.who(connection, rights.SYSTEM, machinery.clock.now()))
    opened = {row.token: row for row in waits.tasks_of(connection, stored.id)}
    found: dict[tuple[str, str, str], list[tuple[datetime | None, datetime | None]]] = {}
    for wait in step.execution.waits():
        row = opened.get(wait.at.token)
        since, due = (row.created_at, row.due_at) if row is not None else (None, wait.due)
        found.setdefault((wait.at.process_id, wait.at.element_id, wait.kind), []).append((since, due))
    tokens: dict[str, list[Token]] = {}
    for (process_id, element_id, kind), times in found.items():
        since = min((each for each, _ in times if each is not None), default=None)
        due = min((each for _, each in times if each is not None), default=None)
        tokens.setdefault(process_id, []).append(Token(process_id, element_id, kind, len(times), since, due))
    return tokens
