"""Editing diagrams and tables in the browser: drafts, checking, deploying, and a colleague who was faster."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.runtime.deployments import editing
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import LIN, PRACTICE, SHEN, ZHOU

QUESTION = (PRACTICE / "question.bpmn").read_bytes()
SHORTER = QUESTION.replace("对一次维修的疑问。".encode(), "对维修的疑问。".encode())
BROKEN = QUESTION.replace(b'camunda:candidateGroups="head"', b'camunda:candidateGroups="nobody"')
DIGEST = hashlib.sha256(QUESTION).hexdigest()
JSON = {"Accept": "application/json"}
ON = "/processes/editing"


def sent(content: bytes, **more: str) -> dict[str, Any]:
    """What the page sends: the file as it stands in the modeler and what it began from."""
    return {"file": (BytesIO(content), "question.bpmn"), "begun": DIGEST, **more}


def test_the_page_opens_the_deployed_file_with_its_templates(shen: Browser) -> None:
    page = shen.get("/processes/question/edit").get_data(as_text=True)
    source = re.findall(r'data-source="([^"]+)"', page)[0]
    assert shen.get(source).data == QUESTION
    assert f'name="begun" value="{DIGEST}"' in page
    assert {each["id"] for each in shen.get(f"{ON}/templates").get_json()} >= {"gendan.compute", "gendan.notify"}


def test_templates_of_the_practice_s_own_are_deployed_and_offered(shen: Browser) -> None:
    own = {"id": "shop.weigh", "name": "Weigh", "appliesTo": ["bpmn:UserTask"], "properties": [{"type": "Hidden"}]}
    dropped = (BytesIO(json.dumps(own).encode()), "weigh.json")
    assert shen.post("/processes/deploy", {"file": dropped}).status_code in (200, 303)
    assert own in shen.get(f"{ON}/templates").get_json()


def test_the_policy_of_the_page_lets_nothing_in_but_style_attributes(shen: Browser) -> None:
    plain = shen.get("/processes").headers["Content-Security-Policy"]
    policy = shen.get("/processes/question/edit").headers["Content-Security-Policy"]
    assert policy == f"{plain}; style-src-attr 'unsafe-inline'"
    assert "script-src 'self';" in policy


def test_what_is_not_there_is_not_found(shen: Browser) -> None:
    for path in ("/processes/nothing/edit", "/processes/decisions/nothing/edit", "/processes/drafts/nothing.bpmn"):
        assert shen.get(path).status_code == 404, path


def test_a_check_finds_what_the_edit_breaks_and_stores_nothing(lin: Browser, engine: Engine) -> None:
    answer = lin.post(f"{ON}/check/question.bpmn", sent(BROKEN), headers=JSON).get_json()
    assert answer["refused"]
    assert {"element": "answer", "level": "error"}.items() <= answer["findings"][0].items()
    assert 'data-jump="answer"' in answer["list"]
    assert "question" in answer["list"]
    assert engine.editing.drafts(LIN) == ()


def test_a_check_tells_what_deploying_would_change(lin: Browser) -> None:
    changed = SHORTER.replace('name="回答"'.encode(), 'name="详细回答"'.encode())
    answer = lin.post(f"{ON}/check/question.bpmn", sent(changed), headers=JSON).get_json()
    assert not answer["refused"]
    assert "部署后有什么变化" in answer["list"]
    assert "<del>回答</del> → <ins>详细回答</ins>" in answer["list"]


def test_a_check_names_other_files_that_the_edit_breaks(lin: Browser) -> None:
    other = QUESTION.replace(b'process id="question"', b'process id="repair"').replace(
        b'bpmnElement="question"', b'bpmnElement="repair"'
    )
    answer = lin.post(f"{ON}/check/question.bpmn", sent(other), headers=JSON).get_json()
    assert answer["refused"]


def test_damaged_files_are_findings_and_never_a_fault(lin: Browser) -> None:
    for content in (b"<", b"no xml", QUESTION[:900], b"\x00\xff"):
        answer = lin.post(f"{ON}/check/question.bpmn", sent(content), headers=JSON)
        assert answer.status_code == 200
        assert answer.get_json()["refused"], content


def test_a_draft_is_kept_for_its_owner_alone(lin: Browser, zhou: Browser, engine: Engine, clock: MovedClock) -> None:
    answer = lin.post(f"{ON}/save/question.bpmn", sent(SHORTER), headers=JSON).get_json()
    assert answer == {"said": "已存为你的草稿。", "clash": None}
    assert lin.get(f"{ON}/source/question.bpmn").data == SHORTER
    assert zhou.get(f"{ON}/source/question.bpmn").data == QUESTION
    assert "question.bpmn" in text(lin.get("/processes/drafts"))
    assert "question.bpmn" not in text(zhou.get("/processes/drafts"))
    assert engine.deployments.source("question", 1) == QUESTION
    assert "你 10:00 的草稿" in text(lin.get("/processes/question/edit"))


def test_a_draft_of_a_thing_that_is_no_diagram_is_refused(lin: Browser) -> None:
    for name in ("settings.yaml", "a/../../b.bpmn", ".bpmn", "x.bpmn.exe"):
        assert lin.post(f"{ON}/save/{name}", sent(SHORTER), headers=JSON).status_code in {404, 422}, name


def test_nobody_keeps_drafts_without_end(lin: Browser, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "MOST", 2)
    for name in ("a.bpmn", "b.bpmn", "a.bpmn"):
        assert lin.post(f"{ON}/save/{name}", sent(SHORTER), headers=JSON).status_code == 200
    answer = lin.post(f"{ON}/save/c.bpmn", sent(SHORTER), headers=JSON)
    assert answer.status_code == 422
    assert "2" in answer.get_json()["error"]


def test_an_edit_is_deployed_with_its_comment_and_its_draft_is_over(shen: Browser, engine: Engine) -> None:
    shen.post(f"{ON}/save/question.bpmn", sent(SHORTER), headers=JSON)
    answer = shen.post(f"{ON}/deploy/question.bpmn", sent(SHORTER, note="短一些"), headers=JSON)
    assert answer.get_json() == {"to": "/processes"}
    newest = engine.deployments.versions("question")[0]
    assert (newest.version, newest.note, newest.deployed_by) == (2, "短一些", "shen")
    assert engine.editing.drafts(SHEN) == ()


def test_who_may_not_deploy_is_told_and_keeps_the_draft(lin: Browser, engine: Engine) -> None:
    lin.post(f"{ON}/save/question.bpmn", sent(SHORTER), headers=JSON)
    answer = lin.post(f"{ON}/deploy/question.bpmn", sent(SHORTER), headers=JSON)
    assert answer.status_code == 403
    assert "deploy" in answer.get_json()["error"]
    assert "部署需要 deploy 权限" in text(lin.get("/processes/question/edit"))
    assert len(engine.editing.drafts(LIN)) == 1
    assert len(engine.deployments.versions("question")) == 1


def test_an_edit_with_an_error_is_not_deployed(shen: Browser, engine: Engine) -> None:
    answer = shen.post(f"{ON}/deploy/question.bpmn", sent(BROKEN), headers=JSON)
    assert answer.status_code == 422
    assert answer.get_json()["findings"][0]["element"] == "answer"
    assert len(engine.deployments.versions("question")) == 1


def test_a_colleague_who_deployed_meanwhile_is_told_and_not_overwritten(shen: Browser, engine: Engine) -> None:
    shen.post(f"{ON}/save/question.bpmn", sent(SHORTER), headers=JSON)
    other = QUESTION.replace("对一次维修的疑问。".encode(), "问。".encode())
    engine.deployments.replace({"question.bpmn": other}, SYSTEM, "先来")

    saved = shen.post(f"{ON}/save/question.bpmn", sent(SHORTER), headers=JSON).get_json()
    deployed = shen.post(f"{ON}/deploy/question.bpmn", sent(SHORTER), headers=JSON)

    assert "先来" in saved["clash"]["text"]
    assert deployed.status_code == 409
    assert deployed.get_json()["clash"]["digest"] == hashlib.sha256(other).hexdigest()
    assert engine.deployments.source("question", 2) == other
    assert "先来" in text(shen.get("/processes/question/edit"))
    assert "其间已有新的部署" in text(shen.get("/processes/drafts"))


def test_one_may_deploy_over_a_colleague_knowingly_and_over_no_third(shen: Browser, engine: Engine) -> None:
    other, third = (QUESTION.replace("对一次维修的疑问。".encode(), each.encode()) for each in ("问。", "疑。"))
    engine.deployments.replace({"question.bpmn": other}, SYSTEM)
    seen = hashlib.sha256(other).hexdigest()
    engine.deployments.replace({"question.bpmn": third}, SYSTEM)

    late = shen.post(f"{ON}/deploy/question.bpmn", sent(SHORTER, over=seen), headers=JSON)
    known = shen.post(
        f"{ON}/deploy/question.bpmn", sent(SHORTER, over=late.get_json()["clash"]["digest"]), headers=JSON
    )

    assert late.status_code == 409
    assert known.get_json() == {"to": "/processes"}
    assert engine.deployments.source("question", 4) == SHORTER


def test_a_draft_can_be_discarded(lin: Browser) -> None:
    lin.post(f"{ON}/save/question.bpmn", sent(SHORTER), headers=JSON)
    assert "草稿已放弃" in notice(lin, lin.post(f"{ON}/discard/question.bpmn"))
    assert lin.get(f"{ON}/source/question.bpmn").data == QUESTION
    assert "没有可放弃的草稿" in notice(lin, lin.post(f"{ON}/discard/question.bpmn"))


def test_without_script_a_file_is_downloaded_edited_and_sent(shen: Browser, engine: Engine) -> None:
    page = shen.get("/processes/question/edit").get_data(as_text=True)
    assert "Camunda Modeler" in page
    download = re.findall(r'href="([^"]+download=1)"', page)[0]
    assert "filename=question.bpmn" in shen.get(download).headers["Content-Disposition"]

    assert "小组 nobody" in text(shen.post(f"{ON}/check/question.bpmn", sent(BROKEN)))
    assert "已存为你的草稿" in notice(shen, shen.post(f"{ON}/save/question.bpmn", sent(SHORTER)))
    assert shen.post(f"{ON}/deploy/question.bpmn", sent(BROKEN)).status_code == 422
    deployed = shen.post(f"{ON}/deploy/question.bpmn", sent(SHORTER, note="短"))
    assert "已部署：question.bpmn" in notice(shen, deployed)
    assert engine.deployments.versions("question")[0].note == "短"


def test_a_form_without_a_file_changes_nothing(shen: Browser, engine: Engine) -> None:
    for what in ("check", "save", "deploy"):
        assert shen.post(f"{ON}/{what}/question.bpmn", {"begun": DIGEST}).status_code == 422, what
    assert engine.editing.drafts(SHEN) == ()


def test_a_new_process_begins_with_a_lane_a_role_and_can_be_deployed(shen: Browser, engine: Engine) -> None:
    asked = {"kind": "bpmn", "id": "leave", "name": "请假 <&>", "lanes": ["clerk", "head"]}
    answer = shen.post("/processes/drafts", asked)
    assert answer.headers["Location"] == "/processes/drafts/leave.bpmn"
    content = shen.get(f"{ON}/source/leave.bpmn").data

    report = engine.editing.check("leave.bpmn", content)
    deployed = shen.post(f"{ON}/deploy/leave.bpmn", {"file": (BytesIO(content), "leave.bpmn"), "begun": ""})

    assert report.deployable, report.findings
    assert "已部署：leave.bpmn" in notice(shen, deployed)
    process = engine.deployments.current().processes["leave"]
    assert process.name == "请假 <&>"
    assert {node.lane for node in process.definition.scope.nodes.values()} == {"leave_lane_0"}
    assert "主管".encode() in content


def test_a_new_table_can_be_deployed(shen: Browser, engine: Engine) -> None:
    shen.post("/processes/drafts", {"kind": "dmn", "id": "grade", "name": "等级"})
    content = shen.get(f"{ON}/source/decisions/grade.dmn").data
    shen.post(f"{ON}/deploy/decisions/grade.dmn", {"file": (BytesIO(content), "grade.dmn"), "begun": ""})
    assert [row.process_id for row in engine.deployments.decisions()] == ["grade"]
    assert shen.get("/processes/decisions/grade/edit").status_code == 200


def test_what_is_there_is_not_begun_again(shen: Browser) -> None:
    shen.post("/processes/drafts", {"kind": "bpmn", "id": "leave"})
    assert shen.post("/processes/drafts", {"kind": "bpmn", "id": "leave"}).status_code == 409
    assert shen.post("/processes/drafts", {"kind": "bpmn", "id": "repair"}).status_code == 409
    assert shen.post("/processes/drafts", {"kind": "bpmn", "id": "no id"}).status_code == 422
    assert shen.post("/processes/drafts", {"kind": "bpmn", "id": "x", "lanes": "ghosts"}).status_code == 422


def test_two_who_deploy_other_files_at_once_both_stay(engine: Engine) -> None:
    """What one read before the other deployed is not written back over it."""
    repair = (PRACTICE / "repair.bpmn").read_bytes() + b"\n"
    check = engine.deployments.validate
    other = [lambda: engine.deployments.replace({"repair.bpmn": repair}, SYSTEM)]

    def meanwhile(*_args: object) -> None:
        if other:
            other.pop()()

    engine.deployments._require = meanwhile  # type: ignore[method-assign]  # between reading and writing
    engine.deployments.replace({"question.bpmn": SHORTER}, SHEN)

    files = engine.deployments.files()
    assert files["repair.bpmn"] == repair
    assert files["question.bpmn"] == SHORTER
    assert check(files).deployable


def test_it_reads_in_english(login: Callable[[str], Browser], engine: Engine) -> None:
    engine.people.set_language(ZHOU, "en")
    assert "Save as draft" in text(login("zhou").get("/processes/question/edit"))
