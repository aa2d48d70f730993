"""What is to happen outside: pushes and calls of other systems; what failed of it, and trying it again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from webui.access import actor, area, engine
from webui.readable import whole
from webui.signin import local_path
from webui.words import gettext

pages = area("jobs", "/jobs")
_PAGE = 50
_STATES = ("", "waiting", "failed", "done")


@pages.get("")
def show() -> str:
    """The list, newest first; of one state."""
    state = request.args.get("state", "")
    if state not in _STATES:
        raise BadRequest
    before = whole(request.args.get("before", "")) or 0
    found = engine().jobs.list(actor(), state, before=before, limit=_PAGE)
    following = found[-1].id if len(found) == _PAGE else 0
    return render_template(
        "jobs/show.html", found=found, state=state, counts=engine().jobs.counts(actor()), following=following
    )


@pages.post("/<int:job_id>/retry")
def retry(job_id: int) -> ResponseReturnValue:
    """Let one start anew."""
    engine().jobs.retry(job_id, actor())
    flash(gettext("It is tried again at once."), "info")
    return redirect(local_path(request.form.get("back", "")) or url_for("jobs.show"), 303)
