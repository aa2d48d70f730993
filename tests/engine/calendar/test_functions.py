"""The functions of working time as diagrams write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.calendar import FUNCTIONS
from engine.errors import GendanError
from engine.expressions import compile_text, register
from engine.values import Value
from tests.engine.forms.form_surroundings import Surroundings

SHANGHAI = ZoneInfo("Asia/Shanghai")
register(*FUNCTIONS)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("${work_hours(4)}", moment("25 14:30")),
        ("${work_hours(0.5)}", moment("25 09:30")),
        ("${work_minutes(15, end_of_half_day())}", moment("25 13:45")),
        ("${work_hours(4, ship)}", moment("30 10:30")),
        ("${work_hours(4, null, \"default\")}", moment("25 14:30")),
        ("${work_hours(4, \"default\")}", moment("25 14:30")),
        ("${work_days(1)}", moment("26 09:00")),
        ("${work_days(3, ship)}", datetime(2026, 12, 2, 16, tzinfo=SHANGHAI)),
        ("${add_work_days(today(), -1)}", date(2026, 11, 24)),
        ("${add_work_days(ship, 1)}", date(2026, 11, 30)),
        ("${work_days_between(today(), ship)}", Decimal(3)),
        ("${work_time_between(now(), ship)}", timedelta(hours=29, minutes=30)),
        ("${end_of_day()}", moment("25 17:30")),
        ("${end_of_day(ship)}", moment("28 17:30")),
        ("${next_half_day()}", moment("25 13:30")),
        ("${half_day()}", "am"),
        ("${half_day(at_time(\"12:30\"))}", None),
        ("${half_day_start(at_time(\"12:30\"))}", moment("25 08:00")),
        ("${half_day_end(ship)}", moment("28 17:30")),
        ("${at_time(\"17:30\", date(\"2026-11-29\"))}", moment("29 17:30")),
        ("${next_time(\"11:00\", \"16:00\")}", moment("25 11:00")),
        ("${next_time(\"11:00\", \"16:00\", ship)}", moment("30 11:00")),
        ("${next_work_day(date(\"2026-11-28\"))}", date(2026, 11, 30)),
        ("${next_work_day()}", date(2026, 11, 26)),
        ("${is_work_day(date(\"2026-11-29\"))}", False),
        ("${is_work_time()}", True),
    ],
)  # fmt: skip
def test_functions_of_working_time(source: str, value: Value) -> None:
    names: dict[str, Value] = {"ship": moment("28 16:00")}
    found = compile_text(source).evaluate(names, Surroundings())
    assert found == value
    assert not isinstance(found, datetime) or found.tzinfo is not None


def test_every_function_has_help_in_both_languages_and_tells_that_it_is_of_the_calendar() -> None:
    for function in FUNCTIONS:
        assert function.working
        assert function.help_zh
        assert function.help_en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in function.help_zh), function.name
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in function.help_en), function.name


@pytest.mark.parametrize(
    "source", ["${work_days(1.5)}", "${next_time()}", '${at_time("late")}', '${work_hours(4, now(), "nope")}']
)
def test_a_wrong_argument_is_an_answer_in_words(source: str) -> None:
    with pytest.raises(GendanError):
        compile_text(source).evaluate({}, Surroundings())


def test_now_stands_still_in_utc() -> None:
    assert Surroundings().now() == datetime(2026, 11, 25, 1, tzinfo=UTC)
