"""The working sheet: the records one follows up as the page one lives in, with what is asked of them today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import FormInvalid
from engine.values import Value
from engine.views import FieldValue, SheetFilter, SheetLine, SheetView, TaskRow
from webui import batch, exports, fields, posted, shown, times
from webui.access import actor, area, engine
from webui.addresses import address
from webui.controls import Control
from webui.frame import label
from webui.posted import Given
from webui.readable import whole
from webui.words import gettext, localise

pages = area("sheet", "/sheet")
_FILTERS = ("kind", "of", "late", "stage", "text", "after")
_SOON = 2


@dataclass(frozen=True, slots=True)
class Filling:
    """The task of one row that is being filled in, with what its page asks once for all."""

    line: batch.Line
    shared: tuple[Control, ...]

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Where something has to be mended, and what."""
        asked = (*self.shared, *self.line.controls)
        return [(control.id, f"{control.label}: {' '.join(control.errors)}") for control in asked if control.errors]


@pages.get("")
def show() -> str:
    """The rows as the address filters them, one of them with its form when the address names its task."""
    task = whole(request.args.get("fill", ""))
    return _page(None if task is None else _filling(task))


@pages.post("/fill/<int:task_id>")
def fill(task_id: int) -> ResponseReturnValue:
    """Send the form of one row; the sheet comes back as it was."""
    view = engine().tasks.get(task_id, actor())
    given = posted.read(batch.form(view), task_id, prefix=f"{task_id}:", shared="shared:")
    try:
        engine().tasks.complete(task_id, given.sent(), actor(), request.form.get("submission", ""))
    except FormInvalid as error:
        return _page(_filling(task_id, given, error)), 422
    flash(
        gettext(
            "%(name)s is done: %(number)s.",
            name=localise(view.row.name),
            number=view.row.number or view.row.business_key,
        ),
        "good",
    )
    return redirect(f"{url_for('sheet.show', **_kept())}#record-{view.row.business_key}", 303)


@pages.get("/export")
def export() -> ResponseReturnValue:
    """All rows of the filter as an Excel file: numbers and dates stay what they are."""
    asked = replace(read_filter(), limit=exports.PAGE)
    first = engine().sheet.show(actor(), replace(asked, limit=1, after=""))

    def page(after: str) -> tuple[Sequence[SheetLine], str]:
        found = engine().sheet.show(actor(), replace(asked, after=after))
        return found.rows, found.next

    headings = [gettext("Number"), gettext("Title"), gettext("Stage"), gettext("Status"), *_labels(first)]
    rows = (
        (line.business_key, localise(line.title), localise(line.stage_label), localise(line.status_label),
         *map(_cell, line.cells))
        for line in exports.every(page)
    )  # fmt: skip
    return exports.answer("sheet", headings, rows)


def read_filter() -> SheetFilter:
    """The filter that stands in the address."""
    asked = request.args
    return SheetFilter(
        kind=asked.get("kind", ""),
        mine=asked.get("of") != "all",
        late=bool(asked.get("late")),
        stage=asked.get("stage", ""),
        text=asked.get("text", "").strip(),
        after=asked.get("after", ""),
    )


def words(found: FieldValue | None) -> str:
    """A cell in words: a share in percent, a date without its year when it is this one's."""
    if found is None:
        return ""
    match found.type, found.value:
        case "share", Decimal():
            return f"{_percent(found.value)} %"
        case _, datetime():
            return times.clock(found.value)
        case _, date():
            return times.day(found.value)
    return shown.field(found)


def tone(found: FieldValue | None) -> str:
    """How days that are left are marked: past in red, nearly past in amber."""
    if found is None or found.type != "days" or not isinstance(found.value, Decimal):
        return ""
    return "red" if found.value < 0 else "amber" if found.value <= _SOON else ""


def today(tasks: Iterable[TaskRow]) -> TaskRow | None:
    """The task of a row that is done in the row itself: of a kind for many on one page, and due by today."""
    for task in tasks:
        if task.batch and not task.suspended and (task.due is None or times.local(task.due).date() <= times.today()):
            return task
    return None


def _page(filling: Filling | None) -> str:
    asked = read_filter()
    found = engine().sheet.show(actor(), asked)
    texts = [_text(line, found) for line in found.rows]
    return render_template(
        "sheet/show.html",
        found=found,
        filter=asked,
        lines=list(zip(found.rows, texts, strict=True)),
        whole_text="\n\n".join(texts),
        filling=filling,
        address=address,
        kept=_kept(),
        words=words,
        tone_of=tone,
        today=today,
    )


def _filling(task_id: int, given: Given | None = None, error: FormInvalid | None = None) -> Filling:
    view = engine().tasks.get(task_id, actor())
    form, state = batch.form(view), batch.state(view, given)
    return Filling(batch.line(view, state, given, error), fields.shared(form, state, given))


def _text(line: SheetLine, found: SheetView) -> str:
    """A record in a few words to paste into a chat."""
    cells = [f"{name} {words(cell)}" for name, cell in zip(_labels(found), line.cells, strict=True) if words(cell)]
    where = gettext("%(status)s, late", status=localise(line.status_label)) if line.late else ""
    return "\n".join(
        (f"{line.business_key} {localise(line.title)}", " · ".join([where or localise(line.status_label), *cells]))
    )


def _kept() -> dict[str, Any]:
    """The filters of the address."""
    return {name: request.args[name] for name in _FILTERS if request.args.get(name)}


def _labels(found: SheetView) -> list[str]:
    return [label(column.label) for column in found.columns]


def _cell(found: FieldValue | None) -> Value:
    if found is None:
        return ""
    spoken = found.text or found.type == "share" or not isinstance(found.value, Decimal | date)
    return words(found) if spoken else found.value


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal(1), ROUND_HALF_UP)
