"""The files of the practice: read as documented, and every mistake found at once with its line."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from engine.definitions.findings import Level
from engine.definitions.practice import NumberPattern, Period, Surroundings, parse_periods, read_surroundings
from engine.errors import Invalid

DOCUMENT = Path(__file__).parents[3] / "docs" / "practice-files.md"


def documented() -> dict[str, bytes]:
    found = {}
    for name, example in re.findall(r"## (\S+?\.yaml)\n.*?```yaml\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL):
        found[name.replace("reference/*", "reference/borrower")] = example.encode()
    return found


def errors(files: dict[str, bytes]) -> list[str]:
    _, findings = read_surroundings(files)
    return [str(finding) for finding in findings if finding.level is Level.ERROR]


@pytest.fixture
def around() -> Surroundings:
    surroundings, findings = read_surroundings(documented())
    assert [str(finding) for finding in findings] == []
    return surroundings


def test_every_example_of_the_documentation_is_read_without_a_finding(around: Surroundings) -> None:
    assert set(documented()) == {
        "settings.yaml", "calendar.yaml", "groups.yaml", "records.yaml", "clauses.yaml", "board.yaml",
        "reference/borrower.yaml",
    }  # fmt: skip


def test_settings_have_the_type_they_are_declared_with(around: Surroundings) -> None:
    assert around.setting("repush_after_hours") == Decimal(4)
    assert around.setting("customer_notice_waits") is False
    assert around.setting("day_end") == time(17, 30)


def test_a_calendar_inherits_what_it_does_not_say(around: Surroundings) -> None:
    company, night = (around.calendars.calendars[name] for name in ("company", "workshop_night"))
    assert around.calendars.default == "company"
    assert night.week[0] == (Period(22 * 60, 30 * 60),)
    assert night.week[1:] == company.week[1:]
    assert night.exceptions[date(2027, 1, 3)].periods == (Period(480, 720),)
    assert (night.zone, night.holidays, night.noon) == (company.zone, "CN", 750)


def test_groups_are_found_by_right(around: Surroundings) -> None:
    assert around.groups_with("cancel") == ("head", "it")


def test_records_keep_the_order_of_statuses_and_stages(around: Surroundings) -> None:
    loan = around.records["loan"]
    assert [status.id for status in loan.statuses] == ["draft", "active", "on_hold", "closed"]
    assert [stage.label.text("en") for stage in loan.stages] == ["Intake", "Review"]
    assert loan.number.format(date(2026, 11, 25), 42) == "LN26-0042"
    assert loan.status("closed") is not None
    assert loan.fields["amount"].currency == "currency"


def test_first_items_of_a_list_are_typed(around: Surroundings) -> None:
    (item,) = around.references["borrower"].items
    assert item.key == "A01"
    assert item.values == {"name": "示例公司", "class": "small", "advisor": None, "limit": None, "since": None}


def test_clauses_are_found_in_documentation_in_policy_order(around: Surroundings) -> None:
    assert around.clauses.cited("Fills G13. See P2.1.1: basis") == ("P2.1.1", "G13")
    assert around.clauses.cited("P2.1.1.3c only") == ()


def test_all_mistakes_of_all_files_are_found_at_once_with_their_lines() -> None:
    files = documented()
    files["groups.yaml"] = (
        b"groups:\n  - id: Clerk\n    zh: a\n    rigths: [deploy]\n  - {id: head, zh: a, en: a, rights: [deplo]}\n"
    )
    files["settings.yaml"] = b"settings: {a: [}"
    files["calendar.yaml"] = (
        b"default: x\ncalendars:\n  a: {zh: a, en: a, zone: Asia/Shangai, week: {mon: [8-12], tuesday: []}}\n"
    )
    found = errors(files)
    expected = [
        ("calendar.yaml:1:", "default calendar x"),
        ("calendar.yaml:3:", "Asia/Shangai"),
        ("calendar.yaml:3:", "mon of week is 8-12"),
        ("calendar.yaml:3:", "Did you mean tue?"),
        ("groups.yaml:2:", "not a name"),
        ("groups.yaml:4:", "Did you mean rights?"),
        ("groups.yaml:2:", "lacks the key en"),
        ("groups.yaml:5:", "Did you mean deploy?"),
        ("reference/borrower.yaml:1:", "group clerk"),
        ("settings.yaml:1:", "YAML cannot be read"),
    ]
    for place, text in expected:
        assert any(finding.startswith(place) and text in finding for finding in found), (place, text, found)


def test_missing_groups_and_records_are_a_finding_and_other_files_are_not() -> None:
    assert [finding.split(":")[0] for finding in errors({})] == ["groups.yaml", "records.yaml"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"- a", b"a: &x [*x]", b"groups: 3", b"groups:\n - 1\n - [2]", b"{{}: 1}"]
)
def test_whatever_the_bytes_there_is_an_answer(content: bytes) -> None:
    assert errors({**documented(), "groups.yaml": content})


@pytest.mark.parametrize(
    "text", ["8-12", "08:00-12:00,11:00-13:00", "24:00-25:00", "08:00-12:61", "12:00-08:00,09:00-10:00"]
)
def test_periods_out_of_order_or_overlapping_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[0-9]"):
        parse_periods(text)


def test_periods_may_end_at_midnight_or_on_the_next_day() -> None:
    assert parse_periods("20:00-24:00") == (Period(1200, 1440),)
    assert parse_periods("22:00-06:00") == (Period(1320, 1800),)
    assert [str(period) for period in parse_periods("08：00-12:00，13:30-24:00")] == ["08:00-12:00", "13:30-24:00"]


@pytest.mark.parametrize(
    ("text", "restart", "period", "number"),
    [
        ("GD{yy}-{seq:4}", "yearly", "2026", "GD26-0007"),
        ("R{yyyy}{mm}{dd}{seq:2}", "monthly", "2026-11", "R2026112507"),
        ("N{seq}", "never", "", "N7"),
    ],
)
def test_a_number_restarts_as_often_as_its_text_allows(text: str, restart: str, period: str, number: str) -> None:
    pattern = NumberPattern.parse(text)
    day = date(2026, 11, 25)
    assert (pattern.restart, pattern.period(day), pattern.format(day, 7)) == (restart, period, number)


@pytest.mark.parametrize(
    ("text", "restart"),
    [("GD", ""), ("{seq}{seq}", ""), ("{xx}{seq}", ""), ("N{seq}", "yearly"), ("N{yy}{seq}", "monthly")],
)
def test_a_pattern_that_would_repeat_numbers_is_refused(text: str, restart: str) -> None:
    with pytest.raises(Invalid):
        NumberPattern.parse(text, restart)
