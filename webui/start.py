"""Starting: what one may start, its form, and many at once from an Excel file."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.errors import FormInvalid, NotFound
from engine.imports import import_sheet, read_sheet
from engine.views import Startable
from webui import exports, facts, fields, imports
from webui.access import actor, area, engine
from webui.controls import Sheet
from webui.words import gettext, localise

pages = area("start", "/start")


@pages.get("")
def show() -> str:
    """What this person may start, with one sentence each."""
    return render_template("start/show.html", startable=engine().instances.startable(actor()))


@pages.get("/<process_id>")
def form(process_id: str) -> str:
    """The form of a start, for itself or for the record named `key`."""
    element_id, key = _at()
    start = _startable(process_id, element_id, key)
    return _page(start, key, fields.of_start(process_id, start.element_id, key).sheet())


@pages.post("/<process_id>")
def send(process_id: str) -> ResponseReturnValue:
    """Start it; bad input gives the form back."""
    element_id, key = _at()
    start = _startable(process_id, element_id, key)
    asked = fields.of_start(process_id, start.element_id, key)
    given = asked.read()
    if given.only_drawn:
        return _page(start, key, asked.sheet(given))
    try:
        started = engine().instances.start(
            process_id, given.sent(), actor(), start.element_id, key, request.form.get("submission", "")
        )
    except FormInvalid as error:
        return _page(start, key, asked.sheet(given, error)), 422
    name = localise(start.name or start.process_name)
    flash(gettext("%(name)s %(number)s is started.", name=name, number=started.number or started.business_key), "good")
    return redirect(url_for("record.show", key=started.business_key), 303)


@pages.post("/<process_id>/draw")
def draw(process_id: str) -> str:
    """The form with what is filled in so far: what is visible and summed up now."""
    element_id, key = _at()
    start = _startable(process_id, element_id, key)
    asked = fields.of_start(process_id, start.element_id, key)
    return render_template("start/_form.html", start=start, found=asked.sheet(asked.read(uploads=False)))


@pages.get("/<process_id>/template.xlsx")
def template(process_id: str) -> ResponseReturnValue:
    """An empty Excel file whose columns are the fields of the start form."""
    start = _startable(process_id, *_at())
    found, _ = engine().instances.start_form(process_id, actor(), start.element_id)
    return exports.file(process_id, imports.template(found))


@pages.post("/<process_id>/import")
def many(process_id: str) -> ResponseReturnValue:
    """Start one a row of an Excel file; each row stands for itself, and the report says what became of it."""
    start = _startable(process_id, *_at())
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest
    report = import_sheet(engine(), process_id, read_sheet(file.stream.read()), actor(), start.element_id)
    refused = report.count("refused")
    flash(
        gettext("%(done)d started, %(left)d not.", done=len(report.rows) - refused, left=refused),
        "warn" if refused else "good",
    )
    found, _ = engine().instances.start_form(process_id, actor(), start.element_id)
    page = render_template(
        "start/report.html",
        start=start,
        rows=[(row, imports.reason(found, row)) for row in report.rows],
        results=imports.results(found, report.rows) if report.rows else "",
    )
    return page, 422 if refused else 200


def _page(start: Startable, key: str, found: Sheet) -> str:
    record = engine().records.get(key, actor()) if key else None
    known = facts.essential(record) if record else ()
    return render_template("start/form.html", start=start, key=key, record=record, known=known, found=found)


def _at() -> tuple[str, str]:
    return request.args.get("element_id", ""), request.args.get("key", "")


def _startable(process_id: str, element_id: str, key: str) -> Startable:
    for found in engine().instances.startable(actor(), key or None):
        if found.process_id == process_id and element_id in {"", found.element_id}:
            return found
    raise NotFound("Nothing that you may start has this address.")
