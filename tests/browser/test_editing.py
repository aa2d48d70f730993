"""Editing in the browser: what is changed there is checked, drafted, deployed and run; what is not changed is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from tests.browser.conftest import DESK, LONG, PHONE
from tests.browser.kept import parts
from tests.browser.serving import served
from tests.browser.test_every_page import violations
from tests.webui.conftest import CHEN, LIN, MORNING, PASSWORD, PRACTICE, SHEN, opened
from webui.app import create_app

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
PROCESSES = HERE.parents[1] / "processes"
FILES = sorted([*PROCESSES.rglob("*.bpmn"), *PROCESSES.rglob("*.dmn"), *(HERE / "foreign").iterdir()])
GRADE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="grade_file" name="等级" namespace="http://example.org">
  <decision id="grade" name="等级">
    <decisionTable id="grade_table" hitPolicy="FIRST">
      <input id="in" label="费用"><inputExpression id="in_e" typeRef="integer"><text>cost</text></inputExpression></input>
      <output id="out" label="等级" name="grade" typeRef="string" />
      <rule id="dear"><inputEntry id="dear_in"><text>&gt; 100</text></inputEntry><outputEntry id="dear_out"><text>"A"</text></outputEntry></rule>
      <rule id="cheap"><inputEntry id="cheap_in"><text>-</text></inputEntry><outputEntry id="cheap_out"><text>"B"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""  # noqa: E501
_SELECT = """(id) => {
    const shown = document.querySelector("[data-entry-id='id'] input");
    if (shown && shown.value === id) return true;
    const {modeler} = document.querySelector('[data-editor]').editor;
    modeler.get('selection').select(null);
    modeler.get('selection').select(modeler.get('elementRegistry').get(id));
    return false;
}"""
_APPEND = """([from, lane]) => {
    const {modeler} = document.querySelector('[data-editor]').editor;
    const part = (id) => modeler.get('elementRegistry').get(id);
    const place = {x: part(lane).x + 300, y: part(lane).y + part(lane).height / 2};
    return modeler.get('modeling').appendShape(part(from), {type: 'bpmn:UserTask'}, place, part('leave_pool')).id;
}"""
"""What happens when a step is drawn out of another and dropped in a lane."""


@dataclass(frozen=True)
class Workshop:
    """A served site of its own, whose practice tests may change."""

    engine: Engine
    page: Page

    def open(self, path: str) -> None:
        """Open a page with a modeler and wait until the file is drawn."""
        self.page.goto(path)
        expect(self.page.locator("[data-editor]")).to_have_attribute("data-drawn", "yes")

    def type(self, group: str, entry: str, text: str) -> None:
        """Type into an entry of the panel."""
        found = self.page.locator(f"[data-group-id='{group}']")
        header = found.locator(".bio-properties-panel-group-header").first
        if "open" not in (header.get_attribute("class") or "").split():
            header.click()
        field = self.page.locator(f"[data-entry-id='{entry}']").locator("input, textarea, [contenteditable]").first
        field.fill(text)
        field.press("Tab")

    def select(self, element_id: str) -> None:
        """Select an element: its properties stand in the panel."""
        self.page.wait_for_function(_SELECT, arg=element_id, polling=200)

    def act(self, name: str) -> None:
        """Press one of the buttons over the modeler."""
        self.page.locator(f"button[data-act={name}]:visible").last.click()

    @property
    def said(self) -> Locator:
        """What the page answers to a button."""
        return self.page.locator("#editing-said")


@pytest.fixture
def door(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Workshop]]:
    """`door()` is the workshop of the administrator, who may deploy."""
    engine = opened(tmp_path, MovedClock(MORNING))
    engine.migrate()
    engine.deployments.deploy({**practice_files(PRACTICE), "decisions/grade.dmn": GRADE.encode()}, SYSTEM)
    for user_id, group in (("lin", "clerk"), ("chen", "head"), ("shen", "it")):
        engine.people.create(user_id, user_id, PASSWORD, [group], SYSTEM, must_change=False)
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def enter(width: int = DESK, *, script: bool = True, user_id: str = "shen") -> Workshop:
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        context.set_default_timeout(LONG)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto("/signin")
        page.fill("#user", user_id)
        page.fill("#password", PASSWORD)
        page.click("main button.main")
        page.wait_for_url("**/tasks")
        return Workshop(engine, page)

    with served(create_app(engine, SECRET_KEY="test", RATELIMIT_ENABLED=False, DEBUG=True)) as address:
        yield enter
        for context in contexts:
            context.close()
    engine.close()
    assert faults == []


def test_a_step_is_renamed_offered_to_others_deployed_and_stands_in_their_inbox(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/question/edit")
    shop.select("answer")
    shop.type("group-general", "name", "详细回答")
    shop.type("group-CamundaPlatform__UserAssignment", "candidateGroups", "clerk")
    expect(shop.page.locator("#editing-dirty")).to_be_visible()

    shop.act("check")
    expect(shop.said).to_contain_text("可以部署")
    expect(shop.page.locator("#editing-findings")).to_contain_text("详细回答")
    shop.page.fill("#editing-note", "换人回答")
    shop.act("deploy")
    shop.page.wait_for_url("**/processes")

    newest = shop.engine.deployments.versions("question")[0]
    assert (newest.version, newest.note, newest.deployed_by) == (2, "换人回答", "shen")
    shop.engine.instances.start("repair", {"item": "空调", "room": "R1", "urgency": "low"}, LIN)
    shop.engine.instances.start("question", {"text": "谁付钱？"}, CHEN, "", "RP26-0001")
    inbox = door(user_id="lin").page
    inbox.goto("/tasks")
    expect(inbox.locator("main")).to_contain_text("详细回答")


def test_a_broken_diagram_is_refused_with_its_findings_drawn(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/question/edit")
    shop.select("answer")
    shop.type("group-CamundaPlatform__UserAssignment", "candidateGroups", "nobody")
    shop.act("deploy")

    expect(shop.said).to_contain_text("没有部署")
    expect(shop.page.locator(".djs-element.error[data-element-id=answer]")).to_have_count(1)
    expect(shop.page.locator("#editing-findings")).to_contain_text("nobody")
    shop.page.evaluate("document.querySelector('[data-editor]').editor.modeler.get('selection').select(null)")
    shop.page.locator("#editing-findings [data-jump=answer]").first.click()
    expect(shop.page.locator("[data-entry-id=id] input")).to_have_value("answer")
    assert len(shop.engine.deployments.versions("question")) == 1


def test_a_rule_of_a_table_is_edited_checked_and_deployed(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/decisions/grade/edit")
    cell = shop.page.locator("td[data-element-id=dear_in]")
    cell.click()
    cell.locator(".cm-content").fill("> cost_limit(")
    shop.act("check")
    expect(shop.said).to_contain_text("不能部署")
    expect(shop.page.locator("#editing-findings")).to_contain_text("grade.dmn")
    expect(shop.page.locator(".editor .finding.error").first).to_be_visible()

    cell.click()
    cell.locator(".cm-content").fill("> 200")
    shop.act("check")
    expect(shop.said).to_contain_text("可以部署")
    shop.act("deploy")
    shop.page.wait_for_url("**/processes")
    assert b"<text>&gt; 200</text>" in shop.engine.deployments.files()["decisions/grade.dmn"]
    assert shop.engine.deployments.decisions()[0].version == 2


def test_a_new_process_has_lanes_and_a_new_step_stands_in_its_lane(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.page.goto("/processes/drafts")
    shop.page.fill("#new-id", "leave")
    shop.page.fill("#new-name", "请假")
    for group in ("clerk", "head"):
        shop.page.check(f"input[name=lanes][value={group}]")
    shop.page.get_by_role("button", name="开始").click()
    expect(shop.page.locator("[data-editor]")).to_have_attribute("data-drawn", "yes")
    before = parts(shop.engine.editing.open("leave.bpmn", SHEN).content)
    made = shop.page.evaluate(_APPEND, ["leave_task", "leave_lane_1"])
    shop.act("draft")
    expect(shop.said).to_contain_text("已存为你的草稿")

    after = shop.engine.editing.open("leave.bpmn", SHEN).content
    lost = {part for part in before - parts(after) if part[1] != "element"}
    assert lost == set()
    shop.act("deploy")
    expect(shop.said).to_contain_text("没有部署")  # nobody is to do the new step yet
    shop.select(made)
    shop.type("group-CamundaPlatform__UserAssignment", "candidateGroups", "head")
    shop.type("group-general", "name", "批准")
    shop.act("deploy")
    shop.page.wait_for_url("**/processes")
    nodes = shop.engine.deployments.current().processes["leave"].definition.scope.nodes
    assert (nodes["leave_task"].lane, nodes[made].lane) == ("leave_lane_0", "leave_lane_1")


def test_drafts_outlive_the_page_and_leaving_with_unsaved_changes_asks(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/question/edit")
    shop.select("answer")
    shop.type("group-general", "name", "草稿里的名字")
    asked: list[str] = []
    shop.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    shop.page.evaluate("location.assign('/tasks')")
    expect(shop.page.locator("#editing-dirty")).to_be_visible()
    assert asked == ["beforeunload"]

    shop.page.keyboard.press("Control+s")
    expect(shop.said).to_contain_text("已存为你的草稿")
    expect(shop.page.locator("#editing-dirty")).to_be_hidden()
    shop.open("/processes/question/edit")
    assert asked == ["beforeunload"]
    shop.select("answer")
    expect(shop.page.locator("[data-entry-id=name] textarea, [data-entry-id=name] input").first).to_have_value(
        "草稿里的名字"
    )


def test_a_colleague_s_newer_deployment_is_told_and_written_over_only_knowingly(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/question/edit")
    shop.select("answer")
    shop.type("group-general", "name", "我的")
    newer = shop.engine.deployments.files()["question.bpmn"].replace("回答".encode(), "他的".encode())
    shop.engine.deployments.replace({"question.bpmn": newer}, SYSTEM, "先来")
    shop.act("deploy")
    clash = shop.page.locator("#editing-clash")
    expect(clash).to_contain_text("先来")
    assert len(shop.engine.deployments.versions("question")) == 2
    clash.get_by_role("button").click()
    shop.page.wait_for_url("**/processes")
    assert "我的".encode() in shop.engine.deployments.files()["question.bpmn"]


def test_nothing_that_another_tool_wrote_is_lost(door: Callable[..., Workshop]) -> None:
    """Every file of the practice, and files as other tools write them: opened and saved, it has the same parts."""
    shop = door()
    for kind, path in (("bpmn", "/processes/question/edit"), ("dmn", "/processes/decisions/grade/edit")):
        name = "question.bpmn" if kind == "bpmn" else "decisions/grade.dmn"
        shop.open(path)
        for file in (each for each in FILES if each.suffix == f".{kind}"):
            assert differences(shop, file, name) == ([], []), file.name
            expect(shop.page.locator("#editing-lost")).to_be_hidden()


def test_an_edit_of_another_tool_s_file_changes_nothing_else(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/question/edit")
    for name, task in (("pools.bpmn", "look"), ("prefix.bpmn", "t")):
        file = HERE / "foreign" / name
        shop.page.set_input_files("#editing-file", file)
        expect(shop.said).to_contain_text("文件已在此打开")
        shop.select(task)
        shop.type("group-general", "name", "另一个名字")
        shop.act("draft")
        expect(shop.said).to_contain_text("已存为你的草稿")
        before = parts(file.read_bytes())
        after = parts(shop.engine.editing.open("question.bpmn", SHEN).content)
        assert [part[1] for part in before - after] == ["name"], name
        said = [part[1:] for part in after - before if not part[0].endswith("BPMNLabel#")]  # a named task gets a label
        assert said == [("name", "另一个名字")], name


def differences(shop: Workshop, file: Path, name: str) -> tuple[list[object], list[object]]:
    """What saving a file in the browser loses and adds."""
    shop.page.set_input_files("#editing-file", file)
    expect(shop.said).to_contain_text("文件已在此打开")
    shop.act("draft")
    expect(shop.said).to_contain_text("已存为你的草稿")
    before, after = parts(file.read_bytes()), parts(shop.engine.editing.open(name, SHEN).content)
    return list(before - after), list(after - before)


def test_the_palette_and_the_panel_speak_the_reader_s_language(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/question/edit")
    shop.select("answer")
    expect(shop.page.locator("[data-group-id='group-CamundaPlatform__UserAssignment']")).to_contain_text("办理人")
    start = shop.page.locator(".djs-palette [data-action='create.start-event']")
    expect(start).to_have_attribute("aria-label", "新建开始事件")
    shop.engine.people.set_language(SHEN, "en")
    shop.open("/processes/question/edit")
    shop.select("answer")
    expect(shop.page.locator("[data-group-id='group-CamundaPlatform__UserAssignment']")).to_contain_text("assignment")


def test_the_element_templates_of_the_practice_are_offered(door: Callable[..., Workshop]) -> None:
    shop = door()
    shop.open("/processes/question/edit")
    found = shop.page.evaluate(
        "document.querySelector('[data-editor]').editor.modeler.get('elementTemplates').getAll().map((each) => each.id)"
    )
    folder = PROCESSES / ".camunda" / "element-templates"
    assert set(found) == {json.loads(each.read_text(encoding="utf-8"))["id"] for each in folder.glob("*.json")}


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("path", ["/processes/question/edit", "/processes/decisions/grade/edit", "/processes/drafts"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(door: Callable[..., Workshop], path: str, width: int) -> None:
    shop = door(width)
    if path.endswith("edit"):
        shop.open(path)
    else:
        shop.page.goto(path)
    assert violations(shop.page) == []
    assert shop.page.evaluate("document.documentElement.scrollWidth") <= width
    if width == PHONE and path.endswith("edit"):
        expect(shop.page.locator(".notice.narrow")).to_be_visible()


def test_without_script_the_file_is_given_and_taken(door: Callable[..., Workshop], tmp_path: Path) -> None:
    shop = door(script=False)
    shop.page.goto("/processes/question/edit")
    changed = tmp_path / "question.bpmn"
    changed.write_bytes(shop.engine.deployments.files()["question.bpmn"].replace("回答".encode(), "答".encode()))
    shop.page.set_input_files("#editing-file", changed)
    shop.page.fill("#editing-note", "短")
    shop.page.get_by_role("button", name="部署", exact=True).click()
    shop.page.wait_for_url("**/processes")
    assert shop.engine.deployments.versions("question")[0].note == "短"
