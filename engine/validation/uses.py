"""Every text of a process that is an expression, compiled: where it stands, what it reads, whether it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.definitions.model import FormField, Node, ProcessDefinition, Scope
from engine.errors import ExpressionError
from engine.expressions import Compiled, compile_expression, compile_text

BARE_FIELD = ("requiredWhen", "visibleWhen", "compute", "check")
"""Properties of a form field that are expressions even without `${…}`."""
TEXT_FIELD = ("default", "readonly", "min", "max", "prefill", "fixedRows", "minRows", "multiple")
PROCESS_TEXTS = ("title", "readers", "excluded", "owner", "starters")
NODE_TEXTS = ("correlation", "businessKey", "batchGroup", "senders", "starters", "label", "stage")


@dataclass(frozen=True, slots=True)
class Use:
    """One expression. `what` says which text of the element it is, `node` is the element (None: of the process or
    a flow). Either `compiled` or `error` is set. `field` is the form field it belongs to. `condition` marks texts
    that decide and therefore must not be plain text."""

    process: str
    owner: str
    owner_name: str
    line: int
    what: str
    text: str
    node: Node | None
    compiled: Compiled | None
    error: ExpressionError | None
    field: FormField | None = None
    condition: bool = False


@lru_cache(maxsize=10_000)
def _compile(text: str, bare: bool) -> tuple[Compiled | None, ExpressionError | None]:
    try:
        return (compile_expression(text) if bare else compile_text(text)), None
    except ExpressionError as error:
        return None, error


def uses(process: ProcessDefinition) -> Iterator[Use]:
    """Every expression of a process, its own first."""
    for name in PROCESS_TEXTS:
        if process.properties.get(name):
            text = process.properties[name]
            yield _use(process, None, process.id, process.name, process.line, f"property {name}", text)
    yield from _of_scope(process, process.scope)


def _of_scope(process: ProcessDefinition, scope: Scope) -> Iterator[Use]:
    for flow in scope.flows.values():
        if flow.condition and not flow.language:
            source = scope.nodes.get(flow.source)
            yield _use(process, source, flow.id, flow.name, flow.line, "the condition", flow.condition, condition=True)
    for node in scope.nodes.values():
        for what, text, line, bare, condition in _of_node(node):
            if text:
                yield _use(process, node, node.id, node.name, line, what, text, bare=bare, condition=condition)
        for field in node.form:
            yield from _of_field(process, node, field)
        if node.body is not None:
            yield from _of_scope(process, node.body)


def _of_node(node: Node) -> Iterator[tuple[str, str, int, bool, bool]]:
    for event in node.events:
        yield "the condition", event.condition, event.line, False, True
        if event.timer is not None and "${" in event.timer.text:
            yield event.timer.kind, event.timer.text, event.line, False, False
    yield from ((what, text, node.line, False, False) for what, text in _assigned(node))
    for mapping in (*node.inputs, *node.outputs):
        yield f"the parameter {mapping.target}", mapping.expression, mapping.line, False, False
    if node.call is not None:
        yield "calledElement", node.call.element, node.line, False, False
        for mapping in (*node.call.inputs, *node.call.outputs):
            yield f"the variable {mapping.target}", mapping.expression, mapping.line, False, False
    if node.loop is not None:
        yield "loopCardinality", node.loop.cardinality, node.loop.line, False, False
        collection = node.loop.collection
        yield "the collection", collection, node.loop.line, "${" not in collection, False
        yield "the completion condition", node.loop.completion, node.loop.line, False, True
        yield "outputElement", node.loop.output_element, node.line, "${" not in node.loop.output_element, False
    if node.script_format.lower() == "feel":
        yield "the script", node.script, node.line, True, False
    yield "decisionRef", node.decision.ref if node.decision else "", node.line, False, False
    for name in NODE_TEXTS:
        yield f"property {name}", node.properties.get(name, ""), node.line, False, False


def _assigned(node: Node) -> Iterator[tuple[str, str]]:
    given = node.assignment
    yield "assignee", given.assignee
    yield "candidateUsers", given.candidate_users
    yield "candidateGroups", given.candidate_groups
    yield "dueDate", given.due
    yield "followUpDate", given.follow_up
    yield "priority", given.priority


def _of_field(process: ProcessDefinition, node: Node, field: FormField) -> Iterator[Use]:
    texts: Mapping[str, str] = {**{f"constraint {name}": text for name, text in field.constraints.items()}}
    written = {
        **{name: (field.properties[name], True) for name in BARE_FIELD if field.properties.get(name)},
        **{name: (field.properties[name], False) for name in TEXT_FIELD if field.properties.get(name)},
        **{name: (text, False) for name, text in texts.items() if "${" in text},
    }
    if field.default:
        written["defaultValue"] = (field.default, False)
    for name, (text, bare) in written.items():
        what = f"{name} of field {field.id}"
        yield _use(process, node, node.id, node.name, field.line, what, text, bare=bare, field=field)


def _use(
    process: ProcessDefinition,
    node: Node | None,
    owner: str,
    name: str,
    line: int,
    what: str,
    text: str,
    *,
    bare: bool = False,
    condition: bool = False,
    field: FormField | None = None,
) -> Use:
    compiled, error = _compile(text, bare)
    return Use(process.id, owner, name, line, what, text, node, compiled, error, field, condition)
