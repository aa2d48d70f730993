"""Jobs, pushed notifications and whether they arrived, and one's own push addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from tests.engine.jobs.outside import Outside, outside
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import LIN, SHEN
from tests.webui.test_exports import rows_of


@pytest.fixture
def robot(engine: Engine) -> Iterator[Outside]:
    """A push service that people may give an address of."""
    with outside() as found:
        push_on(engine, found)
        yield found


def push_on(engine: Engine, robot: Outside, **more: Any) -> None:
    given = {"push_kinds": ("json", "wecombot"), "push_hosts": (robot.host,), **more}
    engine.machinery.settings = replace(engine.machinery.settings, outside=robot.settings(**given))


def pushed(engine: Engine, clock: MovedClock, robot: Outside, status: int, hours: float = 0.02) -> None:
    """Lin was told something, and so long has passed since."""
    robot.answer(status)
    engine.push_addresses.add("lin", f"json://{robot.host}/lin", LIN)
    engine.notifications.send(["lin"], "空调报修", "三楼", actor=SHEN)
    until = clock.now() + timedelta(hours=hours)
    while (due := engine.next_due()) is not None and due <= until:
        clock.move_to(max(due, clock.now()))
        engine.tick()


def test_jobs_are_shown_to_who_administers(
    engine: Engine, clock: MovedClock, robot: Outside, shen: Browser, lin: Browser, guest: Browser
) -> None:
    assert "没有作业" in text(shen.get("/jobs"))
    pushed(engine, clock, robot, 503)
    page = text(shen.get("/jobs"))
    assert "待重试 json://127.0.0.1" in page
    assert "503" in page
    assert "已试 1 次" in page
    (job,) = rows_of(shen, "/jobs/export?state=waiting")
    assert job[1:4] == ("推送", "待执行", "json://127.0.0.1")
    assert rows_of(shen, "/jobs/export?state=failed") == []
    assert "没有作业" in text(shen.get("/jobs?state=failed"))
    assert shen.get("/jobs?state=nonsense").status_code == 400
    for browser in (lin, guest):
        assert browser.get("/jobs").status_code == 403
        assert browser.post("/jobs/1/retry").status_code == 403


def test_a_failed_push_is_tried_again_from_jobs_and_from_incidents(
    engine: Engine, clock: MovedClock, robot: Outside, shen: Browser, lin: Browser
) -> None:
    pushed(engine, clock, robot, 503, hours=12)
    (job,) = engine.jobs.list(SHEN, "failed")
    assert "未送达的推送" in text(shen.get("/incidents"))
    assert "未送达的推送" not in text(lin.get("/incidents"))
    assert "失败 1" in text(shen.get("/jobs"))
    robot.answer(200)
    answer = shen.post(f"/jobs/{job.id}/retry", {"back": "/incidents"})
    assert answer.headers["Location"] == "/incidents"
    engine.tick()
    assert "✓ 已完成" in text(shen.get("/jobs?state=done"))
    assert shen.post(f"/jobs/{job.id}/retry").status_code == 409
    assert shen.post("/jobs/999/retry").status_code == 404


def test_one_sees_whether_a_push_arrived_and_so_does_who_told(
    engine: Engine, clock: MovedClock, robot: Outside, lin: Browser, shen: Browser
) -> None:
    pushed(engine, clock, robot, 500)
    assert "推送 json://127.0.0.1: ○ 尚未送达" in text(lin.get("/notifications"))
    sent = text(shen.get("/notifications?box=sent"))
    assert "推送 给 林晓雯: ○ 尚未送达" in sent
    assert "127.0.0.1" not in sent
    robot.answer(200)
    clock.move_to(clock.now() + timedelta(minutes=1))
    engine.tick()
    assert "已送达" in text(lin.get("/notifications"))


def test_one_adds_and_takes_away_ones_own_push_address(lin: Browser, engine: Engine, robot: Outside) -> None:
    secret = "693a91f6-7b2c-4bc4-97a0-0ec2aaaabbbb"
    assert "不推送" in text(lin.get("/people/me"))
    sent = {"address": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={secret}", "back": "me"}
    assert "WeCom …bbbb" in notice(lin, lin.post("/people/lin/addresses", sent))
    page = lin.get("/people/me")
    assert "WeCom …bbbb" in text(page)
    assert secret not in page.get_data(as_text=True)
    assert "这不是推送地址" in notice(
        lin, lin.post("/people/lin/addresses", {"address": "file:///etc/passwd", "back": "me"})
    )
    (address,) = engine.push_addresses.list("lin", LIN)
    assert "不再" in notice(lin, lin.post(f"/people/addresses/{address.id}/remove", {"back": "me"}))
    assert engine.push_addresses.list("lin", LIN) == ()


def test_an_administrator_does_it_for_others_and_nobody_else_does(
    lin: Browser, zhou: Browser, shen: Browser, engine: Engine, robot: Outside
) -> None:
    made = {"address": f"json://{robot.host}/lin"}
    assert zhou.post("/people/lin/addresses", made).status_code == 403
    answer = shen.post("/people/lin/addresses", made)
    assert answer.headers["Location"] == "/people/lin"
    (address,) = engine.push_addresses.list("lin", SYSTEM)
    assert "json://127.0.0.1" in text(shen.get("/people/lin"))
    assert zhou.post(f"/people/addresses/{address.id}/remove").status_code == 404
    assert shen.post(f"/people/addresses/{address.id}/remove").status_code == 303


def test_without_push_nobody_is_asked_for_an_address(lin: Browser, engine: Engine) -> None:
    assert "推送" not in text(lin.get("/people/me"))
    answer = lin.post("/people/lin/addresses", {"address": "lin@example.com", "back": "me"})
    assert "不允许" in notice(lin, answer)
    assert engine.push_addresses.list("lin", LIN) == ()
