"""One task: its form, its outcome, drafts, errors at their fields, conflicts, and what one may do with it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from engine.engine import Engine
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import CHEN, LIN, SHEN

Repair = Callable[..., str]
TaskOf = Callable[..., int]


def test_it_shows_the_form_and_what_is_needed_to_decide(chen: Browser, repair: Repair, task_of: TaskOf) -> None:
    key = repair("空调")
    answer = chen.get(f"/tasks/{task_of(key, CHEN)}")
    page, html = text(answer), answer.get_data(as_text=True)
    assert "审核" in page
    assert "看物品和房间是否写明（ R1.1 申请须写明物品和房间。 ）。" in page
    assert "结论 同意 退回…" in page
    assert "会议室" in page
    assert '<details name="outcome">' in html
    assert 'name="panel:back:lacking"' in html


def test_an_outsider_does_not_learn_that_it_exists(guest: Browser, repair: Repair, task_of: TaskOf) -> None:
    task = task_of(repair(), CHEN)
    assert guest.get(f"/tasks/{task}").status_code == 404
    assert guest.post(f"/tasks/{task}/complete", {"decision": "approve"}).status_code == 404


def test_a_colleague_reads_but_may_not_complete(zhou: Browser, repair: Repair, task_of: TaskOf, engine: Engine) -> None:
    key = repair()
    task = task_of(key, CHEN)
    page = zhou.get(f"/tasks/{task}")
    assert page.status_code == 200
    assert "您可以看。 “审核”" in text(page)
    assert "”是给别人的，不是给您的。" in text(page)
    answer = zhou.post(f"/tasks/{task}/complete", {"decision": "approve"})
    assert answer.status_code == 403
    assert engine.tasks.get(task, CHEN).row.name == "审核"


def test_the_outcome_completes_it_and_says_what_comes_next(
    chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    key = repair()
    answer = chen.post(f"/tasks/{task_of(key, CHEN)}/complete", {"decision": "approve", "cost": "1,200"})
    page = text(answer)
    assert "审核 " + key in page
    assert "上门 林晓雯" in page
    assert engine.records.get(key, LIN).tasks[0].name == "上门"


def test_the_reason_of_an_outcome_comes_from_its_own_panel(
    chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    key = repair()
    sent = {"decision": "back", "panel:back:lacking": "房间号", "panel:approve:lacking": "不算"}
    assert chen.post(f"/tasks/{task_of(key, CHEN)}/complete", sent).status_code == 200
    values = next(row.data["values"] for row in engine.records.timeline(key, LIN, "time") if "values" in row.data)
    assert isinstance(values, dict)
    assert values["lacking"] == "房间号"


def test_bad_input_changes_nothing_and_keeps_what_was_typed(
    chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    key = repair()
    task = task_of(key, CHEN)
    answer = chen.post(f"/tasks/{task}/complete", {"decision": "back", "cost": "viel"})
    page, html = text(answer), answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "有 2 处要改，还没有完成" in page
    assert 'value="viel"' in html
    assert 'href="#f-cost"' in html
    assert 'id="f-panel-back-lacking"' in html
    assert '<details name="outcome" open>' in html
    assert engine.records.get(key, LIN).tasks[0].id == task


def test_a_repeated_submission_counts_once(chen: Browser, repair: Repair, task_of: TaskOf) -> None:
    task = task_of(repair(), CHEN)
    sent = {"decision": "approve", "submission": "twice"}
    assert "只算一次" not in text(chen.post(f"/tasks/{task}/complete", sent))
    again = chen.post(f"/tasks/{task}/complete", sent)
    assert again.status_code == 200
    assert "只算一次" in text(again)


def test_who_comes_too_late_learns_who_was_faster_and_keeps_what_he_typed(
    shen: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    key = repair()
    task = task_of(key, CHEN)
    engine.tasks.complete(task, {"decision": "approve"}, CHEN)
    sent = {"decision": "approve", "cost": "77", "process_id": "repair", "element_id": "review", "key": key}
    answer = shen.post(f"/tasks/{task}/complete", sent)
    page = text(answer)
    assert answer.status_code == 409
    assert "陈志远" in page
    assert "10:00" in page
    assert "费用 77" in page
    assert f"/records/{key}" in answer.get_data(as_text=True)


def test_a_draft_is_kept_and_computed_with(chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine) -> None:
    task = task_of(repair(), CHEN)
    answer = chen.post(f"/tasks/{task}/draft", {"cost": "55"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "草稿已存" in text(answer)
    assert 'value="55"' in chen.get(f"/tasks/{task}").get_data(as_text=True)
    assert "已存为草稿" in notice(chen, chen.post(f"/tasks/{task}/draft", {"cost": "56"}))


def test_it_is_claimed_given_back_and_handed_over(
    chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(repair(), CHEN)
    chen.post(f"/tasks/{task}/claim")
    assert engine.tasks.get(task, CHEN).row.assignee == "chen"
    chen.post(f"/tasks/{task}/unclaim")
    assert engine.tasks.get(task, CHEN).row.assignee == ""
    assert "周敏" in notice(chen, chen.post(f"/tasks/{task}/reassign", {"to": "zhou"}))
    assert engine.tasks.get(task, CHEN).row.assignee == "zhou"


def test_due_time_and_priority_are_set_by_who_may(
    chen: Browser, zhou: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    task = task_of(repair(), CHEN)
    assert zhou.post(f"/tasks/{task}/due", {"due": "2026-11-25T09:00"}).status_code == 403
    assert chen.post(f"/tasks/{task}/due", {"due": "2026-11-25T09:00"}).status_code == 303
    assert chen.post(f"/tasks/{task}/priority", {"priority": "90"}).status_code == 303
    assert chen.post(f"/tasks/{task}/priority", {"priority": "900"}).status_code == 400
    row = engine.tasks.get(task, CHEN).row
    assert (row.priority, f"{row.due:%d}") == (90, "25")


def test_a_comment_stands_on_the_record(chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine) -> None:
    key = repair()
    task = task_of(key, CHEN)
    answer = chen.post(f"/tasks/{task}/comment", {"text": "<b>看过了</b>"}, headers={"HX-Request": "true"})
    assert "&lt;b&gt;看过了&lt;/b&gt;" in answer.get_data(as_text=True)
    assert [found.text for found in engine.records.comments(key, LIN)] == ["<b>看过了</b>"]
    assert chen.post(f"/tasks/{task}/comment", {"text": " "}).status_code == 422


def test_a_file_is_added_and_downloaded_as_a_file(
    chen: Browser, guest: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    key = repair()
    task = task_of(key, CHEN)
    page = notice(chen, chen.post(f"/tasks/{task}/files", {"file": (BytesIO(b"<script>"), "单 据.html")}))
    assert "单 据.html" in page
    file = engine.records.files(key, LIN)[0]
    answer = chen.get(f"/files/{file.id}")
    assert answer.data == b"<script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert guest.get(f"/files/{file.id}").status_code == 404


def test_a_held_task_waits(chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine) -> None:
    key = repair()
    task = task_of(key, CHEN)
    engine.instances.hold(engine.records.get(key, CHEN).instances[0].id, "等零件", None, CHEN)
    assert "已暂停" in text(chen.get(f"/tasks/{task}"))
    assert chen.post(f"/tasks/{task}/complete", {"decision": "approve"}).status_code == 409


def test_it_reads_in_english(chen: Browser, repair: Repair, task_of: TaskOf, engine: Engine) -> None:
    engine.people.set_language(CHEN, "en")
    page = text(chen.get(f"/tasks/{task_of(repair(), CHEN)}"))
    assert "Comments" in page
    assert "Wanted by" not in page  # nothing was wished for
    assert SHEN.user_id not in page
