"""A wrong scenario file is answered with line, column and the nearest known word, all mistakes at once."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from engine.scenarios.documents import read_library
from engine.scenarios.source import ScenarioFilesInvalid, read_documents
from engine.scenarios.steps import Do, Repeat, Start, Wait


def _faults(folder: Path, text: str) -> list[str]:
    file = folder / "story.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioFilesInvalid) as caught:
        read_library([folder])
    return [str(fault).removeprefix(str(file) + ":") for fault in caught.value.faults]


def test_a_story_is_read_with_its_steps(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        """
scenario: S1
title: 一个故事
clauses: [C1]
steps:
- {start: loan, by: anna, values: {amount: 12.50}, as: loan}
- {do: approve, by: hugo, outcome: approve, expect: {tasks: []}}
- wait: +4wh
- {repeat: 3, steps: [{do: visit, by: anna}]}
""",
        encoding="utf-8",
    )

    (story,) = read_library([tmp_path]).scenarios()

    assert [type(step) for step in story.steps] == [Start, Do, Wait, Repeat]
    assert (story.name, story.title, story.clauses) == ("S1", "一个故事", ("C1",))
    assert story.steps[0].place.line == 6


def test_plain_scalars_mean_what_people_mean() -> None:
    (document,) = read_documents("[0.1, 10:30, 2026-11-02, 2026-11-02 09:30, no, true, null, '7', 020]", "x.yaml")

    found = [each.scalar() for each in document.items()]

    assert found == [
        Decimal("0.1"),
        time(10, 30),
        date(2026, 11, 2),
        datetime(2026, 11, 2, 9, 30),  # noqa: DTZ001 - the zone is the calendar's, given when it is played
        "no",
        True,
        None,
        "7",
        Decimal(20),
    ]


def test_an_unknown_word_is_refused_with_place_and_nearest(tmp_path: Path) -> None:
    assert _faults(tmp_path, "scenario: S1\nsteps:\n- do: approve\n  bye: hugo\n") == [
        "4:3: “bye” is not known in a step. Do you mean “by”?"
    ]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    faults = _faults(
        tmp_path,
        """scenario: S1
steps:
- dot: approve
- {do: a, start: b}
- wait: soon
- {do: a, values: [1]}
- repeat: 2
  steps:
  - {do: a, expect: {fieldz: x}}
""",
    )

    assert [fault.split(": ")[0] for fault in faults] == ["3:3", "4:11", "5:9", "6:20", "9:22"]
    assert "Do you mean “do”?" in faults[0]
    assert "One step does one thing" in faults[1]
    assert "not a moment" in faults[2]
    assert "Do you mean “fields”" in faults[4]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("scenario: [", "2:1: This is not YAML"),
        ("- a\n", "1:1: A mapping"),
        ("tale: S1\n", "1:1: A document begins with"),
        ("scenario: S1\nscenario: S2\n", "2:1: “scenario” is written twice."),
        ("scenario: S10\nuses: S11\n", "2:7: There is no fragment or scenario “S11”. Do you mean “S10”?"),
        ("scenario: S1\nuses: S1\n", "1:1: “S1” builds on itself."),
        ("scenario: S1\nsteps: [{do: a, values: {x: '${1 +}'}}]\n", "2:29: "),
        ("scenario: S1\n---\nscenario: S1\n", "3:1: “S1” is told twice"),
        ("scenario: S1\nsteps: [{wait: 2026-02-30}]\n", "2:16: 2026-02-30 is not a date or time that exists."),
        ("fragment: F\nparameters: {x: }\n---\nscenario: S\nuses: F\n", "5:7: “F” needs its parameter “x”."),
        ("fragment: F\n---\nscenario: S\nuses: {F: {y: 1}}\n", "4:8: “F” has no parameter “y”. It has: none."),
        ("scenario: S1\nsteps: [{batch: a}]\n", "2:9: A batch needs “rows” or “rest”."),
        ("scenario: S1\ngiven: {people: [{name: x}]}\n", "2:18: “id” is missing in a person."),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, text: str, told: str) -> None:
    faults = _faults(tmp_path, text)

    assert faults[0].startswith(told), faults


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ScenarioFilesInvalid, match="cannot be read"):
        read_library([tmp_path])


def test_what_is_used_is_given(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        """
always: {people: [{id: anna, groups: clerk}]}
---
fragment: F
given: {people: [{id: hugo, groups: [head]}], now: 2026-11-03 08:00}
---
scenario: S
uses: F
given: {people: [{id: anna, name: 安娜, groups: [head]}]}
""",
        encoding="utf-8",
    )
    library = read_library([tmp_path])

    given = library.given(library.stories["S"])

    assert [(each.id, each.name, each.groups) for each in given.people] == [
        ("anna", "安娜", ("head",)),
        ("hugo", "hugo", ("head",)),
    ]
    assert given.now is not None


def test_the_push_service_is_up_or_down(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path, "scenario: S\nsteps: [{push: sideways}]\n")

    assert "Write `push: down` or `push: up`." in fault
