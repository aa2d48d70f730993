"""One task: its form, what is needed to decide, and what one may do with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.errors import Conflict, FormInvalid
from engine.views import Completed, TaskView
from webui import events, facts, fields, times
from webui.access import actor, area, engine
from webui.posted import Given
from webui.practice import element_name, form_of
from webui.readable import whole
from webui.signin import local_path
from webui.words import gettext, localise, tell

pages = area("task", "/tasks")
_RECENT = 5
_MOST_PRIORITY = 100


@pages.get("/<int:task_id>")
def show(task_id: int) -> str:
    """The page, with the draft where one was kept."""
    task = engine().tasks.get(task_id, actor())
    kept = engine().tasks.draft(task_id, actor()) if "complete" in task.may else None
    return _page(task, Given(kept) if kept else None, drafted=bool(kept))


@pages.post("/<int:task_id>/complete")
def complete(task_id: int) -> ResponseReturnValue:
    """Send the form. Bad input and conflicts give back what was typed."""
    submission = request.form.get("submission", "")
    try:
        task = engine().tasks.form(task_id, actor())
        given = fields.of_task(task_id, task.form).read()
        if given.only_drawn:
            return _page(engine().tasks.get(task_id, actor()), given)
        done = engine().tasks.complete(task_id, given.sent(), actor(), submission)
    except FormInvalid as error:
        return _page(engine().tasks.get(task_id, actor()), given, error), 422
    except Conflict as error:
        return _over(task_id, submission, error)
    return _done_page(done, task.row.name)


@pages.post("/<int:task_id>/draft")
def draft(task_id: int) -> ResponseReturnValue:
    """Keep what is filled in so far, and say what the form shows and sums up now."""
    task = engine().tasks.form(task_id, actor())
    asked = fields.of_task(task_id, task.form)
    given = asked.read(uploads=False)
    engine().tasks.save_draft(task_id, given.plain(), actor())
    if not request.headers.get("HX-Request"):
        flash(gettext("Kept as a draft."), "good")
        return redirect(url_for("task.show", task_id=task_id), 303)
    return render_template("task/_form.html", task=task, found=asked.sheet(given), drafted=True)


@pages.post("/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Take a task of one's group."""
    engine().tasks.claim(task_id, actor())
    return _back(task_id)


@pages.post("/<int:task_id>/unclaim")
def unclaim(task_id: int) -> ResponseReturnValue:
    """Give it back to the group."""
    engine().tasks.unclaim(task_id, actor())
    return _back(task_id)


@pages.post("/<int:task_id>/delegate")
def delegate(task_id: int) -> ResponseReturnValue:
    """Let somebody else do it on one's behalf."""
    engine().tasks.delegate(task_id, request.form.get("to", ""), actor())
    return _done(task_id, gettext("Handed over to %(person)s.", person=_name(request.form.get("to", ""))))


@pages.post("/<int:task_id>/reassign")
def reassign(task_id: int) -> ResponseReturnValue:
    """Give it to somebody else."""
    engine().tasks.reassign(task_id, request.form.get("to", ""), actor())
    return _done(task_id, gettext("Given to %(person)s.", person=_name(request.form.get("to", ""))))


@pages.post("/<int:task_id>/due")
def due(task_id: int) -> ResponseReturnValue:
    """Set or take away the due time."""
    engine().tasks.set_due(task_id, read_moment(request.form.get("due", "")), actor())
    return _done(task_id, gettext("The due time is set."))


@pages.post("/<int:task_id>/priority")
def priority(task_id: int) -> ResponseReturnValue:
    """Set the priority, 0 to 100."""
    number = whole(request.form.get("priority", ""))
    if number is None or number > _MOST_PRIORITY:
        raise BadRequest
    engine().tasks.set_priority(task_id, number, actor())
    return _done(task_id, gettext("The priority is set."))


@pages.post("/<int:task_id>/comment")
def comment(task_id: int) -> ResponseReturnValue:
    """Add a comment to the task's record."""
    task = engine().tasks.get(task_id, actor())
    engine().tasks.comment(task_id, request.form.get("text", "").strip(), actor())
    if request.headers.get("HX-Request"):
        found = engine().records.comments(task.row.business_key, actor())
        return render_template("record/_comments.html", found=found, action=url_for("task.comment", task_id=task_id))
    return _back(task_id)


@pages.post("/<int:task_id>/files")
def attach(task_id: int) -> ResponseReturnValue:
    """Add a file to the task's record."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest
    engine().tasks.attach(cast(BinaryIO, file.stream), file.filename, actor(), task_id)
    return _done(task_id, gettext("%(name)s is uploaded.", name=file.filename))


def read_moment(text: str) -> datetime | None:
    """A moment typed in the practice's zone; None for an empty field."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=times.zone())
    except ValueError as error:
        raise BadRequest from error


def _page(task: TaskView, given: Given | None, error: FormInvalid | None = None, **more: Any) -> str:
    key = task.row.business_key
    asked = fields.of_task(task.row.id, task.form)
    mine = "complete" in task.may
    return render_template(
        "task/show.html",
        task=task,
        known=facts.essential(task.record),
        found=asked.sheet(given, error) if mine else None,
        said=() if mine else asked.said(),
        prints=[offer for offer in engine().prints.offered(key, actor()) if task.row.element_id in offer.sheet.tasks],
        linked=[other for other in task.record.instances if other.id != task.row.instance_id],
        recent=events.worth_telling(engine().records.timeline(key, actor(), "time"))[:_RECENT],
        found_comments=engine().records.comments(key, actor()),
        found_files=engine().records.files(key, actor()),
        people=engine().people.list(actor()) if task.may & {"delegate", "reassign"} else (),
        due_value=f"{times.local(task.row.due):%Y-%m-%dT%H:%M}" if task.row.due else "",
        **more,
    )


def _done_page(done: Completed, name: str) -> str:
    """What happened, what comes next, and the next task of one's inbox."""
    return render_template("task/done.html", done=done, name=name, next_task=engine().tasks.next(actor()))


def _over(task_id: int, submission: str, error: Conflict) -> ResponseReturnValue:
    """The task waits no more: the first answer of a repeated submission, else who was faster and what was typed."""
    at = request.form.get("process_id", ""), request.form.get("element_id", "")
    try:
        return _done_page(engine().tasks.complete(task_id, {}, actor(), submission), element_name(*at))
    except Conflict:
        form = form_of(*at)
    said = [(localise(found.label), text) for found in form for text in request.form.getlist(found.name) if text]
    key = request.form.get("key", "")
    return render_template("task/conflict.html", words=tell(error), said=said, key=key), 409


def _name(user_id: str) -> str:
    return engine().people.get(user_id).name


def _done(task_id: int, words: str) -> ResponseReturnValue:
    flash(words, "good")
    return _back(task_id)


def _back(task_id: int) -> ResponseReturnValue:
    """To where the button stood: a list, or the task itself."""
    target = local_path(request.form.get("back", "")) or url_for("task.show", task_id=task_id)
    return redirect(target, 303)
