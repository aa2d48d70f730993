"""Start events with timers: rows of the latest deployment."""

from __future__ import annotations

from engine.runtime.core import next_start
from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.environment import PracticeEnvironment
from engine.runtime.unit.machinery import Machinery
from engine.store import timers
from engine.store.connect import Connection


def set_start_timers(machinery: Machinery, connection: Connection, practice: Practice) -> None:
    """Let the timer start events of this practice wait, and those of older versions no longer.

    A start event whose process did not change keeps its row: a deployment must not restart its schedule.
    """
    wanted = {
        (process.row_id, node.id): process
        for process in practice.processes.values()
        for node in process.starts
        if any(event.kind == "timer" for event in node.events)
    }
    kept = set()
    gone = []
    for row in timers.starts(connection):
        key = (row.definition_id, row.element_id)
        if key in wanted:
            kept.add(key)
        else:
            gone.append(row.id)
    timers.drop(connection, gone)
    now = machinery.clock.now()
    environment = PracticeEnvironment(machinery, connection, practice, now)
    rows = []
    for (definition_id, element_id), process in wanted.items():
        if (definition_id, element_id) in kept:
            continue
        due = next_start(process.program, element_id, environment)
        if due is not None:
            rows.append(
                {
                    "definition_id": definition_id,
                    "kind": "start",
                    "process_id": process.id,
                    "element_id": element_id,
                    "due_at": due,
                    "anchor": now,
                }
            )
    timers.put(connection, rows)
