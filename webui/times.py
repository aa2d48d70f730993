"""Moments as people act on them: relative first, the exact time beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import format_date

from webui.access import engine
from webui.practice import surroundings
from webui.words import gettext, ngettext

_SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time for a list: `tone` is late, soon or empty; `words` relative, `exact` beside it."""

    words: str
    exact: str
    tone: str
    iso: str


def zone() -> ZoneInfo:
    """The zone of the practice's default calendar, in which all times are shown and read."""
    if "zone" not in g:  # asked once a request: a list shows many times
        calendars = surroundings().calendars
        g.zone = calendars.calendars[calendars.default].zone
    found: ZoneInfo = g.zone
    return found


def now() -> datetime:
    """The engine's present moment in the practice's zone, the same while one request is answered."""
    if "now" not in g:
        g.now = engine().machinery.clock.now().astimezone(zone())
    found: datetime = g.now
    return found


def today() -> date:
    """The practice's date."""
    return now().date()


def local(moment: datetime) -> datetime:
    """A moment in the practice's zone."""
    return moment.astimezone(zone())


def clock(moment: datetime) -> str:
    """`14:05` today, `11-23 14:05` this year, else the full date too."""
    at, here = local(moment), now()
    if at.date() == here.date():
        return f"{at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == here.year else f"{at:%Y-%m-%d %H:%M}"


def exact(moment: datetime) -> str:
    """`2026-11-23 14:05`."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


def day(value: date) -> str:
    """`11-27` this year, `2027-01-08` otherwise."""
    return f"{value:%m-%d}" if value.year == today().year else f"{value:%Y-%m-%d}"


def weekday(value: date) -> str:
    """`Mon`, `周一`."""
    return str(format_date(value, "EEE"))


def due(moment: datetime | None) -> Due | None:
    """How a due time stands now; None stays None."""
    if moment is None:
        return None
    at, here = local(moment), now()
    if at <= here:
        return Due(_late(here - at), clock(at), "late", at.isoformat())
    ahead, days = at - here, (at.date() - here.date()).days
    if days == 0:
        tone = "soon" if ahead <= _SOON else ""
        return Due(_ahead(ahead), f"{at:%H:%M}", tone, at.isoformat())
    if days == 1:
        return Due(gettext("tomorrow"), f"{at:%H:%M}", "", at.isoformat())
    if days < 7:
        return Due(weekday(at.date()), f"{at:%m-%d %H:%M}", "", at.isoformat())
    return Due(day(at.date()), f"{at:%H:%M}", "", at.isoformat())


def bucket(moment: datetime | None) -> str:
    """The group of an inbox a due time falls into: overdue, today, tomorrow or later."""
    if moment is None:
        return "later"
    at, here = local(moment), now()
    if at <= here:
        return "overdue"
    days = (at.date() - here.date()).days
    return ("today", "tomorrow")[days] if days < 2 else "later"


def days_left(value: date) -> int:
    """Working days from the day after today until `value`; negative when it is past."""
    if "calendar" not in g:  # asked once a request: a list shows many dates
        g.calendar = engine().calendar.working()
    return int(g.calendar.days_between(today(), value))


def ago(moment: datetime) -> str:
    """`5 min ago`, `3 h ago`, else the clock."""
    passed = now() - local(moment)
    if passed < timedelta(minutes=1):
        return gettext("just now")
    if passed < timedelta(hours=1):
        return gettext("%(count)d min ago", count=passed // timedelta(minutes=1))
    if passed < timedelta(hours=12):
        return gettext("%(count)d h ago", count=passed // timedelta(hours=1))
    return clock(moment)


def age(moment: datetime | date) -> str:
    """How long ago a moment or a day was: `20 min`, `5 h`, `3 days`; nothing for what is still to come."""
    at = local(moment) if isinstance(moment, datetime) else datetime.combine(moment, time(), zone())
    passed = now() - at
    if passed < timedelta(0):
        return ""
    if not isinstance(moment, datetime) or passed >= timedelta(days=1):
        return ngettext("%(num)d day", "%(num)d days", passed.days)
    if passed < timedelta(hours=1):
        return gettext("%(count)d min", count=passed // timedelta(minutes=1))
    return gettext("%(count)d h", count=passed // timedelta(hours=1))


def _late(passed: timedelta) -> str:
    if passed < timedelta(hours=1):
        return gettext("%(count)d min late", count=passed // timedelta(minutes=1))
    if passed < timedelta(days=1):
        return gettext("%(count)d h late", count=passed // timedelta(hours=1))
    return ngettext("%(num)d day late", "%(num)d days late", passed.days)


def _ahead(ahead: timedelta) -> str:
    if ahead < timedelta(hours=1):
        return gettext("in %(count)d min", count=ahead // timedelta(minutes=1))
    hours, minutes = divmod(ahead // timedelta(minutes=1), 60)
    if ahead < _SOON and minutes >= 10:
        return gettext("in %(hours)d h %(minutes)d min", hours=hours, minutes=minutes)
    return gettext("in %(count)d h", count=hours)
