"""One record: where it stands, what is linked, its diagram and history, what may be started, sent and done with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from unittest.mock import ANY

from engine.clock import MovedClock
from engine.engine import Engine
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import CHEN, LIN, MORNING, ZHOU

Repair = Callable[..., str]
TaskOf = Callable[..., int]


def test_it_shows_where_it_stands(lin: Browser, repair: Repair) -> None:
    key = repair("空调", wanted="2026-12-01")
    page = text(lin.get(f"/records/{key}"))
    assert "空调" in page
    assert "○ 待审" in page
    assert "期望日期 12-01 余 6" in page
    assert "现在 1" in page
    assert "审核 主管" in page
    assert "会议室" in page


def test_an_outsider_does_not_learn_that_it_exists(guest: Browser, repair: Repair) -> None:
    key = repair()
    for path in (f"/records/{key}", "/records/RP26-9999"):
        answer = guest.get(path)
        assert answer.status_code == 404
        assert "没有记录" in text(answer)


def test_a_colleague_reads_but_may_not_hold_or_cancel(zhou: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    instance = engine.records.get(key, LIN).instances[0].id
    assert "流程图以外的操作" not in text(zhou.get(f"/records/{key}"))
    for verb, data in (("hold", {}), ("cancel", {"sure": "yes"}), ("correct", {"name": "item", "value": "1"})):
        answer = zhou.post(f"/records/{key}/instances/{instance}/{verb}", {"reason": "x", **data})
        assert answer.status_code == 403, verb
    assert engine.records.get(key, LIN).instances[0].state == "active"


def test_the_diagram_carries_the_way_taken_and_what_waits(lin: Browser, repair: Repair) -> None:
    html = lin.get(f"/records/{repair()}").get_data(as_text=True)
    shown = json.loads(unescape(re.findall(r'data-shown="([^"]+)"', html)[0]))
    source = unescape(re.findall(r'data-diagram="([^"]+)"', html)[0])
    assert shown["elements"] == {"asked": 1}
    assert shown["flows"] == {"f1": 1}
    assert shown["marks"][0] == {"element": "review", "text": "1", "class": "waits", "tone": "", "title": ANY}
    assert lin.get(source).data.startswith(b"<?xml")


def test_an_element_tells_its_history(lin: Browser, guest: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    instance = engine.records.get(key, LIN).instances[0].id
    path = f"/records/{key}/elements/{instance}/review"
    assert "审核: 待办 1 次" in text(lin.get(path))
    assert guest.get(path).status_code == 404


def test_the_timeline_stands_in_the_order_of_the_policy(
    lin: Browser, repair: Repair, task_of: TaskOf, engine: Engine
) -> None:
    key = repair()
    engine.tasks.complete(task_of(key, CHEN), {"decision": "approve", "cost": "80"}, CHEN)
    page = text(lin.get(f"/records/{key}"))
    assert page.index("申请与审核") < page.index("上门 现在") < len(page)
    assert "陈志远 费用 80 · 结论 同意" in page
    by_time = text(lin.get(f"/records/{key}?order=time"))
    assert "申请与审核" not in by_time
    assert by_time.index("上门：待办") < by_time.index("审核：已办")


def test_something_linked_is_started_from_it(lin: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    assert "提出疑问" in text(lin.get(f"/records/{key}"))
    page = notice(lin, lin.post(f"/start/question?element_id=raised&key={key}", {"text": "谁付钱？"}))
    assert "疑问 Q26-001" in page
    assert engine.records.get(key, LIN).instances[1].number == "Q26-001"


def test_a_message_is_sent_in_two_steps_when_it_cannot_be_taken_back(
    lin: Browser, chen: Browser, repair: Repair, engine: Engine
) -> None:
    key = repair()
    button = next(each for each in engine.records.get(key, LIN).buttons if each.kind == "message")
    path = f"/records/{key}/messages/{button.subscription_id}"
    assert "不能撤回" in text(lin.get(path))
    assert "撤回申请" not in text(chen.get(f"/records/{key}"))
    assert chen.get(path).status_code in {403, 404}
    # Given no reason, nothing is sent
    assert lin.post(path, {"sure": "yes"}).status_code == 422
    assert lin.post(path, {"reason": "不用了"}).status_code == 422
    assert engine.records.get(key, LIN).tasks
    # With it, and with the tick, it is
    assert "已提交：撤回申请" in notice(lin, lin.post(path, {"sure": "yes", "reason": "不用了"}))
    assert engine.records.get(key, LIN).instances[0].end == "withdrawn_end"


def test_it_is_held_resumed_corrected_and_cancelled(chen: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    at = f"/records/{key}/instances/{engine.records.get(key, CHEN).instances[0].id}"
    assert "等零件" in notice(chen, chen.post(f"{at}/hold", {"reason": "等零件", "until": "2026-11-30T08:00"}))
    assert "11-30 08:00" in text(chen.get(f"/records/{key}"))
    assert f"{key} 继续" in notice(chen, chen.post(f"{at}/resume"))
    assert "风扇" in notice(chen, chen.post(f"{at}/correct", {"name": "item", "value": '"风扇"', "reason": "写错"}))
    assert chen.post(f"{at}/cancel", {"reason": "重复"}).status_code == 400
    assert f"{key} 已取消" in notice(chen, chen.post(f"{at}/cancel", {"reason": "重复", "sure": "yes"}))
    assert engine.records.get(key, CHEN).tasks == ()


def test_a_wrong_correction_says_what_is_wrong(chen: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    at = f"/records/{key}/instances/{engine.records.get(key, CHEN).instances[0].id}"
    answer = chen.post(f"{at}/correct", {"name": "item", "value": "1 +", "reason": "写错"})
    assert answer.status_code == 422
    assert "没有写完" in text(answer)


def test_tokens_are_moved(chen: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    at = f"/records/{key}/instances/{engine.records.get(key, CHEN).instances[0].id}"
    chen.post(f"{at}/modify", {"cancel": "review", "start_before": "visit", "reason": "已口头同意"})
    assert [task.name for task in engine.records.get(key, CHEN).tasks] == ["上门"]


def test_comments_and_files_stand_on_it(zhou: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    zhou.post(f"/records/{key}/comment", {"text": "我去看过"})
    assert "清单.txt" in notice(zhou, zhou.post(f"/records/{key}/files", {"file": (BytesIO(b"x"), "清单.txt")}))
    assert zhou.post(f"/records/{key}/files", {}).status_code == 400
    assert engine.records.comments(key, ZHOU)[0].text == "我去看过"


def test_it_reads_in_english(lin: Browser, repair: Repair, engine: Engine) -> None:
    engine.people.set_language(LIN, "en")
    page = text(lin.get(f"/records/{repair()}"))
    for words in ("Repair", "Asked", "Review", "Urgency", "Low", "Asking and review"):
        assert words in page, words


def test_the_form_of_a_message_is_drawn_anew_while_it_is_filled_in(
    lin: Browser, repair: Repair, engine: Engine
) -> None:
    key = repair()
    button = next(each for each in engine.records.get(key, LIN).buttons if each.kind == "message")
    path = f"/records/{key}/messages/{button.subscription_id}"
    assert f'data-draft="{path}/draw"' in lin.get(path).get_data(as_text=True)
    drawn = lin.post(f"{path}/draw", {"reason": "不用了"}).get_data(as_text=True)
    assert 'id="f-reason-field"' in drawn
    assert "不用了" in drawn
    assert engine.records.get(key, LIN).tasks


def test_the_history_tells_when_a_row_was_entered_that_arrived_later(
    lin: Browser, repair: Repair, task_of: TaskOf, engine: Engine, clock: MovedClock
) -> None:
    late, prompt = repair("灯"), repair("门")
    for key in (late, prompt):
        engine.tasks.complete(task_of(key, CHEN), {"decision": "approve", "cost": "1"}, CHEN)
    clock.move_to(MORNING.replace(hour=14))
    engine.tasks.complete(task_of(late, LIN), {"state": "fine", "seen_at": "10:00"}, LIN, "", MORNING.replace(minute=2))
    engine.tasks.complete(
        task_of(prompt, LIN), {"state": "fine"}, LIN, "", MORNING.replace(hour=13, minute=59, second=50)
    )

    assert "到场时间 10:00 · 结果 正常 无网络时填于 2026-11-23 10:02，14:00 送达" in text(lin.get(f"/records/{late}"))
    assert "无网络时" not in text(lin.get(f"/records/{prompt}"))
