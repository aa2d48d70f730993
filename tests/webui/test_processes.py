"""Definitions with what runs on them, and deploying a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

from engine.engine import SYSTEM, Engine
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import PRACTICE, SHEN

QUESTION = (PRACTICE / "question.bpmn").read_bytes()


def test_it_lists_the_definitions(lin: Browser, shen: Browser, repair: Callable[..., str]) -> None:
    repair()
    page = text(lin.get("/processes"))
    assert "维修申请 repair 1 1" in page
    assert "检查并部署" not in page
    assert "检查并部署" in text(shen.get("/processes"))


def test_one_definition_shows_what_waits_where(shen: Browser, repair: Callable[..., str]) -> None:
    repair()
    repair()
    answer = shen.get("/processes/repair")
    shown = json.loads(unescape(re.findall(r'data-shown="([^"]+)"', answer.get_data(as_text=True))[0]))
    assert {mark["element"]: mark.get("text") for mark in shown["marks"] if mark.get("text")}["review"] == "2"
    page = text(answer)
    assert "申请维修，主管审核，办事员上门。" in page
    assert "任务没有应办时间" in page
    assert "第 1 版" in page


def test_an_unknown_process_is_not_found(lin: Browser) -> None:
    assert lin.get("/processes/nothing").status_code == 404
    assert lin.get("/processes/repair/source?version=9").status_code == 404


def test_the_file_is_downloaded_as_deployed(lin: Browser) -> None:
    answer = lin.get("/processes/question/source?download=1")
    assert answer.data == QUESTION
    assert "question.bpmn" in answer.headers["Content-Disposition"]


def test_an_element_says_what_it_is(lin: Browser) -> None:
    assert "看物品和房间是否写明" in text(lin.get("/processes/repair/elements/review"))


def test_a_dropped_file_becomes_a_new_version(shen: Browser, engine: Engine) -> None:
    changed = QUESTION.replace("对一次维修的疑问。".encode(), "对维修的疑问。".encode())
    answer = shen.post("/processes/deploy", {"file": (BytesIO(changed), "question.bpmn"), "note": "短一些"})
    page = text(answer) if answer.status_code == 200 else notice(shen, answer)
    assert "已部署：question.bpmn" in page
    newest = engine.deployments.versions("question")[0]
    assert (newest.version, newest.note) == (2, "短一些")


def test_a_file_with_an_error_changes_nothing_and_shows_where(shen: Browser, engine: Engine) -> None:
    wrong = QUESTION.replace(b'camunda:candidateGroups="head"', b'camunda:candidateGroups="nobody"')
    answer = shen.post("/processes/deploy", {"file": (BytesIO(wrong), "question.bpmn")})
    html = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "没有部署" in text(answer)
    assert "小组 nobody" in text(answer)
    assert '"element": "answer", "class": "error"' in html
    assert len(engine.deployments.versions("question")) == 1


def test_who_may_not_deploy_is_told_which_right_is_missing(lin: Browser, engine: Engine) -> None:
    answer = lin.post("/processes/deploy", {"file": (BytesIO(QUESTION + b"\n"), "question.bpmn")})
    assert answer.status_code == 403
    assert "deploy" in text(answer)
    assert len(engine.deployments.versions("question")) == 1


def test_it_reads_in_english(shen: Browser, engine: Engine) -> None:
    engine.people.set_language(SHEN, "en")
    page = text(shen.get("/processes/repair"))
    assert "The task has no due time." in page
    assert "Versions" in page


STORIES = """scenario: W1
title: 主管审核维修
clauses: [R1.1]
---
fragment: 不算
---
scenario: W0
clauses: []
"""


def test_the_clauses_tell_what_carries_them_out_and_what_proves_them(lin: Browser, engine: Engine) -> None:
    before = text(lin.get("/processes/clauses"))
    engine.deployments.replace({"scenarios/stories.yaml": STORIES.encode()}, SYSTEM)

    page = text(lin.get("/processes/clauses"))

    assert "没有" in before
    assert "主管审核维修 W1" in page
    assert "维修申请" in page


def test_the_clauses_that_lack_something_can_be_shown_alone(lin: Browser, engine: Engine) -> None:
    engine.deployments.replace({"scenarios/stories.yaml": STORIES.encode()}, SYSTEM)

    page = lin.get("/processes/clauses?lacking=1").get_data(as_text=True)

    assert 'id="R1.1"' not in page
    assert 'id="R2.1"' in page


def test_an_element_names_its_clauses(lin: Browser) -> None:
    assert "/processes/clauses#R1.1" in lin.get("/processes/repair/elements/review").get_data(as_text=True)
