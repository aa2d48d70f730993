"""Mistakes made in the project's own diagrams and tables are found, each by its rule at its element, and no other is.

Mistakes of different elements are made together and looked for together, since a check is of the whole practice.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from engine.command.opening import practice_files
from engine.runtime.deployments.checking import check
from tests.engine.validation.seeded.fault import Fault, Said
from tests.engine.validation.seeded.faults import FAULTS

PRACTICE = Path(__file__).parents[4] / "processes"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
TOGETHER = 9


@pytest.fixture(scope="module", autouse=True)
def unhurried() -> Iterator[None]:
    """What is there already is no garbage: looking through it again and again is most of the time."""
    gc.freeze()
    yield
    gc.unfreeze()


@cache
def practice() -> dict[str, bytes]:
    """The files of the practice."""
    return practice_files(PRACTICE)


def groups() -> list[tuple[Fault, ...]]:
    """The faults in groups in which none touches what another is found at."""
    made: list[list[Fault]] = []
    for fault in FAULTS:
        touched = {fault.at, *(element for _, element in fault.expected)}
        for group in made:
            others = {each.at for each in group} | {element for each in group for _, element in each.expected}
            same_file = sum(each.file == fault.file for each in group)
            if len(group) < TOGETHER and same_file < 2 and touched.isdisjoint(others):
                group.append(fault)
                break
        else:
            made.append([fault])
    return [tuple(group) for group in made]


GROUPS = groups()


@cache
def said(group: tuple[Fault, ...]) -> frozenset[Said]:
    """Every rule that speaks of the practice with these faults, and where."""
    files = {name: content.decode("utf-8") for name, content in practice().items()}
    for fault in group:
        files[fault.file] = fault.made(files[fault.file])
    found = check({name: text.encode() for name, text in files.items()}, NOW).findings
    return frozenset((each.rule, each.element_id) for each in found)


def test_there_are_a_hundred_faults_of_forty_kinds() -> None:
    assert len(FAULTS) >= 100
    assert len({fault.kind for fault in FAULTS}) >= 40
    assert len({fault.rule for fault in FAULTS}) >= 30


def test_the_practice_has_none_of_them() -> None:
    assert said(()) == frozenset()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}: {fault.at}")
def test_a_fault_is_found(fault: Fault) -> None:
    group = next(each for each in GROUPS if fault in each)
    assert fault.expected <= said(group)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: ", ".join(fault.at for fault in group)[:80])
def test_nothing_else_is_found(group: tuple[Fault, ...]) -> None:
    assert said(group) <= frozenset().union(*(fault.expected for fault in group))
