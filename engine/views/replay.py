"""One instance step by step, as its history tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.views.records import HistoryRow

Places = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """What happened (`row`), by which flows it went on, and where tokens stand afterwards: process and element → how
    many. `process_id` is the diagram it happened on."""

    number: int
    row: HistoryRow
    process_id: str
    took: tuple[str, ...]
    standing: Places


@dataclass(frozen=True, slots=True)
class Replay:
    """The steps of one instance, the first is 1. `business_key` is its record's, `number` its own where it has one."""

    instance_id: int
    business_key: str
    number: str
    process_id: str
    process_name: str
    steps: tuple[ReplayStep, ...]
