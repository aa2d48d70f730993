"""Notices: who was told, who has read, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import NotFound
from tests.engine.identity.company import ANNA, HUGO, IT, START, SYSTEM, Company, opened


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with opened(database_url, tmp_path) as made:
        yield made


def test_groups_are_expanded_to_active_people_each_once(company: Company) -> None:
    company.engine.people.create("zoe", "Zoe", "", ["clerk"], IT)
    company.engine.people.create("yan", "Yan", "", ["clerk"], IT)
    company.engine.people.deactivate("yan", IT)
    told = company.engine.notifications.send(["group:clerk", "anna", "hugo"], "Late", "3 days", "report", True, IT)
    assert sorted(told) == ["anna", "hugo", "zoe"]


def test_reading_gives_a_receipt_that_the_sender_sees(company: Company) -> None:
    notifications = company.engine.notifications
    notifications.send(["anna", "hugo"], "Late", "3 days", "report", True, IT)
    notifications.send(["anna"], "Plain", actor=HUGO)
    assert notifications.unread_count(ANNA) == 2
    plain, late = notifications.list(ANNA)
    assert (late.subject, late.text, late.kind, late.receipt, late.from_name) == (
        "Late",
        "3 days",
        "report",
        True,
        "Ivan",
    )
    assert (plain.receivers, late.receivers) == ((), (("Anna", None), ("Hugo", None)))
    company.pass_time(hours=1)
    notifications.mark_read(late.id, ANNA)
    company.pass_time(hours=1)
    notifications.mark_read(late.id, ANNA)
    read_at = START + timedelta(hours=1)
    (sent,) = notifications.sent(IT)
    assert sent.receivers == (("Anna", read_at), ("Hugo", None))
    assert notifications.unread_count(ANNA) == 1
    assert [each.id for each in notifications.list(ANNA, unread=True)] == [plain.id]
    assert {each.subject for each in notifications.sent(SYSTEM)} == {"Late", "Plain"}


def test_nobody_reads_what_was_told_to_others(company: Company) -> None:
    notifications = company.engine.notifications
    notifications.send(["anna"], "Private", actor=IT)
    (private,) = notifications.list(ANNA)
    assert notifications.list(HUGO) == notifications.sent(HUGO) == ()
    with pytest.raises(NotFound):
        notifications.mark_read(private.id, HUGO)


def test_lists_go_on_page_by_page(company: Company) -> None:
    notifications = company.engine.notifications
    for number in range(5):
        notifications.send(["anna"], str(number))
    first = notifications.list(ANNA, limit=2)
    second = notifications.list(ANNA, before=first[-1].id, limit=2)
    assert [each.subject for each in (*first, *second)] == ["4", "3", "2", "1"]
