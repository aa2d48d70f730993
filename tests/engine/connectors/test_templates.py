"""The element templates of the practice are those the engine makes, and as Camunda Modeler wants them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.connectors import CONNECTORS
from engine.connectors.templates import SCHEMA, offered, templates, text, write_templates
from engine.definitions.practice.element_templates import read_element_templates
from engine.validation.dialect import properties as known_properties

COMMITTED = Path(__file__).parents[3] / "processes" / ".camunda" / "element-templates"
BINDINGS = {
    "property": {"String", "Text", "Hidden", "Dropdown", "Boolean"},
    "camunda:property": {"String", "Hidden", "Dropdown"},
    "camunda:inputParameter": {"String", "Text", "Hidden", "Dropdown"},
}


def test_the_committed_templates_are_those_that_are_made() -> None:
    assert {path.name: path.read_text("utf-8") for path in COMMITTED.glob("*.json")} == {
        name: text(template) for name, template in templates().items()
    }


def test_writing_removes_what_is_no_more_and_leaves_the_practices_own(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text('{"id": "gendan.old"}')
    own = tmp_path / "own.json"
    own.write_text('{"id": "shop.own"}')
    assert (
        {path.name for path in write_templates(tmp_path)}
        == set(templates())
        == {path.name for path in tmp_path.iterdir()} - {own.name}
    )
    assert own.exists()


def test_a_template_of_the_practice_goes_before_the_product_s_of_its_id() -> None:
    own = [{"id": "gendan.user-task", "name": "Ours"}, {"id": "shop.weigh", "name": "Weigh"}]
    found = {each["id"]: each["name"] for each in offered(own)}
    assert found["gendan.user-task"] == "Ours"
    assert set(found) == {each["id"] for each in templates().values()} | {"shop.weigh"}


def test_a_file_of_templates_that_cannot_be_used_is_told_with_its_line() -> None:
    name = ".camunda/element-templates/own.json"
    _, found = read_element_templates(name, b'{\n  "id": }')
    assert [(each.file, each.line, each.rule) for each in found] == [(name, 2, "practice-file")]
    good, found = read_element_templates(name, b'[{"id": "a", "name": "A"}]')
    assert good == ()
    assert "appliesTo, properties" in str(found[0])


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_template_follows_the_conventions_of_the_modeler(name: str) -> None:
    template = json.loads(text(templates()[name]))
    assert template["$schema"] == SCHEMA
    assert template["name"]
    assert template["id"] == f"gendan.{name.removesuffix('.json')}"
    assert all(re.fullmatch(r"bpmn:\w+", element) for element in template["appliesTo"])
    groups = {group["id"] for group in template["groups"]}
    for found in template["properties"]:
        assert found["type"] in BINDINGS[found["binding"]["type"]], found
        assert found["binding"]["name"]
        assert found["type"] != "Dropdown" or all({"name", "value"} <= set(choice) for choice in found["choices"])
        assert found["type"] == "Hidden" or (found["label"] and found["group"] in groups)


def test_every_connector_has_a_template_with_its_topic_and_arguments() -> None:
    for topic, connector in CONNECTORS.items():
        bound = bindings(templates()[f"{topic}.json"])
        assert bound["property", "camunda:type"]["value"] == "external"
        assert bound["property", "camunda:topic"]["value"] == topic
        assert {name for kind, name in bound if kind == "camunda:inputParameter"} == connector.inputs


@pytest.mark.parametrize("name", sorted(name for name in templates() if name.removesuffix(".json") not in CONNECTORS))
def test_the_properties_of_the_dialect_are_offered_and_no_others(name: str) -> None:
    template = templates()[name]
    offered = {found for kind, found in bindings(template) if kind == "camunda:property"}
    for element in template["appliesTo"]:
        tag = element.removeprefix("bpmn:")
        assert offered <= known_properties(tag[0].lower() + tag[1:]) | {"stage"}, element


def bindings(template: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(found["binding"]["type"], found["binding"]["name"]): found for found in template["properties"]}
