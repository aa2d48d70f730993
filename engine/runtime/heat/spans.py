"""Durations as a histogram on a logarithmic scale: any two can be added, and quantiles read from the sum.

Bucket 0 holds what took less than a second, bucket n what took from GROWTH^(n-1) up to GROWTH^n seconds. A quantile is
told as the middle of its bucket, 2·GROWTH^n / (GROWTH + 1), which no value in the bucket differs from by more than
(GROWTH − 1) / (GROWTH + 1) of it: a median or 90th percentile is right within 4.8 %, however many visits there are
(what took less than a second is told as nothing). Ten years are bucket 206, so an element has at most that many rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import ceil, floor, log

GROWTH = 1.1
ERROR = (GROWTH - 1) / (GROWTH + 1)
_LOG = log(GROWTH)


def bucket(seconds: float) -> int:
    """Where a duration belongs."""
    return 0 if seconds < 1 else 1 + floor(log(seconds) / _LOG)


def quantile(numbers: Mapping[int, int], part: float) -> timedelta | None:
    """The smallest duration that `part` of the visits (0 to 1) did not exceed; None without visits.

    `numbers` are visits by bucket. The rank is the nearest one: ⌈part · n⌉.
    """
    total = sum(numbers.values())
    if not total:
        return None
    rank = max(1, ceil(round(part * total, 9)))
    for each in sorted(numbers):
        rank -= numbers[each]
        if rank <= 0:
            return timedelta(seconds=_middle(each))
    raise AssertionError("unreachable")


def _middle(number: int) -> float:
    return 0.0 if number == 0 else 2 * GROWTH**number / (GROWTH + 1)
