"""The OMG's schema beside the rules."""

from __future__ import annotations

from engine.definitions.findings import Level
from engine.validation.schema import schema_findings
from tests.engine.definitions.diagrams import definitions, flows, node, process

ENDS = node("startEvent", "s") + node("endEvent", "e")


def test_a_file_as_modelers_write_it_has_no_finding() -> None:
    call = node("callActivity", "c", more='calledElement="${which}" camunda:asyncBefore="true"')
    assert schema_findings(definitions(process(ENDS + call + flows("s c e"))), "case.bpmn") == []


def test_elements_and_attributes_the_standard_does_not_have_are_warnings_with_their_lines() -> None:
    wrong = "<bpmn:task id='t' colour='red' />\n<bpmn:tusk id='u' />"
    found = schema_findings(definitions(process(ENDS, wrong)), "case.bpmn")
    assert [(finding.level, finding.line) for finding in found] == [(Level.WARNING, 5), (Level.WARNING, 6)]
    assert "colour" in str(found[0])
    assert "{http" not in str(found[1])


def test_a_file_that_cannot_be_read_is_left_to_the_reader() -> None:
    assert schema_findings(b"<a", "case.bpmn") == []
