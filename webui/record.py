"""One record: where it stands, what waits, everything linked to it, its diagram, data, history, files, comments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.errors import FormInvalid, NotFound
from engine.views import Button, FieldValue, HistoryRow, InstanceRow, RecordView, Token, Way
from webui import events, facts, fields, shown, times
from webui.access import actor, area, engine
from webui.controls import Sheet
from webui.frame import label
from webui.practice import process_name, surroundings
from webui.task import read_moment
from webui.words import gettext, localise

pages = area("record", "/records")
_FIRST = {"incident": 0, "task": 1}
_LISTENS = frozenset({"message", "signal", "condition"})


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the timeline with its events; no label when the order is time alone."""

    label: str | None
    rows: tuple[HistoryRow, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """One diagram to draw: whose, where its file is, and what lies over it as JSON."""

    name: str
    source: str
    shown: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one published value."""

    label: str
    before: str
    after: str
    at: datetime
    by: str


@pages.get("/<key>")
def show(key: str) -> str:
    """The page. `instance` chooses whose diagram is drawn, `order` how the timeline runs."""
    record = engine().records.get(key, actor())
    order = "time" if request.args.get("order") == "time" else "policy"
    rows = events.worth_telling(engine().records.timeline(key, actor(), order))
    main = record.instances[0]
    drawn = _chosen(record)
    return render_template(
        "record/show.html",
        record=record,
        main=main,
        drawn=drawn,
        ways=_ways(drawn),
        order=order,
        sections=_sections(rows, order),
        event_count=len(rows),
        facts=facts.parted(record),
        changed=_changes(rows, record.fields),
        found_files=engine().records.files(key, actor()),
        found_comments=engine().records.comments(key, actor()),
        button_address=button_address,
        prints=engine().prints.offered(key, actor()),
    )


@pages.get("/<key>/elements/<int:instance_id>/<element_id>")
def element(key: str, instance_id: int, element_id: str) -> str:
    """What happened at one element of a diagram, as a fragment."""
    rows = engine().records.timeline(key, actor(), "time")
    found = [row for row in rows if row.instance_id == instance_id and row.element_id == element_id]
    return render_template("record/_element.html", rows=found, counts=events.counts(found))


@pages.get("/<key>/messages/<int:subscription_id>")
def message(key: str, subscription_id: int) -> str:
    """The form of a message that somebody may send by hand; a destructive one asks for a second step."""
    record = engine().records.get(key, actor())
    return _message_page(record, subscription_id, fields.of_message(subscription_id).sheet())


@pages.post("/<key>/messages/<int:subscription_id>")
def send(key: str, subscription_id: int) -> ResponseReturnValue:
    """Send the message."""
    record = engine().records.get(key, actor())
    asked = fields.of_message(subscription_id)
    given = asked.read()
    if given.only_drawn:
        return _message_page(record, subscription_id, asked.sheet(given))
    if _button(record, subscription_id).destructive and request.form.get("sure") != "yes":
        return _message_page(record, subscription_id, asked.sheet(given), unsure=True), 422
    try:
        engine().messages.send(subscription_id, given.sent(), actor(), request.form.get("submission", ""))
    except FormInvalid as error:
        return _message_page(record, subscription_id, asked.sheet(given, error)), 422
    flash(gettext("Sent: %(name)s.", name=localise(_button(record, subscription_id).label)), "good")
    return _back(key)


@pages.post("/<key>/messages/<int:subscription_id>/draw")
def draw(key: str, subscription_id: int) -> str:
    """The form with what is filled in so far: what is visible and summed up now."""
    button = _button(engine().records.get(key, actor()), subscription_id)
    asked = fields.of_message(subscription_id)
    return render_template("record/_message.html", button=button, found=asked.sheet(asked.read(uploads=False)))


@pages.post("/<key>/comment")
def comment(key: str) -> ResponseReturnValue:
    """Add a comment."""
    engine().records.comment(key, request.form.get("text", "").strip(), actor())
    if request.headers.get("HX-Request"):
        found = engine().records.comments(key, actor())
        return render_template("record/_comments.html", found=found, action=url_for("record.comment", key=key))
    return redirect(url_for("record.show", key=key) + "#comments", 303)


@pages.post("/<key>/files")
def attach(key: str) -> ResponseReturnValue:
    """Add a file."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest
    engine().tasks.attach(cast(BinaryIO, file.stream), file.filename, actor(), key)
    flash(gettext("%(name)s is uploaded.", name=file.filename), "good")
    return redirect(url_for("record.show", key=key) + "#files", 303)


@pages.post("/<key>/instances/<int:instance_id>/hold")
def hold(key: str, instance_id: int) -> ResponseReturnValue:
    """Put the record on hold, until a moment or until somebody lets it go on."""
    engine().instances.hold(instance_id, _reason(), read_moment(request.form.get("until", "")), actor())
    return _back(key, gettext("%(key)s is on hold.", key=key))


@pages.post("/<key>/instances/<int:instance_id>/resume")
def resume(key: str, instance_id: int) -> ResponseReturnValue:
    """Let it go on."""
    engine().instances.resume(instance_id, actor())
    return _back(key, gettext("%(key)s goes on.", key=key))


@pages.post("/<key>/instances/<int:instance_id>/cancel")
def cancel(key: str, instance_id: int) -> ResponseReturnValue:
    """End it for good; the second step is the tick."""
    if request.form.get("sure") != "yes":
        raise BadRequest
    engine().instances.cancel(instance_id, _reason(), actor())
    return _back(key, gettext("%(key)s is cancelled.", key=key))


@pages.post("/<key>/instances/<int:instance_id>/correct")
def correct(key: str, instance_id: int) -> ResponseReturnValue:
    """Give a variable another value; the value is an expression."""
    name, text = request.form.get("name", "").strip(), request.form.get("value", "")
    engine().instances.correct(instance_id, {name: engine().value(text)}, _reason(), actor())
    return _back(key, gettext("%(name)s is corrected.", name=name))


@pages.post("/<key>/instances/<int:instance_id>/modify")
def modify(key: str, instance_id: int) -> ResponseReturnValue:
    """Cancel elements and start before others."""
    away, before = _ids("cancel"), _ids("start_before")
    engine().instances.modify(instance_id, cancel=away, start_before=before, reason=_reason(), actor=actor())
    return _back(key, gettext("The tokens of %(key)s are moved.", key=key))


def button_address(record: RecordView, button: Button) -> str:
    """Where a button of a record leads: to the form of a start, or of a message."""
    if button.kind == "message":
        return url_for("record.message", key=record.business_key, subscription_id=button.subscription_id)
    return url_for(
        "start.form", process_id=button.process_id, element_id=button.element_id or None, key=record.business_key
    )


def marks(tokens: Sequence[Token]) -> list[dict[str, str]]:
    """What lies over a diagram for its live tokens: tasks first, since one looks for them.

    What only listens (messages, signals, conditions) is outlined without a number.
    """
    ordered = sorted(tokens, key=lambda token: _FIRST.get(token.kind, 2))
    return [
        {
            "element": token.element_id,
            "text": "" if token.kind in _LISTENS else str(token.count),
            "class": "error" if token.kind == "incident" else "listens" if token.kind in _LISTENS else "waits",
            "tone": "bad" if token.kind == "incident" else "",
            "title": times.exact(token.due) if token.due else "",
        }
        for token in ordered
    ]


def _ways(instance: InstanceRow) -> list[Drawn]:
    return [_drawn(way, instance) for way in engine().instances.way(instance.id, actor())]


def _drawn(way: Way, instance: InstanceRow) -> Drawn:
    over = {"elements": dict(way.elements), "flows": dict(way.flows), "marks": marks(way.tokens)}
    source = url_for("record.source", key=instance.business_key, instance_id=instance.id, process_id=way.process_id)
    return Drawn(process_name(way.process_id), source, json.dumps(over))


@pages.get("/<key>/diagrams/<int:instance_id>/<process_id>")
def source(key: str, instance_id: int, process_id: str) -> ResponseReturnValue:
    """The file that an instance's diagram is drawn from, in the version it runs."""
    del key
    content = engine().instances.source(instance_id, process_id, actor())
    return content, 200, {"Content-Type": "application/xml"}


def _chosen(record: RecordView) -> InstanceRow:
    wanted = request.args.get("instance", "")
    return next((found for found in record.instances if str(found.id) == wanted), record.instances[0])


def _sections(rows: Sequence[HistoryRow], order: str) -> list[Section]:
    """The timeline under the headings of the policy, newest first in each; the one with the newest event is now."""
    clauses = surroundings().clauses
    if order == "time" or not clauses.sections:
        return [Section(None, tuple(rows), False)] if rows else []
    section_of = {clause.id: clause.section for clause in clauses.clauses}
    sorted_in: dict[str, list[HistoryRow]] = {section.id: [] for section in clauses.sections}
    for row in sorted(rows, key=lambda row: (row.at, row.seq), reverse=True):
        section = next((section_of[each] for each in row.clauses if section_of.get(each)), "")
        sorted_in.setdefault(section, []).append(row)
    newest = max((row for row in rows if row.clauses), key=lambda row: (row.at, row.seq), default=None)
    labels = {section.id: label(section.label) for section in clauses.sections}
    return [
        Section(labels.get(key, gettext("Everything else")), tuple(found), newest in found)
        for key, found in sorted_in.items()
        if found
    ]


def _changes(rows: Sequence[HistoryRow], published: Sequence[FieldValue]) -> list[Change]:
    labels = {field.name: field.label for field in published}
    last: dict[str, str] = {}
    found: list[Change] = []
    for row in sorted(rows, key=lambda row: (row.at, row.seq)):
        for name, value in events.written(row).items():
            if name in labels and (text := shown.plain(value)) != last.get(name, ""):
                found.append(Change(labels[name], last.get(name, ""), text, row.at, row.actor_name))
                last[name] = text
    return found[::-1]


def _message_page(record: RecordView, subscription_id: int, found: Sheet, unsure: bool = False) -> str:
    button = _button(record, subscription_id)
    known = facts.essential(record)
    return render_template("record/message.html", record=record, button=button, found=found, unsure=unsure, known=known)


def _button(record: RecordView, subscription_id: int) -> Button:
    for button in record.buttons:
        if button.kind == "message" and button.subscription_id == subscription_id:
            return button
    raise NotFound("Nothing waits for this message any more.")


def _ids(name: str) -> list[str]:
    return [text.strip() for text in request.form.get(name, "").split(",") if text.strip()]


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _back(key: str, words: str = "") -> ResponseReturnValue:
    if words:
        flash(words, "good")
    return redirect(url_for("record.show", key=key), 303)
