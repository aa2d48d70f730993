"""Notifications: what one was told, what one has told others and whether they read it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.access import actor, area, engine
from webui.signin import local_path

pages = area("notifications", "/notifications")


@pages.get("")
def show() -> str:
    """The list; opening it does not read it: a receipt is given by the button or by opening the record."""
    sent = request.args.get("box") == "sent"
    found = engine().notifications.sent(actor()) if sent else engine().notifications.list(actor())
    return render_template("notifications/show.html", found=found, sent=sent)


@pages.post("/<int:notification_id>/read")
def read(notification_id: int) -> ResponseReturnValue:
    """Say that it is read."""
    engine().notifications.mark_read(notification_id, actor())
    return redirect(local_path(request.form.get("back", "")) or url_for("notifications.show"), 303)
