"""Steps on what surrounds the records: calendar, lists, imports, deployment, restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.imports import import_sheet, sheet_of
from engine.scenarios.outcome import Problem, StepFailed
from engine.scenarios.steps import Deploy, EnterCalendar, EnterItems, HttpAnswer, Import, PushSwitch, Restart
from engine.scenarios.world import SYSTEM
from engine.views import Actor

if TYPE_CHECKING:
    from engine.scenarios.play import Play


def enter_calendar(play: Play, step: EnterCalendar) -> None:
    """Enter exceptions of the calendar; without `by` the system does."""
    play.world.give_calendar(step.exceptions, play.scope(), _actor(play, step))


def enter_items(play: Play, step: EnterItems) -> None:
    """Put items into reference lists."""
    play.world.give_items(step.items, play.scope(), _actor(play, step))


def import_rows(play: Play, step: Import) -> None:
    """Import rows as an Excel file that is made of them."""
    rows = [each.make(play.scope()) for each in step.rows]
    process, event = play.text(step.process), play.text(step.event)
    report = import_sheet(play.engine, process, sheet_of(rows), play.actor(step), event)
    problems = []
    counts = {"created": step.created, "repeated": step.repeated}
    for name, wanted in counts.items():
        found = len([row for row in report.rows if row.outcome == name])
        if wanted is not None and wanted != found:
            problems.append(Problem(step.place, f"{name} rows", str(wanted), f"{found}\n{report}"))
    if step.refused_rows is not None:
        refused = {row.number: row.reason for row in report.rows if row.outcome == "refused"}
        wanted_rows = dict(step.refused_rows)
        if set(refused) != set(wanted_rows) or any(text not in refused[row] for row, text in wanted_rows.items()):
            problems.append(Problem(step.place, "refused rows", str(wanted_rows), str(refused)))
    if problems:
        raise StepFailed(step.place, step.title, tuple(problems))


def deploy(play: Play, step: Deploy) -> None:
    """Deploy the practice with changed files."""
    play.world.deploy(step.changes, _actor(play, step))


def push(play: Play, step: PushSwitch) -> None:
    """The push service goes down, or comes up again."""
    play.world.pushes.up = step.up


def http(play: Play, step: HttpAnswer) -> None:
    """Another system answers so from here on."""
    play.world.others.answer(play.text(step.url), step.status, step.body.make(play.scope()), step.secret)
    play.world.plug()


def restart(play: Play, step: Restart) -> None:
    """Stop the engine and open it again, now or later; what falls due meanwhile waits until then."""
    until = step.until.at(play.scope()) if step.until is not None else None
    play.world.restart(until)
    play.until = play.world.clock.now()


def _actor(play: Play, step: EnterCalendar | EnterItems | Deploy) -> Actor:
    return SYSTEM if step.by is None else play.actor(step)
