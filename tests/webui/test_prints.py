"""Printed sheets: filled with what the viewer sees, kept with the version, changed without a programmer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.command.opening import practice_files
from engine.definitions.findings import Level
from engine.engine import SYSTEM, Engine
from engine.errors import DeploymentRefused
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, LIN, PRACTICE

Repair = Callable[..., str]
SLIP = "prints/slip.html"


def test_a_sheet_shows_fields_forms_and_steps(
    lin: Browser, repair: Repair, engine: Engine, task_of: Callable[..., int]
) -> None:
    key = repair("空调", parts=[{"name": "滤网", "quantity": "2"}])
    engine.tasks.complete(task_of(key, CHEN), {"decision": "approve", "cost": "1"}, CHEN)
    page = text(lin.get(f"/records/{key}/print/slip"))
    assert f"维修单 {key} 物品：空调 会议室 不急 滤网 × 2 审核 陈志远 2026" in page


def test_a_sheet_can_tell_every_time_a_step_was_done(
    lin: Browser, repair: Repair, engine: Engine, task_of: Callable[..., int]
) -> None:
    files = practice_files(PRACTICE)
    every = (
        "{% for each in step.review.all %}<p>{{ each.form.decision.text }}：{{ each.form.cost.text }}</p>{% endfor %}"
    )
    files[SLIP] += every.encode()
    engine.deployments.deploy(files, SYSTEM, "every review")
    key = repair()
    engine.tasks.complete(task_of(key, CHEN), {"decision": "back", "cost": "7", "lacking": "型号"}, CHEN)
    assert "退回：7" in text(lin.get(f"/records/{key}/print/slip"))
    engine.tasks.complete(task_of(key, LIN), {"item": "空调"}, LIN)
    engine.tasks.complete(task_of(key, CHEN), {"decision": "approve", "cost": "8"}, CHEN)
    assert re.search("退回：7.* (同意|批准|通过)：8", text(lin.get(f"/records/{key}/print/slip")))


def test_a_script_in_a_field_is_only_text(lin: Browser, repair: Repair) -> None:
    key = repair("<script>alert(1)</script>", parts=[{"name": "<img src=x onerror=alert(1)>", "quantity": "1"}])
    html = lin.get(f"/records/{key}/print/slip").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_outsider_learns_nothing(guest: Browser, lin: Browser, repair: Repair) -> None:
    key = repair()
    assert guest.get(f"/records/{key}/print/slip").status_code == 404
    assert lin.get(f"/records/{key}/print/nothing").status_code == 404
    assert lin.get(f"/records/{key}/print/slip?instance=999").status_code == 404


def test_record_and_task_lead_to_it(lin: Browser, chen: Browser, repair: Repair, task_of: Callable[..., int]) -> None:
    key = repair()
    address = f"/records/{key}/print/slip?instance="
    assert address in lin.get(f"/records/{key}").get_data(as_text=True)
    assert address in chen.get(f"/tasks/{task_of(key, CHEN)}").get_data(as_text=True)


def test_a_process_owner_changes_it_and_what_runs_keeps_its_own(lin: Browser, repair: Repair, engine: Engine) -> None:
    before = repair()
    files = practice_files(PRACTICE)
    files[SLIP] = files[SLIP].replace("物品".encode(), b"").replace(b"<h1>", "<p>公司抬头</p><h1>".encode())
    engine.deployments.deploy(files, SYSTEM, "letterhead")
    after = repair()
    assert "公司抬头" in text(lin.get(f"/records/{after}/print/slip"))
    assert "公司抬头" not in text(lin.get(f"/records/{before}/print/slip"))


@pytest.mark.parametrize(
    "wrong",
    [
        b"{{ ''.__class__ }}",
        b"{{ field.itme.text }}",
        b"{{ form.urgencey.text }}",
        b"{{ step.reviw.by }}",
        b"{% include 'x' %}",
        b"{% if %}",
    ],
)
def test_a_mistake_is_found_before_it_is_deployed(engine: Engine, wrong: bytes) -> None:
    line = 8
    files = practice_files(PRACTICE)
    lines = files[SLIP].split(b"\n")
    files[SLIP] = b"\n".join([*lines[: line - 1], wrong, *lines[line - 1 :]])
    found = engine.deployments.validate(files).findings
    assert [(each.file, each.line) for each in found if each.level is Level.ERROR] == [(SLIP, line)]


def test_a_head_is_wanted(engine: Engine) -> None:
    with pytest.raises(DeploymentRefused):
        engine.deployments.deploy({**practice_files(PRACTICE), SLIP: b"<h1>x</h1>"}, SYSTEM)


def test_it_reads_in_english(lin: Browser, repair: Repair, engine: Engine) -> None:
    key = repair()
    engine.people.set_language(LIN, "en")
    assert "Reviewed by" in text(lin.get(f"/records/{key}/print/slip"))
