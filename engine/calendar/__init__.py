"""Working time: named calendars with half days, holidays and exceptions, and pure arithmetic on them."""

from engine.calendar.days import DayView
from engine.calendar.functions import FUNCTIONS, CalendarContext
from engine.calendar.named import WorkingCalendars
from engine.calendar.working import WorkingCalendar
from engine.expressions import register

__all__ = ["FUNCTIONS", "CalendarContext", "DayView", "WorkingCalendar", "WorkingCalendars"]

register(*FUNCTIONS)
