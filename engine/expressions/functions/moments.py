"""Functions of dates, times and durations. Clock times are meant in the context's zone."""

from __future__ import annotations

from calendar import day_name, month_name, monthrange
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.expressions.context import Context
from engine.expressions.frame import Unfit
from engine.expressions.functions.declare import feel
from engine.expressions.temporal import months_between, parse_date, parse_datetime, parse_duration, parse_time
from engine.values import YearsMonths

_GROUP = "date and time"


@feel(
    _GROUP, "date(from: string | date | date and time | number, month?: number, day?: number)", "date",
    en='The date of "2026-11-25", of a date and time, or of year, month and day.',
    zh="由文本、日期时间或年月日得到日期。",
)  # fmt: skip
def _date(context: Context, value: Any, month: Decimal | None = None, day: Decimal | None = None) -> date:
    if isinstance(value, Decimal):
        if month is None or day is None:
            raise Unfit("a date needs year, month and day.")
        return date(int(value), int(month), int(day))
    if isinstance(value, datetime):
        return _local(context, value).date()
    if isinstance(value, date):
        return value
    found = parse_date(value)
    if found is None:
        raise Unfit(f"“{value[:40]}” is no date like 2026-11-25.")
    return found


def _local(context: Context, moment: datetime) -> datetime:
    """A moment on the clock of the place, in whatever zone it was kept."""
    return moment.astimezone(context.zone()) if moment.tzinfo is not None else moment


def _day(context: Context, day: date) -> date:
    return _local(context, day) if isinstance(day, datetime) else day


@feel(
    _GROUP,
    "time(from: string | time | date and time | number, minute?: number, second?: number, "
    "offset?: days and time duration)",
    "time",
    en='The clock time of "16:30", of a date and time, or of hour, minute, second and offset.',
    zh="由文本、日期时间或时分秒得到时刻。",
)  # fmt: skip
def _time(
    context: Context, value: Any, minute: Decimal | None = None, second: Decimal | None = None,
    offset: timedelta | None = None,
) -> time:  # fmt: skip
    if isinstance(value, Decimal):
        seconds = second or Decimal(0)
        zone = None if offset is None else timezone(offset)
        return time(int(value), int(minute or 0), int(seconds), int(seconds % 1 * 1_000_000), tzinfo=zone)
    if isinstance(value, datetime):
        return _local(context, value).time()
    if isinstance(value, time):
        return value
    found = parse_time(value)
    if found is None:
        raise Unfit(f"“{value[:40]}” is no time like 16:30.")
    return found


@feel(
    _GROUP, "date and time(date: string | date | date and time, time?: time)", "date and time",
    en='The moment of "2026-11-25T16:30", or of a date and a clock time.', zh="由文本或日期加时刻得到日期时间。",
)  # fmt: skip
def _date_and_time(context: Context, value: Any, at: time | None = None) -> datetime:
    zone = context.zone()
    if at is not None:
        day = value if isinstance(value, date) else parse_date(value)
        if isinstance(day, datetime):
            day = _local(context, day).date()
        if day is None:
            raise Unfit(f"“{value[:40]}” is no date like 2026-11-25.")
        return datetime.combine(day, at.replace(tzinfo=None), at.tzinfo or zone)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    found = parse_datetime(value, zone)
    if found is None:
        raise Unfit(f"“{value[:40]}” is no date and time like 2026-11-25T16:30.")
    return found


@feel(
    _GROUP, "duration(from: string | duration)", "duration",
    en='The duration of "PT4H", "P2D" or "P1Y6M".', zh="由 PT4H、P2D、P1Y6M 等文本得到时长。",
)  # fmt: skip
def _duration(_: Context, value: Any) -> timedelta | YearsMonths:
    found = parse_duration(value) if isinstance(value, str) else value
    if found is None:
        raise Unfit(f"“{value[:40]}” is no duration like PT4H.")
    return found


@feel(
    _GROUP, "years and months duration(from: date | date and time, to: date | date and time)",
    "years and months duration", en="Whole months between two dates.", zh="两个日期之间的整月数。",
)  # fmt: skip
def _years_months(context: Context, start: date, end: date) -> YearsMonths:
    return YearsMonths(months_between(_day(context, start), _day(context, end)))


@feel(
    _GROUP, "day of week(date: date | date and time)", "string",
    en="Monday to Sunday.", zh="星期几（Monday…Sunday）。",
)  # fmt: skip
def _day_of_week(context: Context, day: date) -> str:
    return day_name[_day(context, day).weekday()]


@feel(_GROUP, "day of year(date: date | date and time)", "number", en="1 to 366.", zh="一年中的第几天。")
def _day_of_year(context: Context, day: date) -> Decimal:
    return Decimal(_day(context, day).timetuple().tm_yday)


@feel(_GROUP, "week of year(date: date | date and time)", "number", en="The ISO week, 1 to 53.", zh="ISO 周数。")
def _week_of_year(context: Context, day: date) -> Decimal:
    return Decimal(_day(context, day).isocalendar().week)


@feel(_GROUP, "month of year(date: date | date and time)", "string", en="January to December.", zh="月份的英文名。")
def _month_of_year(context: Context, day: date) -> str:
    return month_name[_day(context, day).month]


@feel(_GROUP, "last day of month(date: date | date and time)", "date", en="The month's last day.", zh="当月最后一天。")
def _last_day(context: Context, day: date) -> date:
    day = _day(context, day)
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


@feel("context", "now()", "date and time", en="The present moment.", zh="现在的时刻。")
def _now(context: Context) -> datetime:
    return context.now().astimezone(context.zone())


@feel("context", "today()", "date", en="The present day.", zh="今天的日期。")
def _today(context: Context) -> date:
    return context.now().astimezone(context.zone()).date()
