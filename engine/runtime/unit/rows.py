"""From what a step gathered to the rows of what waits: tasks, timers, subscriptions, messages, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.connectors import outside
from engine.runtime.unit import occurrences as occ
from engine.runtime.unit.gathering import Changes
from engine.runtime.unit.job_rows import http_row
from engine.runtime.unit.posting import posted_row
from engine.store import jobs, messages, waits
from engine.values import dumps

if TYPE_CHECKING:
    from engine.runtime.unit.step import Step


def write_changes(step: Step, changes: Changes) -> dict[int, int]:
    """Write them; token → id of the tasks that were opened."""
    connection, instance_id = step.connection, step.stored.id
    closed = waits.close_tasks(connection, instance_id, changes.closed_tasks)
    for token, event in changes.closed_tasks.items():
        event.task_id = closed.get(token, event.task_id)
    opened = waits.open_tasks(connection, [_task(step, given) for given, _ in changes.tasks.values()])
    for token, (_, event) in changes.tasks.items():
        event.task_id = opened[token]
    waits.add_candidates(
        connection, [row for given, _ in changes.tasks.values() for row in offered_rows(opened[given.at.token], given)]
    )
    if changes.waits_changed or changes.closed_tasks or changes.tasks:
        _write_timers(step, changes)
    if changes.waits_changed:
        _write_waits(step, changes)
    if changes.messages:
        messages.put(connection, [_message(step, given) for given in changes.messages])
    return opened


def _task(step: Step, given: occ.TaskOpened) -> Mapping[str, Any]:
    element = step.element_at(given.at.process_id, given.at.element_id, given.at.token)
    return {
        "instance_id": step.stored.id,
        "token": given.at.token,
        "scope": given.at.scope,
        "process_id": given.at.process_id,
        "element_id": given.at.element_id,
        "name": element.name,
        "assignee": given.assignee,
        "created_at": step.now,
        "due_at": given.due,
        "follow_up_at": given.follow_up,
        "priority": given.priority,
        "batch_group": given.batch_group,
        "stage": element.stage,
        "batch": element.batch,
    }


def offered_rows(task_id: int, given: occ.TaskOpened) -> list[Mapping[str, Any]]:
    """Candidates of a task, and those who are kept from it."""
    offered = [f"user:{each}" for each in given.candidate_users]
    offered += [f"group:{each}" for each in given.candidate_groups]
    kept = [f"user:{each}" for each in given.excluded_users]
    pairs = [*((each, "candidate") for each in offered), *((each, "excluded") for each in kept)]
    return [{"task_id": task_id, "subject": each, "kind": kind} for each, kind in dict.fromkeys(pairs)]


def _write_timers(step: Step, changes: Changes) -> None:
    connection, instance_id = step.connection, step.stored.id
    if not step.new:
        # A timer that is set again (the next round of a cycle) replaces its row.
        gone = changes.cleared_timers | set(changes.timers)
        waits.remove_timers(connection, instance_id, gone, "timer")
    rows = [_timer(step, given) for given in changes.timers.values()]
    reminded = [given for given, _ in changes.tasks.values() if given.follow_up is not None]
    rows += [_reminder(step, given) for given in reminded]
    waits.add(connection, waits.TIMERS, rows)


def _timer(step: Step, given: occ.TimerSet) -> Mapping[str, Any]:
    return {
        "instance_id": step.stored.id,
        "kind": "timer",
        "token": given.at.token,
        "process_id": given.at.process_id,
        "element_id": given.at.element_id,
        "due_at": given.due,
        "text": given.text,
        "anchor": given.anchor,
        "working": given.working,
    }


def _reminder(step: Step, given: occ.TaskOpened) -> Mapping[str, Any]:
    """A task's followUpDate: a row that is dropped unfired when the task is no longer there."""
    return {
        "instance_id": step.stored.id,
        "kind": "reminder",
        "token": given.at.token,
        "process_id": given.at.process_id,
        "element_id": given.at.element_id,
        "due_at": given.follow_up,
        "text": "",
        "anchor": step.now,
        "working": True,
    }


def _write_waits(step: Step, changes: Changes) -> None:
    connection, instance_id = step.connection, step.stored.id
    if not step.new:
        waits.remove(connection, waits.SUBSCRIPTIONS, instance_id, changes.unsubscribed | set(changes.subscriptions))
        gone = changes.closed_externals | set(changes.externals)
        waits.remove(connection, waits.EXTERNALS, instance_id, gone)
        jobs.withdraw(connection, instance_id, gone)
    waits.add(connection, waits.SUBSCRIPTIONS, [_subscription(step, each) for each in changes.subscriptions.values()])
    opened = changes.externals.values()
    waits.add(connection, waits.EXTERNALS, [_external(step, each) for each in opened if not outside(each.topic)])
    waits.add(connection, jobs.JOBS, [http_row(step, each) for each in opened if outside(each.topic)])
    _write_incidents(step, changes)


def _write_incidents(step: Step, changes: Changes) -> None:
    if not (changes.incidents or changes.resolved):
        return
    tokens = changes.resolved | set(changes.incidents)
    tried = {} if step.new else waits.tries(step.connection, step.stored.id, tokens)
    waits.remove(step.connection, waits.INCIDENTS, step.stored.id, tokens)
    waits.add(
        step.connection,
        waits.INCIDENTS,
        [
            {
                "instance_id": step.stored.id,
                "token": given.at.token,
                "process_id": given.at.process_id,
                "element_id": given.at.element_id,
                "code": given.code,
                "text": given.text,
                "created_at": step.now,
                "tries": tried.get(given.at.token, 0) + 1,
            }
            for given in changes.incidents.values()
        ],
    )


def _subscription(step: Step, given: occ.Subscribed) -> Mapping[str, Any]:
    return {
        "instance_id": step.stored.id,
        "token": given.at.token,
        "kind": given.kind,
        "name": given.name,
        "business_key": step.stored.business_key,
        "correlation": given.correlation,
        "process_id": given.at.process_id,
        "element_id": given.at.element_id,
        "senders": dumps(list(given.senders)),
        "created_at": step.now,
    }


def _external(step: Step, given: occ.ExternalOpened) -> Mapping[str, Any]:
    return {
        "instance_id": step.stored.id,
        "token": given.at.token,
        "process_id": given.at.process_id,
        "element_id": given.at.element_id,
        "topic": given.topic,
        "inputs": dumps(dict(given.inputs)),
        "senders": dumps(list(given.senders)),
        "priority": given.priority,
        "created_at": step.now,
    }


def _message(step: Step, given: occ.MessageThrown | occ.SignalThrown) -> Mapping[str, Any]:
    if isinstance(given, occ.MessageThrown):
        return posted_row(
            step, "message", given.name, given.business_key, given.correlation, given.payload, given.at.element_id
        )
    return posted_row(step, "signal", given.name, "", str(given.newest), given.payload, given.at.element_id)
