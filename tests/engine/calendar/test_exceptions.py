"""Exceptions that people enter into calendars, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.errors import Forbidden, Invalid, NotFound
from engine.views import CalendarException
from tests.engine.identity.company import ANNA, IT, Company, opened

DAY, SUNDAY = date(2026, 11, 26), date(2026, 11, 29)


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with opened(database_url, tmp_path) as made:
        yield made


def test_an_exception_changes_working_time_until_it_is_taken_away(company: Company) -> None:
    calendar = company.engine.calendar
    assert calendar.zone().key == "Asia/Shanghai"
    assert calendar.work_days_between(date(2026, 11, 25), SUNDAY) == 2
    calendar.add_exception(CalendarException("", DAY, "", "stock-taking"), IT)
    calendar.add_exception(CalendarException("company", SUNDAY, "8:00-12:00", "make-up"), IT)
    assert calendar.exceptions() == (
        CalendarException("company", DAY, "", "stock-taking"),
        CalendarException("company", SUNDAY, "08:00-12:00", "make-up"),
    )
    assert calendar.work_days_between(date(2026, 11, 25), SUNDAY) == 2
    assert [(view.day.day, len(view.periods), view.reason) for view in calendar.days(DAY, SUNDAY)] == [
        (26, 0, "stock-taking"), (27, 2, ""), (28, 0, ""), (29, 1, "make-up"),
    ]  # fmt: skip
    calendar.remove_exception("company", DAY, IT)
    assert calendar.work_days_between(date(2026, 11, 25), SUNDAY) == 3
    with pytest.raises(NotFound):
        calendar.remove_exception("company", DAY, IT)


def test_only_who_may_administer_and_only_hours_that_can_be_read(company: Company) -> None:
    calendar = company.engine.calendar
    with pytest.raises(Forbidden):
        calendar.add_exception(CalendarException("company", DAY, "", ""), ANNA)
    with pytest.raises(Invalid, match="no hours"):
        calendar.add_exception(CalendarException("company", DAY, "8 to 12", ""), IT)
    with pytest.raises(Invalid, match="no calendar"):
        calendar.add_exception(CalendarException("night", DAY, "", ""), IT)
    assert calendar.exceptions() == ()
    assert calendar.names() == ("company",)
