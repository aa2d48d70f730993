"""What is stuck: where, why, since when; try again, with other data where needed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.access import actor, area, engine
from webui.words import gettext

pages = area("incidents", "/incidents")
_MOST_PUSHES = 20


@pages.get("")
def show() -> str:
    """The list; who administers sees pushes that failed for good, too."""
    administers = "administer" in engine().people.rights(actor())
    failed = engine().jobs.list(actor(), "failed", "push", limit=_MOST_PUSHES) if administers else ()
    return render_template(
        "incidents/show.html", found=engine().incidents.list(actor()), failed=failed, administers=administers
    )


@pages.post("/<int:incident_id>/retry")
def retry(incident_id: int) -> ResponseReturnValue:
    """Try again, with `name = expression` lines as corrections; these are recorded."""
    corrections = {
        name.strip(): engine().value(text.strip())
        for name, equals, text in (line.partition("=") for line in request.form.get("corrections", "").splitlines())
        if equals
    }
    engine().incidents.retry(incident_id, actor(), corrections or None)
    flash(gettext("Tried again. If it is stuck still, it stands here with its new reason."), "info")
    return redirect(url_for("incidents.show"), 303)
