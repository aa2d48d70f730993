"""The working calendar: which days are not as the week says, and the exceptions people enter."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.calendar import DayView
from engine.errors import Invalid
from engine.views import CalendarException
from webui import times
from webui.access import actor, area, engine
from webui.frame import label
from webui.people import may_administer
from webui.practice import surroundings
from webui.words import gettext, localise, tell

pages = area("calendar", "/calendar")
_AHEAD = timedelta(days=180)


@pages.get("")
def show() -> str:
    """One calendar (`name`, without it the default one)."""
    return _page(_chosen(request.args.get("name", "")))


@pages.post("")
def add() -> ResponseReturnValue:
    """Enter a day off, or a day with its own hours."""
    name, day = _chosen(request.form.get("name", "")), _day()
    if day is None:
        return _page(name, gettext("Give the day, as 2026-05-01.")), 422
    hours, note = request.form.get("periods", "").strip(), request.form.get("note", "").strip()
    try:
        engine().calendar.add_exception(CalendarException(name, day, hours, note), actor())
    except Invalid as error:
        return _page(name, tell(error)), 422
    flash(gettext("%(day)s is entered. Open deadlines are computed anew.", day=day), "good")
    return redirect(url_for("calendar.show", name=name), 303)


@pages.post("/remove")
def remove() -> ResponseReturnValue:
    """Take an exception away."""
    name, day = _chosen(request.form.get("name", "")), _day()
    if day is None:
        raise BadRequest
    engine().calendar.remove_exception(name, day, actor())
    flash(gettext("The exception of %(day)s is taken away. Open deadlines are computed anew.", day=day), "good")
    return redirect(url_for("calendar.show", name=name), 303)


def calendar_label(name: str) -> str:
    """What a calendar is called."""
    found = surroundings().calendars.calendars.get(name)
    return label(found.label) if found else name


def reason(day: DayView) -> str:
    """Why a day is not as the week says."""
    ours = {"exception": gettext("exception"), "make-up day": gettext("make-up day")}
    return ours.get(day.reason) or localise(day.reason)


def _page(name: str, wrong: str = "") -> str:
    today = times.today()
    entered = [found for found in engine().calendar.exceptions() if found.calendar == name]
    ahead = engine().calendar.days(today, today + _AHEAD, name)
    return render_template(
        "calendar/show.html",
        name=name,
        names=engine().calendar.names(),
        coming=[found for found in entered if found.day >= today],
        past=[found for found in entered if found.day < today][::-1],
        others=[found for found in ahead if found.reason and found.day not in {each.day for each in entered}],
        calendar_label=calendar_label,
        reason=reason,
        typed=request.form,
        wrong=wrong,
        may_administer=may_administer(),
    )


def _chosen(name: str) -> str:
    known = engine().calendar.names()
    if name and name not in known:
        raise BadRequest
    return name or known[0]


def _day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        return None
