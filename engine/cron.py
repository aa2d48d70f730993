"""Cron expressions of cycles: five fields (minute first, as in Unix) or six (second first, as in Quartz and Spring).

In the six-field form Quartz counts weekdays from 1 = Sunday and Spring from 0 = Sunday: there only names are taken, so
that nothing runs a day off.
"""

from __future__ import annotations

import re
from datetime import datetime

from croniter import croniter
from croniter.croniter import CroniterError

_FIELD = re.compile(r"[A-Z0-9*?/,#\-]+", re.IGNORECASE | re.ASCII)
_WITH_SECONDS = 6


def is_cron(text: str) -> bool:
    """Whether the text has the form of a cron expression, right or wrong."""
    fields = text.split()
    return len(fields) in (5, _WITH_SECONDS) and all(_FIELD.fullmatch(each) for each in fields)


def fault(text: str) -> str:
    """What is wrong with a cron expression; empty when it can be used."""
    fields = text.split()
    if len(fields) == _WITH_SECONDS and re.search(r"(?<![/#\d])\d", fields[5]):
        return "weekdays in numbers mean another day in each program; write them as MON-FRI"
    try:
        after(text, datetime(2026, 1, 1))  # noqa: DTZ001 - any moment tells
    except (CroniterError, ValueError) as error:
        return str(error)
    return ""


def after(text: str, moment: datetime) -> datetime:
    """The first moment after this one that the expression means, in the zone of the moment."""
    with_seconds = len(text.split()) == _WITH_SECONDS
    found: datetime = croniter(text, moment, datetime, second_at_beginning=with_seconds).get_next()
    return found
