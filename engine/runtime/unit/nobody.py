"""A task that no active person can do is an incident at its element: at once, and until somebody can again.

Within a step the tasks it opened are looked at, and all of its instance when who is excluded has changed. When people
or groups change, their subjects are noted in the same transaction; the tasks for them are looked at after the commit
and once more by the next tick, since a step that was under way may have asked before the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import structlog

from engine.errors import GendanError
from engine.store import instances, rights, waits
from engine.store.connect import Connection

if TYPE_CHECKING:
    from engine.runtime.unit.machinery import Machinery
    from engine.runtime.unit.step import Step

CODE = "nobody"
_TEXT = "No active person can do this task. Give it to somebody."
_log = structlog.get_logger(__name__)


def look(step: Step, tasks: Mapping[int, int], known: bool) -> dict[int, tuple[str, bool]]:
    """Report the tasks (token → id) that nobody can do, and settle those that somebody can again; who holds them.

    With `known` they may have such an incident already.
    """
    holders = waits.holders(step.connection, tasks.values())
    told = waits.incident_tokens(step.connection, step.stored.id, CODE) if known else frozenset()
    for token, task_id in tasks.items():
        doable = holders.get(task_id, ("", True))[1]
        if doable and token in told:
            step.execution.settle(token)
        elif not doable and token not in told:
            step.execution.report(token, CODE, _TEXT)
    return holders


def note(connection: Connection, users: Iterable[str] = (), groups: Iterable[str] = ()) -> None:
    """Who can do the tasks for these people and groups may have changed with this transaction."""
    waits.note_review(connection, [*(f"user:{each}" for each in users), *(f"group:{each}" for each in groups)])


def review(machinery: Machinery, last: bool = False) -> int:
    """Look at the tasks for everything noted; with `last` it is then forgotten. How many instances changed."""
    noted = machinery.read(waits.reviews)
    if not noted:
        return 0
    found = machinery.read(partial(waits.instances_to_review, code=CODE))
    done = sum(_review_one(machinery, each) for each in found)
    if last:
        machinery.write(partial(waits.drop_reviews, ids=noted))
    return done


def _review_one(machinery: Machinery, instance_id: int) -> bool:
    def work(connection: Connection) -> bool:
        from engine.runtime.unit.step import Step  # a step looks at its own tasks with this module

        stored = instances.load(connection, instance_id)
        if stored is None or stored.ended:
            return False
        step = Step(machinery, connection, stored, rights.who(connection, rights.SYSTEM, machinery.clock.now()))
        look(step, waits.open_tokens(connection, instance_id), known=True)
        step.save()
        return True

    try:
        return machinery.write(work)
    except GendanError as error:
        _log.warning("review failed", instance=instance_id, error=str(error))
        return False
