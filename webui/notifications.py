"""Notifications: what one was told, what one has told others and whether they read it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.access import actor, area, engine
from webui.readable import whole
from webui.signin import local_path

pages = area("notifications", "/notifications")
_PAGE = 50


@pages.get("")
def show() -> str:
    """The list; opening it does not read it: a receipt is given by the button or by opening the record."""
    box = request.args.get("box", "")
    before = whole(request.args.get("before", "")) or 0
    if box == "sent":
        found = engine().notifications.sent(actor(), before, _PAGE)
    else:
        found = engine().notifications.list(actor(), unread=box != "all", before=before, limit=_PAGE)
    following = found[-1].id if len(found) == _PAGE else 0
    return render_template("notifications/show.html", found=found, box=box, sent=box == "sent", following=following)


@pages.post("/read")
def read_all() -> ResponseReturnValue:
    """Say that everything is read, save what asks for a receipt: that is confirmed one by one."""
    engine().notifications.mark_all_read(actor())
    return redirect(url_for("notifications.show"), 303)


@pages.post("/<int:notification_id>/read")
def read(notification_id: int) -> ResponseReturnValue:
    """Say that it is read."""
    engine().notifications.mark_read(notification_id, actor())
    return redirect(local_path(request.form.get("back", "")) or url_for("notifications.show"), 303)
