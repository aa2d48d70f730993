"""Many tasks of one element on one page: each row stands for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from flask import g, render_template, request

from engine.errors import Conflict, FormInvalid, GendanError, NotFound
from engine.forms import Form, FormState
from engine.views import TaskForm, TaskRow
from webui import fields, offline, posted, times
from webui.access import actor, area, engine
from webui.controls import Control
from webui.inbox import summary_words
from webui.posted import Given
from webui.readable import whole
from webui.words import gettext, tell

pages = area("batch", "/tasks/batch")
_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the sheet: its controls, whether it is picked for sending, what was wrong with it."""

    view: TaskForm
    controls: tuple[Control, ...]
    picked: bool
    wrong: str

    @property
    def main(self) -> tuple[Control, ...]:
        """What is chosen for every row: the first few short controls that are always asked."""
        short = [control for control in self.controls if control.base in self._always and _is_short(control)]
        return tuple(short[:_COLUMNS])

    @property
    def asked(self) -> tuple[Control, ...]:
        """What is asked only for some choices."""
        return tuple(control for control in self.controls if control.base not in self._always)

    @property
    def more(self) -> tuple[Control, ...]:
        """What is left: remarks, photos."""
        return tuple(control for control in self.controls if control not in self.main and control not in self.asked)

    @property
    def _always(self) -> frozenset[str]:
        return frozenset(found.name for found in form(self.view) if found.visible_when is None)

    @property
    def task(self) -> TaskRow:
        """The row of the task."""
        return self.view.row

    @property
    def words(self) -> str:
        """What tells this row from others."""
        return summary_words(self.view.row)


def _is_short(control: Control) -> bool:
    return control.numeric or control.kind not in {"text", "area", "code", "file", "info"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending: how many went through, how many remain, and why."""

    done: int
    left: int
    reasons: tuple[str, ...]


@pages.get("/<process_id>/<element_id>")
def show(process_id: str, element_id: str) -> str:
    """The sheet."""
    return _page(process_id, element_id, {}, {}, None)


@pages.post("/<process_id>/<element_id>")
def send(process_id: str, element_id: str) -> str:
    """Send the picked rows, one by one; those that do not go through stay, with the reason."""
    given: dict[int, Given] = {}
    wrong: dict[int, GendanError] = {}
    views = engine().tasks.batch(process_id, element_id, actor())
    picked = {whole(text) for text in request.form.getlist("pick")} - {None}
    for view in views:
        read = posted.read(form(view), view.row.id, prefix=f"{view.row.id}:", shared="shared:")
        given[view.row.id] = read
        if view.row.id in picked:
            try:
                sent = f"{request.form.get('submission', '')}/{view.row.id}"
                engine().tasks.complete(view.row.id, read.sent(), actor(), sent)
            except GendanError as error:
                wrong[view.row.id] = error
    names = {view.row.id: view.row.number or view.row.business_key for view in views}
    reasons = tuple(f"{names[task]}: {tell(error)}" for task, error in wrong.items())
    done = len(picked & names.keys()) - len(wrong)
    return _page(process_id, element_id, given, wrong, Outcome(done, len(views) - done, reasons))


def _page(
    process_id: str,
    element_id: str,
    given: dict[int, Given],
    wrong: dict[int, GendanError],
    outcome: Outcome | None,
) -> str:
    views = engine().tasks.batch(process_id, element_id, actor())
    if not views and outcome is None:
        raise NotFound("No task of this kind waits for you.")
    states = [state(view, given.get(view.row.id)) for view in views]
    lines = [
        line(view, now, given.get(view.row.id), wrong.get(view.row.id)) for view, now in zip(views, states, strict=True)
    ]
    return render_template(
        "batch/show.html",
        process_id=process_id,
        element_id=element_id,
        name=views[0].row.name if views else gettext("On one page"),
        documentation=views[0].documentation if views else "",
        lines=lines,
        headings=_headings(lines),
        columns=lines[0].main if lines else (),
        shared=fields.shared(form(views[0]), states[0], next(iter(given.values()), None)) if views else (),
        outcome=outcome,
        offline=_offline(views),
    )


@dataclass(frozen=True, slots=True)
class Offline:
    """What the script needs to keep this page and what is filled in: the version of the form, the field that holds
    the time of observation, the zone it is meant in, and which choices open which fields."""

    version: str
    observed: str
    zone: str
    choices: tuple[offline.Choice, ...]


def _offline(views: Sequence[TaskForm]) -> Offline | None:
    for view in views:
        if not view.offline:
            return None
        known = form(view)
        observed = known.field(view.offline)
        name = "" if observed is None else f"shared:{observed.name}" if observed.shared else observed.name
        try:
            choices = offline.choices(view, known)
        except Conflict:
            continue  # completed while the page is drawn: its next row tells the same
        g.keeps = True
        return Offline(offline.form_version(known), name, str(times.zone()), choices)
    return None


def form(view: TaskForm) -> Form:
    """The form of a task as what it is."""
    return cast(Form, view.form)


def state(view: TaskForm, given: Given | None) -> FormState:
    """How a row stands: as it was read, or with what was typed."""
    if given is None:
        return cast(FormState, view.state)
    (now,) = engine().filling.of_task(view.row.id, [given.values], actor())
    return now


def line(view: TaskForm, now: FormState, given: Given | None, wrong: GendanError | None) -> Line:
    """A row as its form stands now."""
    error = wrong if isinstance(wrong, FormInvalid) else given.refused if given and wrong is None else None
    found = fields.line(form(view), now, f"{view.row.id}:", given, error)
    return Line(view, found, wrong is not None, tell(wrong) if wrong and error is None else "")


@pages.post("/<process_id>/<element_id>/<int:task_id>/draw")
def draw(process_id: str, element_id: str, task_id: int) -> str:
    """One row with what is filled in so far: what it asks and sums up now."""
    del process_id, element_id
    view = engine().tasks.get(task_id, actor())
    given = posted.read(form(view), task_id, uploads=False, prefix=f"{task_id}:", shared="shared:")
    found = line(view, state(view, given), given, None)
    return render_template("batch/_line.html", line=found, columns=())


def _headings(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    def heading(line: Line) -> str:
        return line.view.row.batch_group

    return [(name, list(found)) for name, found in groupby(sorted(lines, key=heading), key=heading)]
