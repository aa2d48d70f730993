"""`tasks`, `has tasks`, `no tasks`: what is open, for whom, until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.scenarios.comparing import mismatches, shown
from engine.scenarios.expectations import TasksExpected, TaskWanted
from engine.scenarios.finding import fits, may_complete, open_tasks, view
from engine.scenarios.names import Named
from engine.scenarios.outcome import Problem
from engine.scenarios.steps import Where
from engine.views import Actor, TaskRow

if TYPE_CHECKING:
    from engine.scenarios.play import Play


def tasks(play: Play, expected: TasksExpected, named: Named) -> Iterator[Problem]:
    """Compare the open tasks of a record or instance."""
    rows = open_tasks(play, named)
    wanted = [(play.text(each.element), each) for each in expected.tasks]
    if expected.mode == "no tasks":
        absent = {element for element, _ in wanted}
        found = [row for row in rows if row.element_id in absent]
        if found:
            yield Problem(expected.place, "no tasks", f"none of {', '.join(sorted(absent))}", listed(play, found))
        return
    if expected.mode == "tasks":
        counts: Counter[str] = Counter()
        for element, each in wanted:
            counts[element] += each.count
        if counts != Counter(row.element_id for row in rows):
            shown_counts = ", ".join(f"{name} × {n}" if n > 1 else name for name, n in counts.items()) or "none"
            yield Problem(expected.place, "open tasks", shown_counts, listed(play, rows))
            return
    for element, each in wanted:
        yield from _one(play, each, element, [row for row in rows if row.element_id == element])


def listed(play: Play, rows: list[TaskRow]) -> str:
    """Tasks as a report shows them, a line each."""
    zone = play.world.context.zone()
    lines = []
    for row in rows:
        due = f", due {row.due.astimezone(zone):%Y-%m-%d %H:%M}" if row.due else ", no due time"
        lines.append(f"{row.element_id} {row.name}: {row.assignee or '/'.join(row.candidate_groups) or 'nobody'}{due}")
    return "\n".join(lines) or "none"


def _one(play: Play, wanted: TaskWanted, element: str, rows: list[TaskRow]) -> Iterator[Problem]:
    fitting = [row for row in rows if fits(play, row, Where(wanted.where))]
    if len(fitting) < wanted.count:
        yield Problem(wanted.place, f"task {element}", f"{wanted.count} open", listed(play, rows))
        return
    for row in fitting:
        for what, expected, found in _differences(play, wanted, row):
            yield Problem(wanted.place, f"{element}: {what}", expected, found)


def _differences(play: Play, wanted: TaskWanted, row: TaskRow) -> Iterator[tuple[str, str, str]]:
    scope = play.scope()
    if wanted.owner is not None and play.text(wanted.owner) != row.assignee:
        yield "owner", play.text(wanted.owner) or "nobody", row.assignee or "nobody"
    if wanted.groups is not None:
        groups = sorted(play.text(each) for each in wanted.groups)
        if groups != sorted(row.candidate_groups):
            yield "groups", ", ".join(groups) or "none", ", ".join(row.candidate_groups) or "none"
    if wanted.due is not None and (due := wanted.due.at(scope)) != row.due:
        zone = play.world.context.zone()
        yield "due", shown(due.astimezone(zone)), shown(row.due.astimezone(zone) if row.due else None)
    if wanted.suspended is not None and wanted.suspended != row.suspended:
        yield "suspended", shown(wanted.suspended), shown(row.suspended)
    properties = {"name": row.name, "priority": row.priority, "stage": row.stage, "number": row.number}
    for name, pattern in wanted.details:
        yield from mismatches(pattern, properties[name], scope, name)  # type: ignore[arg-type]
    for person in wanted.may:
        if not may_complete(play, row, Actor(play.text(person))):
            yield "may", f"{play.text(person)} can complete it", "he cannot"
    for person in wanted.may_not:
        if may_complete(play, row, Actor(play.text(person))):
            yield "may not", f"{play.text(person)} cannot complete it", "he can"
    if wanted.form is not None:
        yield from mismatches(wanted.form, dict(view(play, row).values), scope, "form")
