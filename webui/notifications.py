"""Notifications: what one was told, what one has told others and whether they read it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.values import Value
from engine.views import NotificationRow
from webui import exports
from webui.access import actor, area, engine
from webui.readable import whole
from webui.signin import local_path
from webui.times import exact
from webui.words import gettext, localise

pages = area("notifications", "/notifications")
_PAGE = 50


@pages.get("")
def show() -> str:
    """The list; opening it does not read it: a receipt is given by the button or by opening the record."""
    box = request.args.get("box", "")
    before = whole(request.args.get("before", "")) or 0
    found = _rows(box, before, _PAGE)
    following = found[-1].id if len(found) == _PAGE else 0
    return render_template("notifications/show.html", found=found, box=box, sent=box == "sent", following=following)


@pages.get("/export")
def export() -> ResponseReturnValue:
    """The box as an Excel file."""
    box = request.args.get("box", "")
    rows = exports.numbered(lambda last: _rows(box, last, exports.PAGE), lambda row: row.id)
    headings = (gettext("At"), gettext("Kind"), gettext("Subject"), gettext("Text"), gettext("Number"),
                gettext("From"), gettext("Read at"), gettext("Receivers"))  # fmt: skip
    return exports.answer("notifications", headings, map(_cells, rows))


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


def _rows(box: str, before: int, limit: int) -> tuple[NotificationRow, ...]:
    """One page of a box: unread ones, all of one's own, or those one has sent."""
    if box == "sent":
        return engine().notifications.sent(actor(), before, limit)
    return engine().notifications.list(actor(), unread=box != "all", before=before, limit=limit)


def _cells(row: NotificationRow) -> tuple[Value, ...]:
    kinds = {"report": gettext("report"), "notice": gettext("notice"), "reminder": gettext("reminder")}
    receivers = gettext(", ").join(
        f"{name} ({exact(read_at) if read_at else gettext('not read yet')})" for name, read_at in row.receivers
    )
    return (row.at, kinds.get(row.kind, row.kind), localise(row.subject), localise(row.text), row.business_key,
            row.from_name, row.read_at, receivers)  # fmt: skip
