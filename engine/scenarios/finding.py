"""Finding the open task a step speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from engine.errors import GendanError
from engine.scenarios.comparing import same
from engine.scenarios.names import Named
from engine.scenarios.source import unknown
from engine.scenarios.steps import Where
from engine.scenarios.templates import Stopped
from engine.scenarios.world import SYSTEM
from engine.values import Value
from engine.views import Actor, InboxFilter, TaskRow, TaskView

if TYPE_CHECKING:
    from engine.scenarios.play import Play

_MANY = 10_000


def open_tasks(play: Play, named: Named) -> list[TaskRow]:
    """The open tasks of a record or of the one instance that is named."""
    record = play.record(named)
    rows: Iterable[TaskRow]
    if record is not None:
        rows = record.tasks
    else:
        rows = play.engine.tasks.inbox(SYSTEM, InboxFilter(owner="all", limit=_MANY)).rows
        rows = [row for row in rows if row.business_key == named.key]
    return [row for row in rows if named.whole or row.instance_id == named.instance_id]


def the_task(play: Play, element: str, named: Named, where: Where, actor: Actor | None = None) -> TaskRow:
    """The one open task of this element that is meant; those the actor may complete come before the others."""
    rows = open_tasks(play, named)
    found = [row for row in rows if row.element_id == element]
    if not found:
        known = dict.fromkeys(row.element_id for row in rows)
        raise Stopped(f"There is no such task: {unknown(element, known, 'the open tasks of ' + named.key)}")
    fitting = [row for row in found if fits(play, row, where)]
    if not fitting:
        raise Stopped(f"No open {element} fits “where”. Open are:\n{_listed(found)}")
    if len(fitting) > 1 and actor is not None:
        fitting = [row for row in fitting if may_complete(play, row, actor)] or fitting
    if len(fitting) > 1:
        raise Stopped(f"Several {element} are open; “where” must say which:\n{_listed(fitting)}")
    return fitting[0]


def fits(play: Play, row: TaskRow, where: Where) -> bool:
    """Whether a task has every property that `where` names."""
    if not where.entries:
        return True
    scope = play.scope()
    properties = _properties(row)
    for name, template in where.entries:
        wanted = template.make(scope)
        if name == "group":
            if wanted not in row.candidate_groups:
                return False
            continue
        if name not in properties:
            properties |= view(play, row).values
        if not same(properties.get(name), wanted):
            return False
    return True


def may_complete(play: Play, row: TaskRow, actor: Actor) -> bool:
    """Whether this person can complete the task now."""
    try:
        return "complete" in play.engine.tasks.get(row.id, actor).may
    except GendanError:
        return False


def view(play: Play, row: TaskRow) -> TaskView:
    """The task's page as the engine itself sees it."""
    return play.engine.tasks.get(row.id, SYSTEM)


def _properties(row: TaskRow) -> dict[str, Value]:
    shown: dict[str, Value] = {each.name: each.value for each in row.summary}
    fixed: Mapping[str, Value] = {
        "number": row.number,
        "owner": row.assignee,
        "process": row.process_id,
        "name": row.name,
        "title": row.title,
        "due": row.due,
        "stage": row.stage,
        "batch_group": row.batch_group,
    }
    return {**shown, **fixed}


def _listed(rows: Iterable[TaskRow]) -> str:
    return "\n".join(
        f"{row.element_id} of {row.number or row.business_key}, {row.assignee or ', '.join(row.candidate_groups)}, "
        f"due {row.due}, {', '.join(f'{each.name}={each.value}' for each in row.summary)}"
        for row in rows
    )
