"""Running a folder of models that others wrote: what is told of each, and when the run fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.__main__ import main
from tests.engine.decisions.models import one_column
from tests.engine.definitions.diagrams import definitions, flows, node, process, timer

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
 <modelName>table.dmn</modelName><testCase id="1">
 <inputNode name="x"><value xsi:type="xsd:decimal">3</value></inputNode>
 <resultNode name="d1"><expected><value xsi:type="xsd:string">{expected}</value></expected></resultNode>
 </testCase></testCases>"""
TASKS = definitions(
    process(
        node("startEvent", "s"), node("userTask", "t"), node("intermediateCatchEvent", "w", timer("PT1H")),
        node("endEvent", "e"), flows("s t w e"),
    )
)  # fmt: skip
CIRCLE = definitions(process(node("startEvent", "s"), node("userTask", "t"), flows("s t", "t t")))


def told(folder: Path, tmp_path: Path) -> tuple[int, dict[str, Any]]:
    """The exit status, and the report by file."""
    status = main([str(folder), "--json", str(tmp_path / "report.json")])
    report = json.loads((tmp_path / "report.json").read_text())
    return status, {each["file"]: each for each in report["models"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder with one below it."""
    (tmp_path / "models" / "deep" / "down").mkdir(parents=True)
    return tmp_path / "models"


def test_every_model_at_any_depth_is_read_checked_drawn_and_run(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given diagrams that end, go on for ever, and cannot be read, and a table with a test case, at different depths
    (folder / "tasks.bpmn").write_bytes(TASKS)
    (folder / "deep" / "circle.bpmn").write_bytes(CIRCLE)
    (folder / "deep" / "broken.bpmn").write_bytes(TASKS[:200])
    (folder / "deep" / "down" / "table.dmn").write_bytes(one_column("FIRST", [("> 2", '"big"'), ("-", '"small"')]))
    (folder / "deep" / "down" / "test-01.xml").write_text(CASES.format(expected="big"))
    status, models = told(folder, tmp_path)
    # Then nothing failed, and each is told as it is
    assert status == 0
    assert {name: each["verdict"] for name, each in models.items()} == {
        "tasks.bpmn": "ran", "deep/circle.bpmn": "ran", "deep/broken.bpmn": "refused", "deep/down/table.dmn": "right",
    }  # fmt: skip
    assert [ran["state"] for ran in models["tasks.bpmn"]["details"][0]["runs"]] == ["completed"]
    assert [ran["state"] for ran in models["deep/circle.bpmn"]["details"][0]["runs"]] == ["cut"]
    assert models["tasks.bpmn"]["details"][0]["unplaced"][:2] == ["s", "t"]
    assert models["deep/broken.bpmn"]["findings"][0]["line"] > 0
    assert "1/1 results right" in capsys.readouterr().out


def test_a_refusal_names_the_element_and_the_remedy(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.bpmn").write_bytes(TASKS.replace(b"PT1H", b"soon"))
    status, models = told(folder, tmp_path)
    found = next(each for each in models["bad.bpmn"]["findings"] if each["level"] == "error")
    assert (status, models["bad.bpmn"]["verdict"], found["element"]) == (0, "refused", "w")
    assert found["remedy"]


def test_a_wrong_result_fails_the_run(folder: Path, tmp_path: Path) -> None:
    (folder / "table.dmn").write_bytes(one_column("FIRST", [("-", '"small"')]))
    (folder / "cases.xml").write_text(CASES.format(expected="big"))
    status, models = told(folder, tmp_path)
    assert (status, models["table.dmn"]["verdict"]) == (1, "wrong")
    assert "expected 'big'" in models["table.dmn"]["details"][0]["wrong"]


def test_test_cases_of_another_model_are_left_alone(folder: Path, tmp_path: Path) -> None:
    (folder / "table.dmn").write_bytes(one_column("FIRST", [("-", '"big"')]))
    (folder / "other.dmn").write_bytes(one_column("FIRST", [("-", '"small"')]))
    (folder / "cases.xml").write_text(CASES.format(expected="big"))
    status, models = told(folder, tmp_path)
    assert (status, {name: each["verdict"] for name, each in models.items()}) == (
        0, {"table.dmn": "right", "other.dmn": "read"},
    )  # fmt: skip


def test_a_crash_fails_the_run_and_the_others_are_run_all_the_same(folder: Path, tmp_path: Path) -> None:
    # Given a test case that nobody can read as one, beside a sound diagram
    (folder / "tasks.bpmn").write_bytes(TASKS)
    (folder / "table.dmn").write_bytes(one_column("FIRST", [("-", '"small"')]))
    (folder / "cases.xml").write_text(CASES.format(expected="big").replace(">3<", ">three<"))
    status, models = told(folder, tmp_path)
    assert (status, models["table.dmn"]["verdict"], models["tasks.bpmn"]["verdict"]) == (1, "crashed", "ran")


def test_a_folder_without_models_is_told_as_that(folder: Path) -> None:
    assert main([str(folder)]) == 2
