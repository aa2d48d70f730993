"""Notifications with their receipts."""

from __future__ import annotations

import pytest

from engine.engine import SYSTEM, Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, LIN


@pytest.fixture
def told(engine: Engine) -> int:
    """A report that Lin has made to Chen, with a receipt."""
    engine.notifications.send(["chen"], "里布迟到", "晚三天。", kind="report", receipt=True, actor=LIN)
    return engine.notifications.list(CHEN)[0].id


def test_it_lists_what_one_was_told(chen: Browser, guest: Browser, told: int) -> None:
    page = text(chen.get("/notifications"))
    assert "新 里布迟到" in page
    assert "晚三天。" in page
    assert "确认已读" in page
    assert "没有通知" in text(guest.get("/notifications"))
    assert "1 条未读通知" in chen.get("/tasks").get_data(as_text=True)


def test_reading_is_confirmed_and_seen_by_the_sender(chen: Browser, lin: Browser, told: int, engine: Engine) -> None:
    assert "陈志远: ○ 未读" in text(lin.get("/notifications?box=sent"))
    assert chen.post(f"/notifications/{told}/read").status_code == 303
    assert engine.notifications.unread_count(CHEN) == 0
    assert "陈志远: ✓ 10:00 已读" in text(lin.get("/notifications?box=sent"))


def test_everything_is_read_at_once_save_what_asks_for_a_receipt(chen: Browser, told: int, engine: Engine) -> None:
    engine.notifications.send(["chen"], "提醒", actor=LIN)
    assert engine.notifications.unread_count(CHEN) == 2
    assert chen.post("/notifications/read").status_code == 303
    assert [one.id for one in engine.notifications.list(CHEN, unread=True)] == [told]
    assert "提醒" in text(chen.get("/notifications?box=all"))


def test_nobody_reads_for_somebody_else(guest: Browser, told: int, engine: Engine) -> None:
    assert guest.post(f"/notifications/{told}/read").status_code == 404
    assert engine.notifications.unread_count(CHEN) == 1
    assert engine.notifications.sent(SYSTEM)[0].id == told


def test_it_reads_in_english(chen: Browser, told: int, engine: Engine) -> None:
    engine.people.set_language(CHEN, "en")
    assert "Confirm reading" in text(chen.get("/notifications"))
