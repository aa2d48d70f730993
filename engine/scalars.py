"""The values that people type and files hold as text: numbers, dates, times, durations, yes and no.

Every function takes the text as written and answers the value, or raises ValueError. Full-width digits and signs are
read as their plain ones, since Chinese input methods write them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.values import YearsMonths

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?")
_DURATION = re.compile(r"(-)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_YES = frozenset({"true", "yes", "y", "on", "1", "是", "对", "✓"})
_NO = frozenset({"false", "no", "n", "off", "0", "否", "不"})
_LONGEST_NUMBER = 40


def plain(text: str) -> str:
    """The text without surrounding blanks and with full-width characters made plain (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text).strip()


def number(text: str) -> Decimal:
    """`12500`, `12,500`, `0.5`: exactly as written, never through binary floating point."""
    found = plain(text)
    if len(found) > _LONGEST_NUMBER or not _NUMBER.fullmatch(found):
        raise ValueError(text)
    return Decimal(found.replace(",", ""))


def integer(text: str) -> Decimal:
    """A whole number; `12.0` is one."""
    found = number(text)
    if found != found.to_integral_value():
        raise ValueError(text)
    return found.to_integral_value()


def day(text: str) -> date:
    """`2026-10-01`, also `2026/10/1` and `2026年10月1日`."""
    found = _DATE.fullmatch(plain(text))
    if not found:
        raise ValueError(text)
    year, month, number_of_day = (int(part) for part in found.groups())
    return date(year, month, number_of_day)


def clock_time(text: str) -> time:
    """`17:30` or `17:30:15`."""
    found = _TIME.fullmatch(plain(text))
    if not found:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in found.groups())
    return time(hour, minute, second)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """An ISO date and time; without an offset it is local time of the zone. A date alone is refused."""
    found = plain(text).replace("/", "-")
    if ":" not in found:
        raise ValueError(text)
    parsed = datetime.fromisoformat(found)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def duration(text: str) -> timedelta | YearsMonths:
    """An ISO 8601 duration: days and time (`P1DT4H`) or years and months (`P1Y6M`), never both."""
    found = plain(text)
    months = _MONTHS.fullmatch(found)
    if months and (months[2] or months[3]):
        total = int(months[2] or 0) * 12 + int(months[3] or 0)
        return YearsMonths(-total if months[1] else total)
    parts = _DURATION.fullmatch(found)
    if not parts or found.endswith(("P", "T")):
        raise ValueError(text)
    weeks, days, hours, minutes = (int(parts[place] or 0) for place in (2, 3, 4, 5))
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(parts[6] or 0))
    return -length if parts[1] else length


def boolean(text: str) -> bool:
    """Yes and no as forms, files and people write them, in both languages."""
    found = plain(text).lower()
    if found in _YES:
        return True
    if found in _NO:
        return False
    raise ValueError(text)
