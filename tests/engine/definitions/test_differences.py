"""What differs between two versions of a process is told element by element, and nothing else is."""

from __future__ import annotations

from engine.definitions.differences import Difference, Part, differences
from engine.definitions.reader import read_bpmn
from tests.engine.definitions.diagrams import definitions, flows, node, process

FIELD = '<camunda:formField id="{id}" label="{id}" type="string"/>'


def _task(due: str, *fields: str) -> str:
    form = "".join(FIELD.format(id=each) for each in fields)
    extension = f"<bpmn:extensionElements><camunda:formData>{form}</camunda:formData></bpmn:extensionElements>"
    return node("userTask", "ask", extension, f'camunda:dueDate="{due}"')


def _compared(before: str, after: str) -> tuple[Difference, ...]:
    old, new = (read_bpmn(definitions(text), "p.bpmn")[0].processes[0] for text in (before, after))
    return differences(old, new)


def test_a_deadline_a_field_and_a_step() -> None:
    before = process(node("startEvent", "s"), _task("${a}", "x", "old"), node("endEvent", "e"), flows("s ask e"))
    after = process(
        node("startEvent", "s"),
        _task("${b}", "x", "new"),
        node("userTask", "more"),
        node("endEvent", "e"),
        flows("s ask more e"),
    )
    assert _compared(before, after) == (
        Difference(
            "changed",
            "userTask",
            "ask",
            "ask",
            (Part("removed", "form.old"), Part("new", "form.new"), Part("changed", "assignment.due", "${a}", "${b}")),
        ),
        Difference("new", "userTask", "more", "more"),
        Difference("new", "sequenceFlow", "ask_more", ""),
        Difference("new", "sequenceFlow", "more_e", ""),
        Difference("removed", "sequenceFlow", "ask_e", ""),
    )


def test_the_process_and_what_stands_within_a_subprocess() -> None:
    def drawn(tag: str, name: str) -> str:
        inner = node("startEvent", "s") + node("task", "t", more=f'camunda:asyncBefore="{tag}"') + flows("s t")
        return process(node("subProcess", "sub", inner), more=f'name="{name}"')

    assert _compared(drawn("false", "A"), drawn("true", "B")) == (
        Difference("changed", "process", "p", "B", (Part("changed", "name", "A", "B"),)),
        Difference("changed", "task", "t", "t", (Part("changed", "async_before", "False", "True"),)),
    )


def test_where_it_stands_is_no_difference() -> None:
    written = process(node("startEvent", "s"), _task("${a}", "x"), flows("s ask"))
    assert _compared(written, "<!-- moved -->\n\n" + written.replace("><", ">\n<")) == ()
