"""The first edit: a process owner opens a diagram in Camunda's modeler, changes it, saves it and deploys it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from engine.command.main import cli
from engine.command.opening import practice_files
from engine.definitions.findings import Finding
from engine.definitions.model import BpmnFile
from engine.definitions.reader import read_bpmn
from engine.engine import SYSTEM
from engine.forms import Field, Form
from engine.runtime.deployments.checking import check
from engine.scenarios.beginnings import world_of
from engine.scenarios.documents import Library, read_library
from engine.scenarios.play import Play
from engine.settings import Settings
from engine.views import Actor, InboxFilter
from tests.browser.modeler import ASSIGNMENT, FORM, Modeler, element_templates, modeler_in

pytestmark = pytest.mark.browser
PROCESSES = Path(__file__).parents[2] / "processes"
DIAGRAMS = sorted(each.relative_to(PROCESSES).as_posix() for each in PROCESSES.rglob("*.bpmn"))
LIN = Actor("lin")


@pytest.fixture
def modeler(chromium: Browser) -> Iterator[Modeler]:
    """Camunda's modeler, nothing open."""
    with modeler_in(chromium) as found:
        yield found


def test_what_is_saved_unchanged_means_the_same(modeler: Modeler, tmp_path: Path) -> None:
    """Every diagram opened and saved: nothing lost, nothing complained of, nothing to deploy but the writing."""
    folder = _copied(tmp_path)
    for name in DIAGRAMS:
        file = folder / name
        before = file.read_bytes()
        assert modeler.open(before.decode()) == []
        file.write_text(modeler.save(), encoding="utf-8")
        assert _meaning(read_bpmn(file.read_bytes(), name)) == _meaning(read_bpmn(before, name)), name
    before, after = (check(practice_files(each)).findings for each in (PROCESSES, folder))
    assert [(each.rule, each.element_id) for each in after] == [(each.rule, each.element_id) for each in before]


def test_the_element_templates_are_taken(modeler: Modeler) -> None:
    templates = element_templates(PROCESSES)
    assert modeler.open((PROCESSES / "order_followup.bpmn").read_text(encoding="utf-8"), templates) == []
    assert modeler.templates() == {each["id"] for each in templates if isinstance(each, dict)}


def test_a_first_edit_is_shown_deployed_and_run(
    modeler: Modeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline moved, a field and a step added: new orders run it, and those that run stay on what they began."""
    folder = _copied(tmp_path)
    settings = Settings(f"sqlite:///{tmp_path / 'gendan.sqlite3'}", tmp_path / "attachments", b"first edit")
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GENDAN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GENDAN_HISTORY_KEY", settings.history_key.decode())
    library = _library(tmp_path)

    with world_of(library.given(library.stories["before"]), practice_files(PROCESSES), settings) as world:
        play = Play(world, library)
        _tell(play, "before")

        diagram = folder / "order_followup.bpmn"
        assert modeler.open(diagram.read_text(encoding="utf-8"), element_templates(PROCESSES)) == []
        step = _edit(modeler)
        diagram.write_text(modeler.save(), encoding="utf-8")

        checked = CliRunner().invoke(cli, ["validate", str(folder)])
        assert checked.exit_code == 0, checked.output
        deployed = CliRunner().invoke(cli, ["deploy", str(folder)])
        assert deployed.exit_code == 0, deployed.output
        assert {line.strip() for line in deployed.output.splitlines()} >= {
            "~ process order_followup 订单跟单 (order_followup.bpmn)",
            f"+ userTask {step} 电话问原件",
            "~ userTask chase_original 追原件",
            '~ assignment.due: ${at_time("17:30", original_due)} → ${at_time("12:00", original_due)}',
            "+ form.asked_how",
        }

        play.library = _library(tmp_path, step)
        _tell(play, "after")
        old, new = (_chasing(play, name) for name in ("old", "new"))
        assert "asked_how" not in old
        assert new["asked_how"].label == "怎么催的"
        assert (_version(play, "old"), _version(play, "new")) == (1, 2)


def _edit(modeler: Modeler) -> str:
    """What the process owner does; answers the id of the new step."""
    modeler.select("chase_original")
    modeler.type(ASSIGNMENT, "dueDate", '${at_time("12:00", original_due)}')
    modeler.add_field("chase_original", "asked_how", "怎么催的", "string")
    step = modeler.insert("bpmn:UserTask", "Flow_original_split_x_chase")
    modeler.type("group-general", "name", "电话问原件")
    modeler.type("group-documentation", "documentation", "先打电话问客户何时寄出（P2.1.2）。")
    modeler.type(ASSIGNMENT, "candidateGroups", "coordinator")
    modeler.type(ASSIGNMENT, "dueDate", "${work_hours(4)}")
    modeler.choose(FORM, "formType", "Generated Task Forms")
    modeler.add_field(step, "answer", "客户答复", "string")
    return step


def _copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROCESSES, tmp_path / "processes"))


def _library(tmp_path: Path, step: str = "STEP") -> Library:
    stories = tmp_path / "stories.yaml"
    stories.write_text(STORIES.replace("STEP", step), encoding="utf-8")
    return read_library([PROCESSES / "scenarios", stories])


def _tell(play: Play, story: str) -> None:
    for _ in play.tell(play.library.stories[story]):
        play.world.advance(play.until)


def _chasing(play: Play, name: str) -> dict[str, Field]:
    """The fields of the form with which this order's original is chased."""
    rows = play.engine.tasks.inbox(LIN, InboxFilter(element_id="chase_original")).rows
    row = next(row for row in rows if row.business_key == play.named[name].key)
    form = play.engine.tasks.get(row.id, LIN).form
    assert isinstance(form, Form)
    return {field.name: field for field in form}


def _version(play: Play, name: str) -> int:
    return play.engine.instances.get(play.named[name].instance_id, SYSTEM).version


def _meaning(read: tuple[BpmnFile, list[Finding]]) -> object:
    """All that was read of a file but where it stands in it."""
    file, findings = read
    return _without_places(file), findings


def _without_places(value: object) -> object:
    if is_dataclass(value):
        kept = [each.name for each in fields(value) if each.name not in {"line", "digest"}]
        return type(value).__name__, {name: _without_places(getattr(value, name)) for name in kept}
    if isinstance(value, Mapping):
        return {key: _without_places(each) for key, each in value.items()}
    return [_without_places(each) for each in value] if isinstance(value, tuple) else value


STORIES = """
scenario: before
title: 改图以前
clauses: [P2.1.2]
uses: [{an approved order: {order: old, medium: fax, ref: FAX-1}}]
steps:
- expect: {for: old, has tasks: {chase_original: {due: "${at_time(\\"17:30\\", old.original_due)}"}}}
---
scenario: after
title: 改图以后
clauses: [P2.1.2]
steps:
- {use: an approved order, with: {order: new, medium: fax, ref: FAX-2, customer: LC}}
- expect: {for: new, has tasks: {STEP: {groups: [coordinator], due: +4wh}}, no tasks: [chase_original]}
- {do: STEP, for: new, by: zhou, values: {answer: 明天寄}}
- expect:
    for: new
    no tasks: [STEP]
    has tasks: {chase_original: {due: "${at_time(\\"12:00\\", new.original_due)}"}}
- expect:
    for: old
    no tasks: [STEP]
    has tasks: {chase_original: {due: "${at_time(\\"17:30\\", old.original_due)}"}}
"""
