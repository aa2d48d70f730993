"""calendar.yaml: when people work. Named calendars, resolved here so that each stands complete."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import holidays

from engine import scalars
from engine.definitions.practice.source import NAME, Entry, Label, nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIOD = re.compile(r"(\d{1,2}:\d{2})\s*[-–~]\s*(\d{1,2}:\d{2})")
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A span of work in minutes after local midnight; `end` beyond 1440 lies on the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        ends = self.end if self.end == _DAY_MINUTES else self.end % _DAY_MINUTES
        return f"{self.start // 60:02d}:{self.start % 60:02d}-{ends // 60:02d}:{ends % 60:02d}"


Periods = tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class DayException:
    """A day with its own periods (none: off), whatever week and holidays say."""

    day: date
    periods: Periods
    note: str


@dataclass(frozen=True, slots=True)
class CalendarDefinition:
    """One calendar, complete. `week` has seven entries from Monday; `noon` in minutes parts the half days.

    `holidays` is a country or country and part for the package *holidays*, empty for none; its official make-up
    days are worked with the periods `makeup` (none: not observed). `ancestors` are the calendars it inherits from,
    nearest first.
    """

    id: str
    label: Label
    zone: ZoneInfo
    week: tuple[Periods, ...]
    holidays: str = ""
    makeup: Periods = ()
    noon: int = 12 * 60
    exceptions: Mapping[date, DayException] = field(default_factory=dict)
    ancestors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendars:
    """All calendars by id; `default` is used where an expression names none."""

    default: str
    calendars: Mapping[str, CalendarDefinition]


def parse_periods(text: str) -> Periods:
    """`"08:00-12:00,13:30-17:30"` in order and without overlap; empty text is a day off. Raises ValueError."""
    found: list[Period] = []
    for part in filter(None, (piece.strip() for piece in scalars.plain(text).split(","))):
        match = _PERIOD.fullmatch(part)
        if not match:
            raise ValueError(text)
        start, end = _minutes(match[1]), _minutes(match[2])
        if start >= _DAY_MINUTES:
            raise ValueError(text)
        found.append(Period(start, end if end > start else end + _DAY_MINUTES))
    if any(after.start < before.end for before, after in pairwise(found)):
        raise ValueError(text)
    return tuple(found)


def _minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if minutes > 59 or hours * 60 + minutes > _DAY_MINUTES:
        raise ValueError(text)
    return hours * 60 + minutes


_OFFICE = parse_periods("08:00-12:00,13:30-17:30")
STANDARD = CalendarDefinition(
    "default", Label("默认日历", "Default calendar"), ZoneInfo("Asia/Shanghai"), (_OFFICE,) * 6 + ((),)
)
STANDARD_CALENDARS = Calendars("default", {"default": STANDARD})


def read_calendars(root: Entry) -> Calendars:
    """All calendars of the file, each with what it inherits; without any the standard ones."""
    block = root.entry("calendars")
    default = root.text("default")
    root.finish()
    if block is None:
        root.report("calendars", "The file has no calendars.", "Add calendars.")
        return STANDARD_CALENDARS
    entries = {name: entry for name in block.names() if (entry := block.entry(name))}
    for name in entries:
        if not NAME.fullmatch(name):
            block.report(name, "%(key)s is not a name of a calendar.", "Use lower-case letters, digits, _ and -.")
    found: dict[str, CalendarDefinition] = {}
    for name in entries:
        _resolve(name, entries, found, ())
    if default not in found:
        root.report(
            "default",
            "The default calendar %(found)s is unknown.",
            "Use one of: %(known)s.%(guess)s",
            found=default,
            known=", ".join(found),
            guess=nearest(default, tuple(found)),
        )
        return STANDARD_CALENDARS
    return Calendars(default, found)


def _resolve(
    name: str, entries: Mapping[str, Entry], found: dict[str, CalendarDefinition], path: tuple[str, ...]
) -> CalendarDefinition:
    if name in found:
        return found[name]
    entry = entries[name]
    parent = entry.text("inherits", "")
    base = STANDARD
    if parent in (*path, name):
        entry.report("inherits", "Calendar %(element)s inherits from itself.", "Break the circle.")
    elif parent and parent not in entries:
        entry.report(
            "inherits",
            "Calendar %(element)s inherits from %(found)s, which is unknown.",
            "Name a calendar.%(guess)s",
            found=parent,
            guess=nearest(parent, tuple(entries)),
        )
    elif parent:
        base = _resolve(parent, entries, found, (*path, name))
    found[name] = _calendar(name, entry, base)
    return found[name]


def _calendar(name: str, entry: Entry, base: CalendarDefinition) -> CalendarDefinition:
    label = entry.label()
    zone = entry.value("zone", _zone, base.zone, "a time zone such as Asia/Shanghai")
    country = entry.value(
        "holidays", _country, base.holidays, "a country such as CN or DE-BY known to the package holidays"
    )
    makeup = _periods(entry, "makeup", base.makeup)
    noon = entry.value("noon", _minutes, base.noon, "a time such as 12:30")
    inherits = base is not STANDARD
    if not inherits and not entry.has("week"):
        entry.report("week", "Calendar %(element)s lacks the week.", "Add week with mon to sun.")
    week = _week(entry, base.week if inherits else ((),) * 7)
    exceptions = {**base.exceptions, **_exceptions(entry)}
    ancestors = (base.id, *base.ancestors) if inherits else ()
    entry.finish()
    return CalendarDefinition(name, label, zone, week, country, makeup, noon, exceptions, ancestors)


def _week(entry: Entry, base: tuple[Periods, ...]) -> tuple[Periods, ...]:
    week = entry.entry("week")
    if week is None:
        return base
    found = tuple(_periods(week, day, base[place]) for place, day in enumerate(DAYS))
    week.finish()
    return found


def _exceptions(entry: Entry) -> dict[date, DayException]:
    found: dict[date, DayException] = {}
    for item in entry.entries("exceptions", "day"):
        day = item.day("day")
        if day in found:
            item.report("day", "%(element)s stands twice.", "Keep one of them.")
        if day:
            found[day] = DayException(day, _periods(item, "periods", ()), item.text("note", ""))
        item.finish()
    return found


def _periods(entry: Entry, key: str, default: Periods) -> Periods:
    if not entry.has(key):
        return default
    text = ",".join(entry.texts(key))
    try:
        return parse_periods(text)
    except ValueError:
        entry.report(
            key,
            "%(key)s of %(element)s is %(found)s.",
            'Write periods in order: ["08:00-12:00", "13:30-17:30"].',
            found=text,
        )
        return default


def _zone(text: str) -> ZoneInfo:
    if text not in available_timezones():
        raise ValueError(text)
    return ZoneInfo(text)


def _country(text: str) -> str:
    if text in ("", "none"):
        return ""
    country, _, part = text.partition("-")
    try:
        holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise ValueError(text) from error
    return text
