"""What is to happen outside: pushes and calls of other systems; what failed of it, and trying it again."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.values import Value
from engine.views import JobRow
from webui import exports
from webui.access import actor, area, engine
from webui.frame import person_name
from webui.readable import whole
from webui.signin import local_path
from webui.words import gettext

pages = area("jobs", "/jobs")
_PAGE = 50
_STATES = ("", "waiting", "failed", "done")


@pages.get("")
def show() -> str:
    """The list, newest first; of one state."""
    state = _state()
    before = whole(request.args.get("before", "")) or 0
    found = engine().jobs.list(actor(), state, before=before, limit=_PAGE)
    following = found[-1].id if len(found) == _PAGE else 0
    return render_template(
        "jobs/show.html", found=found, state=state, counts=engine().jobs.counts(actor()), following=following
    )


@pages.get("/export")
def export() -> ResponseReturnValue:
    """The jobs of the state as an Excel file."""
    state = _state()
    rows = exports.numbered(
        lambda last: engine().jobs.list(actor(), state, before=last, limit=exports.PAGE), lambda row: row.id
    )
    headings = (gettext("Job"), gettext("Kind"), gettext("State"), gettext("What"), gettext("Number"),
                gettext("To"), gettext("Since"), gettext("Next try"), gettext("Tries"), gettext("Ended"),
                gettext("Reason"))  # fmt: skip
    return exports.answer("jobs", headings, map(_cells, rows))


@pages.post("/<int:job_id>/retry")
def retry(job_id: int) -> ResponseReturnValue:
    """Let one start anew."""
    engine().jobs.retry(job_id, actor())
    flash(gettext("It is tried again at once."), "info")
    return redirect(local_path(request.form.get("back", "")) or url_for("jobs.show"), 303)


def _state() -> str:
    state = request.args.get("state", "")
    if state not in _STATES:
        raise BadRequest
    return state


def _cells(row: JobRow) -> tuple[Value, ...]:
    kinds = {"push": gettext("push"), "http": gettext("call"), "migration": gettext("migration")}
    states = {"waiting": gettext("waiting"), "failed": gettext("failed"), "done": gettext("done")}
    due = row.due if row.state == "waiting" else None
    receiver = person_name(row.user_id) if row.user_id else ""
    return (Decimal(row.id), kinds.get(row.kind, row.kind), states.get(row.state, row.state), row.label,
            row.business_key, receiver, row.created_at, due, Decimal(row.tries), row.ended_at, row.reason)  # fmt: skip
