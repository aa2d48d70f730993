"""Expressions and names."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties
from tests.engine.validation.case import bad, good, path

EXTERNAL = 'camunda:type="external" camunda:topic='


def due(text: str) -> str:
    """A process whose task is due at this text."""
    return path(node("userTask", "t", more=f'camunda:dueDate="{text}"'))


def after(text: str, **given: str) -> str:
    """A process that computes `quantity` and then is due at this text."""
    compute = node(
        "serviceTask", "x",
        extensions('<camunda:inputOutput><camunda:inputParameter name="quantity">${1}</camunda:inputParameter>'
                   "</camunda:inputOutput>"),
        EXTERNAL + '"compute"',
    )  # fmt: skip
    return path(compute, node("userTask", "t", more=f'camunda:priority="{text}"'), **given)


def handing(mapping: str) -> str:
    """A process that calls `q`."""
    return path(node("callActivity", "c", extensions(mapping), 'calledElement="q"'), start=FORM)


FORM = extensions('<camunda:formData><camunda:formField id="size" label="Size" type="number" /></camunda:formData>')
CALLED = path(node("userTask", "t", more='camunda:priority="${width}"'), id="q")

CASES = [
    bad("expression-syntax", "half an expression", "t", due("${1 +}")),
    bad("expression-syntax", "a bracket that is not closed", "t", due("${work_hours(4}")),
    bad("expression-syntax", "a condition that is plain text", "x_a",
        process(node("startEvent", "s"), node("exclusiveGateway", "x", more='default="x_b"'), node("task", "a"),
                node("task", "b"), flows("s x", "x a: yes", "x b"))),
    bad("expression-syntax", "a condition of an event that is empty of code", "c",
        path(node("intermediateCatchEvent", "c", event("conditional", "<bpmn:condition>ready</bpmn:condition>")))),
    good("expression-syntax", "readable ones",
         process(node("startEvent", "s"), node("exclusiveGateway", "x", more='default="x_b"'), node("task", "a"),
                 node("task", "b"), flows("s x", "x a: ${n > 1 && m == 'a'}", "x b"))),
    bad("unknown-function", "a misspelt function", "t", due("${wrk_hours(4)}")),
    good("unknown-function", "a built-in function", due("${date('2027-01-01')}")),
    bad("unknown-name", "a misspelt name", "t", after("${quantty}")),
    bad("unknown-name", "what the caller does not hand in", "t",
        handing('<camunda:in source="size" target="length" />'), beside=((CALLED,),)),
    good("unknown-name", "a computed name", after("${quantity}")),
    good("unknown-name", "what the caller hands in",
         handing('<camunda:in source="size" target="width" />'), beside=((CALLED,),)),
    good("unknown-name", "names that are always there", after("${business_key}")),
    good("unknown-name", "a field of the start form", after("${size}", start=FORM)),
    bad("unknown-setting", "a setting that is not there", "t", due("${setting('patiense')}")),
    bad("unknown-setting", "a list that is not there", "t", due("${lookup('plants', x)}")),
    good("unknown-setting", "a setting, a list, a group",
         due("${setting('patience') + lookup('animals', x) + count(people('office'))}")),
    bad("full-width", "a comma", "t", due("${max(1，2)}")),
    bad("full-width", "quotes", "t", due("${size = “a”}")),
    bad("full-width", "a bracket of the mark", "t", due("$｛size｝")),
    good("full-width", "Chinese text in quotes and around", due("截止（${'甲，乙'}）")),
    bad("reserved-name", "a result called number", "x",
        path(node("serviceTask", "x", more=EXTERNAL + '"q" camunda:resultVariable="number"'))),
    good("reserved-name", "another name",
         path(node("serviceTask", "x", extensions(properties(stage="a")), EXTERNAL + '"q" camunda:resultVariable="n"'))),
]  # fmt: skip
