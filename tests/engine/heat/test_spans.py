"""Histograms of durations: quantiles within the error that is promised, and sums of parts equal to the whole."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.heat.spans import ERROR, bucket, quantile
from engine.runtime.heat.tally import periods

seconds = st.lists(st.floats(1, 3.2e8), min_size=1, max_size=60)


@given(seconds, st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_right_within_the_error(values: list[float], part: float) -> None:
    exact = sorted(values)[max(1, ceil(round(part * len(values), 9))) - 1]
    told = quantile(Counter(bucket(each) for each in values), part)
    assert told is not None
    assert abs(told / timedelta(seconds=1) - exact) <= exact * (ERROR + 1e-6)


@given(seconds, seconds)
def test_sums_of_parts_are_the_whole(some: list[float], more: list[float]) -> None:
    parts = Counter(map(bucket, some)) + Counter(map(bucket, more))
    assert parts == Counter(map(bucket, [*some, *more]))


def test_nothing_took_no_time_and_ten_years_have_a_place() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({bucket(0.2): 3}, 0.9) == timedelta(0)
    assert bucket(10 * 366 * 86400) <= 206


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_periods_are_these_days_each_once_and_few(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = periods(first, last)
    days = [first + timedelta(days=each) for each in range(length + 1)]
    named = Counter(period for day in days for period in (f"{day:%Y-%m}", f"{day:%Y-%m-%d}") if period in set(found))
    assert sum(named.values()) == len(days)
    assert len(found) <= 60 + length // 28 + 1
    beyond = [first - timedelta(days=1), last + timedelta(days=1)]
    assert not [day for day in beyond if any(f"{day:%Y-%m-%d}".startswith(each) for each in found)]
