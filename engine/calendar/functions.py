"""The functions of working time that expressions may call, with their help for the modelling guide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from engine import scalars
from engine.calendar.working import WorkingCalendar
from engine.errors import Invalid
from engine.expressions.context import Context, Function, Parameter
from engine.values import Value

_NUMBER = Parameter("n", "number")
_FROM = Parameter("from", "date and time|string", True)
_AT = Parameter("at", "date and time|string", True)
_CALENDAR = Parameter("calendar", "string", True)
_DAY = Parameter("date", "date|date and time|string", True)
_MOMENT = "date and time"


class CalendarContext(Context, Protocol):
    """What these functions need of their context beside the time: the calendars by name."""

    def calendar(self, name: str = "") -> WorkingCalendar:
        """The calendar of this name, without a name the default one; raises Invalid for an unknown name."""
        ...


def _place(context: CalendarContext, at: object, name: str | None) -> tuple[WorkingCalendar, datetime]:
    """The calendar and the moment a call means; a text in the place of the moment is the calendar's name."""
    if isinstance(at, str):
        at, name = None, at
    return context.calendar(name or ""), at if isinstance(at, datetime) else context.now()


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value() or abs(number) > 10**9:
        raise Invalid("%(number)s is not a whole number of working days. Round it.", number=number)
    return int(number)


def _as_day(calendar: WorkingCalendar, given: object, now: datetime) -> date:
    if isinstance(given, datetime):
        return calendar.day_of(given)
    return given if isinstance(given, date) else calendar.day_of(now)


def _work_hours(context: CalendarContext, number: Decimal, at: object = None, name: str | None = None) -> Value:
    calendar, moment = _place(context, at, name)
    return calendar.add(moment, _seconds(number * 3600))


def _work_minutes(context: CalendarContext, number: Decimal, at: object = None, name: str | None = None) -> Value:
    calendar, moment = _place(context, at, name)
    return calendar.add(moment, _seconds(number * 60))


def _seconds(number: Decimal) -> timedelta:
    if abs(number) > 10**10:
        raise Invalid("%(number)s seconds of working time are too many.", number=number)
    return timedelta(microseconds=int(number * 1_000_000))


def _work_days(context: CalendarContext, number: Decimal, at: object = None, name: str | None = None) -> Value:
    calendar, moment = _place(context, at, name)
    return calendar.same_time(moment, _whole(number))


def _add_work_days(context: CalendarContext, day: date, number: Decimal, name: str | None = None) -> Value:
    calendar = context.calendar(name or "")
    return calendar.add_days(_as_day(calendar, day, context.now()), _whole(number))


def _work_days_between(context: CalendarContext, start: date, end: date, name: str | None = None) -> Value:
    calendar = context.calendar(name or "")
    first, last = (_as_day(calendar, day, context.now()) for day in (start, end))
    return Decimal(calendar.days_between(first, last))


def _work_time_between(context: CalendarContext, start: datetime, end: datetime, name: str | None = None) -> Value:
    return context.calendar(name or "").between(start, end)


def _at(method: Callable[[WorkingCalendar, datetime], Value]) -> Callable[..., Value]:
    def call(context: CalendarContext, at: object = None, name: str | None = None) -> Value:
        calendar, moment = _place(context, at, name)
        return method(calendar, moment)

    return call


def _at_time(context: CalendarContext, clock: object, day: object = None, name: str | None = None) -> Value:
    if isinstance(day, str):
        day, name = None, day
    calendar = context.calendar(name or "")
    return calendar.at_time(_as_day(calendar, day, context.now()), _clock(clock))


def _next_time(context: CalendarContext, *given: object) -> Value:
    clocks, at, name = [], context.now(), ""
    for item in given:
        if isinstance(item, datetime):
            at = item
        elif isinstance(item, str) and ":" not in item:
            name = item
        else:
            clocks.append(_clock(item))
    if not clocks:
        raise Invalid('next_time needs a clock time, such as next_time("11:00").')
    return context.calendar(name).next_time(at, tuple(clocks))


def _clock(given: object) -> time:
    if isinstance(given, time):
        return given.replace(tzinfo=None)
    try:
        return scalars.clock_time(str(given))
    except ValueError as error:
        raise Invalid('%(text)s is not a clock time. Write it as "16:30".', text=given) from error


def _next_work_day(context: CalendarContext, day: object = None, name: str | None = None) -> Value:
    if isinstance(day, str):
        day, name = None, day
    calendar = context.calendar(name or "")
    return calendar.add_days(_as_day(calendar, day, context.now()), 1)


def _is_work_day(context: CalendarContext, day: object = None, name: str | None = None) -> Value:
    if isinstance(day, str):
        day, name = None, day
    calendar = context.calendar(name or "")
    return calendar.is_work_day(_as_day(calendar, day, context.now()))


def _working(
    name: str, parameters: tuple[Parameter, ...], result: str, zh: str, en: str, call: Callable[..., Value]
) -> Function:
    return Function(name, (*parameters, _CALENDAR), result, en, zh, call, working=True)


FUNCTIONS: tuple[Function, ...] = (
    _working(
        "work_hours", (_NUMBER, _FROM), _MOMENT,
        "从现在（或 from）起 n 个工时之后的时刻。work_hours(4)",
        "The moment n working hours after now (or from). work_hours(4)", _work_hours,
    ),
    _working(
        "work_minutes", (_NUMBER, _FROM), _MOMENT,
        "从现在（或 from）起 n 个工作分钟之后的时刻。",
        "The moment n working minutes after now (or from).", _work_minutes,
    ),
    _working(
        "work_days", (_NUMBER, _FROM), _MOMENT,
        "n 个工作日之后的同一时刻，落在工作时间内。work_days(1)",
        "The same clock time n working days later, moved into working time. work_days(1)", _work_days,
    ),
    _working(
        "add_work_days", (Parameter("date", "date|date and time"), _NUMBER), "date",
        "某日之后第 n 个工作日（负数为之前）。add_work_days(agreed_date, -2)",
        "The n-th working day after a date (before it when negative). add_work_days(agreed_date, -2)", _add_work_days,
    ),
    _working(
        "work_days_between",
        (Parameter("a", "date|date and time"), Parameter("b", "date|date and time")), "number",
        "从 a 的次日到 b（含）的工作日数；b 早于 a 时为负。",
        "Working days from the day after a to b, b included; negative when b is before a.", _work_days_between,
    ),
    _working(
        "work_time_between", (Parameter("a", _MOMENT), Parameter("b", _MOMENT)), "days and time duration",
        "两个时刻之间的工作时间。", "The working time between two moments.", _work_time_between,
    ),
    _working(
        "end_of_day", (_FROM,), _MOMENT,
        "当日下班时刻；已过或非工作日时，为下一工作日的下班时刻。",
        "The end of the last shift of the day; when that is past or no working day, of the next working day.",
        _at(WorkingCalendar.end_of_day),
    ),
    _working(
        "end_of_half_day", (_FROM,), _MOMENT,
        "本半日结束的时刻；已过时为下一半日的结束。",
        "The end of this working half day, else of the next one.", _at(WorkingCalendar.end_of_half_day),
    ),
    _working(
        "next_half_day", (_FROM,), _MOMENT,
        "之后最近的工作半日的开始。用于上下午各一次的定时。",
        "The start of the next working half day, strictly later.", _at(WorkingCalendar.next_half_day),
    ),
    _working(
        "half_day", (_AT,), "string",
        '所在的半日："am"、"pm"，不在半日内为 null。', '"am" or "pm", or null outside both.',
        _at(WorkingCalendar.half_day),
    ),
    _working(
        "half_day_start", (_AT,), _MOMENT,
        "所在（或最近已开始）的半日的开始。",
        "The start of the half day that contains the moment or last began before it.",
        _at(WorkingCalendar.half_day_start),
    ),
    _working(
        "half_day_end", (_AT,), _MOMENT,
        "所在（或最近已开始）的半日的结束。",
        "The end of the half day that contains the moment or last began before it.", _at(WorkingCalendar.half_day_end),
    ),
    _working(
        "next_start", (_FROM,), _MOMENT,
        "不早于该时刻的最近工作时间。", "The first moment of working time not before the moment.",
        _at(WorkingCalendar.next_start),
    ),
    _working(
        "at_time", (Parameter("time", "string|time"), _DAY), _MOMENT,
        '某日的某个钟点。at_time("17:30", planned_ship)', 'A clock time on a day. at_time("17:30", planned_ship)',
        _at_time,
    ),
    Function(
        "next_time", (Parameter("time", "any"),), _MOMENT,
        'The next of these clock times on a working day. next_time("11:00", "16:00")',
        '工作日内最近的这些钟点之一。next_time("11:00", "16:00")', _next_time, working=True, variadic=True,
    ),
    _working(
        "next_work_day", (_DAY,), "date",
        "该日之后的第一个工作日。", "The first working day after the date (or today).", _next_work_day,
    ),
    _working(
        "is_work_day", (_DAY,), "boolean",
        "是否工作日。", "Whether anything is worked on the date (or today).", _is_work_day,
    ),
    _working(
        "is_work_time", (_AT,), "boolean",
        "是否工作时间。", "Whether work goes on at the moment (or now).", _at(WorkingCalendar.is_work_time),
    ),
)  # fmt: skip
"""Offered to expressions beside the built-in functions; `calendar` is always the last parameter and optional."""
