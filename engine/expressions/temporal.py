"""Dates, times and durations: reading and writing their ISO texts, and arithmetic on the calendar and the timeline."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from engine.values import YearsMonths

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d\d):(\d\d)|@([A-Za-z_+\-/0-9]+))?\Z")
_DAY_DURATION = re.compile(
    r"(-)?P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:(T)(?:(\d{1,9})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{1,9}))?S)?)?\Z"
)
_MONTH_DURATION = re.compile(r"(-)?P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?\Z")


def parse_date(text: str) -> date | None:
    """`2026-11-25`, or None."""
    found = _DATE.match(text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """`16:30`, `16:30:15.5`, with `Z`, `+08:00` or `@Asia/Shanghai` if wanted, or None."""
    found = _TIME.match(text)
    if not found:
        return None
    hour, minute, second, fraction, utc, sign, off_hour, off_minute, zone = found.groups()
    try:
        offset = _offset(utc, sign, off_hour, off_minute, zone)
        return time(int(hour), int(minute), int(second or 0), _microseconds(fraction), offset)
    except (ValueError, KeyError, OSError):
        return None


def parse_datetime(text: str, zone: ZoneInfo) -> datetime | None:
    """`2026-11-25T16:30` with a time as in `parse_time`; without an offset it is meant in `zone`. Or None."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    at = parse_time(time_text) if separator else time()
    if at is None:
        return None
    return datetime.combine(day, at.replace(tzinfo=None), at.tzinfo or zone)


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """`P2DT4H30M`, `PT90S`, `P2W` or `P1Y6M`, or None."""
    found = _DAY_DURATION.match(text)
    if found and text[-1] not in "PT":
        sign, weeks, days, _, hours, minutes, seconds, fraction = found.groups()
        try:
            length = timedelta(
                weeks=int(weeks or 0), days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0),
                seconds=int(seconds or 0), microseconds=_microseconds(fraction),
            )  # fmt: skip
        except OverflowError:
            return None
        return -length if sign else length
    months = _MONTH_DURATION.match(text)
    if months and text[-1] != "P":
        sign, years, single = months.groups()
        total = int(years or 0) * 12 + int(single or 0)
        return YearsMonths(-total if sign else total)
    return None


def parse_moment(text: str, zone: ZoneInfo) -> date | time | datetime | timedelta | YearsMonths | None:
    """Whichever of date, time, date and time or duration the text is, or None."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text:
        return parse_datetime(text, zone)
    return parse_date(text) or parse_time(text)


def _offset(
    utc: str | None, sign: str | None, hours: str | None, minutes: str | None, zone: str | None
) -> tzinfo | None:
    if utc:
        return UTC
    if zone:
        return ZoneInfo(zone)
    if sign:
        length = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return timezone(-length if sign == "-" else length)
    return None


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "0").ljust(6, "0")[:6])


def show_duration(value: timedelta | YearsMonths) -> str:
    """The ISO text of a duration, as FEEL's `string` writes it."""
    if isinstance(value, YearsMonths):
        years, months = divmod(abs(value.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "") or "0M"
        return f"{'-' if value.months < 0 else ''}P{text}"
    length = abs(value)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    text = (f"{length.days}D" if length.days else "") + (f"T{clock}" if clock else "") or "T0S"
    return f"{'-' if value < timedelta() else ''}P{text}"


def show_time(value: time) -> str:
    """`16:30:00` with its offset."""
    return value.isoformat().replace("+00:00", "Z")


def show_datetime(value: datetime) -> str:
    """`2026-11-25T16:30:00+08:00`."""
    return value.isoformat().replace("+00:00", "Z")


def shift_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last one; keeps the clock time of a date and time.

    Raises ValueError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"year {year}")
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def shift(moment: datetime, length: timedelta) -> datetime:
    """The moment that much later on the timeline, in the same zone (an hour is an hour when clocks change)."""
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def shift_time(at: time, length: timedelta) -> time:
    """The clock time that much later, round the clock."""
    moved = datetime.combine(date(2000, 1, 1), at.replace(tzinfo=None)) + timedelta(
        seconds=length.seconds, microseconds=length.microseconds
    )
    return moved.time().replace(tzinfo=at.tzinfo)


def months_between(start: date, end: date) -> int:
    """Whole months from start to end, toward zero."""
    months = (end.year - start.year) * 12 + end.month - start.month
    later, earlier = (end.day, _clock(end)), (start.day, _clock(start))
    if months > 0 and later < earlier:
        return months - 1
    if months < 0 and later > earlier:
        return months + 1
    return months


def _clock(day: date) -> time:
    return day.time() if isinstance(day, datetime) else time()
