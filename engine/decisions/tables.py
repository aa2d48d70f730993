"""Reading a decision table: its policy, columns and rules, every defect with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from engine.decisions.model import DecisionTable, HitPolicy, InputClause, OutputClause, Rule
from engine.decisions.source import CAMUNDA, line_of
from engine.expressions import Compiled, CompiledUnary
from engine.expressions import tree as syntax
from engine.values import Value

if TYPE_CHECKING:
    from engine.decisions.reader import Reader

_AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")


def read_table(reader: Reader, element: etree._Element) -> DecisionTable:
    """The table of an element. What cannot be read is a finding; the table is then not to be evaluated."""
    policy, aggregation = _policy(reader, element)
    inputs = tuple(_input(reader, each) for each in reader.children(element, "input"))
    outputs = tuple(_output(reader, each) for each in reader.children(element, "output"))
    rules = tuple(
        _rule(reader, each, number, inputs, outputs) for number, each in enumerate(reader.children(element, "rule"), 1)
    )
    table = DecisionTable(element.get("id", ""), line_of(element), policy, aggregation, inputs, outputs, rules)
    _check_shape(reader, element, table)
    return table


def _policy(reader: Reader, element: etree._Element) -> tuple[HitPolicy, str]:
    written = element.get("hitPolicy", "UNIQUE")
    try:
        policy = HitPolicy(written.replace("_", " "))
    except ValueError:
        reader.error(
            "dmn-hit-policy", element, "%(written)s is no hit policy.",
            "Choose UNIQUE, ANY, PRIORITY, FIRST, OUTPUT ORDER, RULE ORDER or COLLECT.", written=written,
        )  # fmt: skip
        policy = HitPolicy.UNIQUE
    aggregation = element.get("aggregation", "")
    if aggregation not in _AGGREGATIONS or (aggregation and policy is not HitPolicy.COLLECT):
        reader.error(
            "dmn-hit-policy", element, "The aggregation %(written)s does not go with %(policy)s.",
            "Use COLLECT with SUM, MIN, MAX or COUNT.", written=aggregation, policy=policy.value,
        )  # fmt: skip
        aggregation = ""
    return policy, aggregation


def _check_shape(reader: Reader, element: etree._Element, table: DecisionTable) -> None:
    if not table.outputs:
        reader.error("dmn-shape", element, "The table has no output.", "Add an output column.")
    if not table.rules:
        reader.warning("dmn-shape", element, "The table has no rule, so it answers nothing.", "Add rules.")
    names = [each.name for each in table.outputs]
    if len(names) > 1 and (not all(names) or len(set(names)) != len(names)):
        reader.error(
            "dmn-shape", element, "Several outputs need names that differ.", "Give each output column its own name."
        )
    if table.aggregation and len(table.outputs) > 1:
        reader.error(
            "dmn-hit-policy", element, "%(written)s goes with one output only.", "Keep one output column.",
            written=table.aggregation,
        )  # fmt: skip
    ordered = table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
    if ordered and not any(each.priorities for each in table.outputs):
        reader.error(
            "dmn-hit-policy", element, "%(policy)s needs the outputs' values in their order.",
            "List the output values, the most important first.", policy=table.hit_policy.value,
        )  # fmt: skip


def _input(reader: Reader, element: etree._Element) -> InputClause:
    inner = reader.child(element, "inputExpression")
    label = element.get("label") or ""
    reference = inner.get("typeRef", "") if inner is not None else ""
    text = reader.child(inner, "text") if inner is not None else None
    if inner is not None:
        reader.check_language(inner)
    expression = reader.expression(text, element)
    values = reader.child(element, "inputValues")
    return InputClause(
        element.get("id", ""),
        line_of(element),
        label,
        expression,
        reader.type_of(reference, element),
        None if values is None else reader.unary(reader.child(values, "text"), values),
        element.get(f"{CAMUNDA}inputVariable", ""),
    )


def _output(reader: Reader, element: etree._Element) -> OutputClause:
    values = reader.child(element, "outputValues")
    allowed = None if values is None else reader.unary(reader.child(values, "text"), values)
    default = reader.child(element, "defaultOutputEntry")
    if default is not None:
        reader.check_language(default)
    return OutputClause(
        element.get("id", ""),
        line_of(element),
        element.get("name", ""),
        element.get("label", ""),
        reader.type_of(element.get("typeRef", ""), element),
        _in_order(allowed),
        None if default is None else reader.expression(reader.child(default, "text"), default),
    )


def _in_order(allowed: CompiledUnary | None) -> tuple[Value, ...]:
    """The listed output values in their order."""
    if allowed is None:
        return ()
    values: list[Value] = []
    for each in allowed.tree.alternatives:
        if not isinstance(each, syntax.Literal):
            return ()
        values.append(each.value)
    return tuple(values)


def _rule(
    reader: Reader,
    element: etree._Element,
    number: int,
    inputs: tuple[InputClause, ...],
    outputs: tuple[OutputClause, ...],
) -> Rule:
    tests = reader.children(element, "inputEntry")
    answers = reader.children(element, "outputEntry")
    if len(tests) != len(inputs) or len(answers) != len(outputs):
        reader.error(
            "dmn-shape", element, "Rule %(number)d has %(tests)d tests and %(answers)d answers.",
            "It needs a cell for each column.", number=number, tests=len(tests), answers=len(answers),
        )  # fmt: skip
    annotations = [reader.text(reader.child(each, "text")) for each in reader.children(element, "annotationEntry")]
    described = reader.text(reader.child(element, "description"))
    return Rule(
        element.get("id") or f"rule-{number}",
        line_of(element),
        number,
        tuple(_test(reader, each, number, inputs[at] if at < len(inputs) else None) for at, each in enumerate(tests)),
        tuple(
            _answer(reader, each, number, outputs[at] if at < len(outputs) else None) for at, each in enumerate(answers)
        ),
        " ".join(each for each in (described, *annotations) if each),
    )


def _test(reader: Reader, element: etree._Element, number: int, clause: InputClause | None) -> CompiledUnary | None:
    text = reader.text(reader.child(element, "text"))
    if text in ("", "-"):
        return None
    reader.check_language(element)
    test = reader.unary(reader.child(element, "text"), element, f"rule {number}")
    if clause is not None and test is not None:
        reader.check_test(element, test, clause, number)
    return test


def _answer(reader: Reader, element: etree._Element, number: int, clause: OutputClause | None) -> Compiled | None:
    if not reader.text(reader.child(element, "text")):
        return None
    reader.check_language(element)
    compiled = reader.expression(reader.child(element, "text"), element, f"rule {number}")
    if clause is not None and compiled.constant:
        reader.check_answer(element, compiled, clause, number)
    return compiled
