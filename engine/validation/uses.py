"""Every text of a process that is an expression, compiled: where it stands, what it reads, whether it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from engine.definitions.model import FormField, Loop, Node, ProcessDefinition, Scope
from engine.errors import ExpressionError
from engine.expressions import Compiled, compile_expression, compile_text, tree

BARE_FIELD = ("requiredWhen", "visibleWhen", "compute", "check")
"""Properties of a form field that are expressions even without `${…}`."""
TEXT_FIELD = ("default", "readonly", "min", "max", "prefill", "fixedRows", "minRows", "multiple")
PROCESS_TEXTS = ("title", "readers", "excluded", "owner", "starters", "holdable")
NODE_TEXTS = ("correlation", "businessKey", "batchGroup", "senders", "starters", "label", "stage")


@dataclass(frozen=True, slots=True)
class Use:
    """One expression. `what` says which text of the element it is, `node` is the element (None: of the process or
    a flow). Either `compiled` or `error` is set. `field` is the form field it belongs to. `condition` marks texts
    that decide and therefore must not be plain text. `inputs` is how many input parameters stand before it (None:
    all), `after` that it is read when the element is done, `called` the process in whose scope it is read, if that is
    another one."""

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
    inputs: int | None = None
    after: bool = False
    called: str = ""

    @property
    def tolerant(self) -> bool:
        """Whether a name that was never set is null here: in forms, in conditions that are waited for, and where a
        call passes on a plain variable."""
        waited = self.condition and self.node is not None and bool(self.node.events)
        return self.field is not None or waited or (self.node is not None and self.node.call is not None and self.plain)

    @property
    def plain(self) -> bool:
        """Whether it is a name and nothing else."""
        return self.compiled is not None and [type(each) for each in self.compiled.trees] == [tree.Name]

    @property
    def own(self) -> frozenset[str]:
        """The names that a form gives to its own expressions: its fields, and within a row its columns."""
        if self.node is None or self.field is None:
            return frozenset()
        return frozenset({"row", "value"} | {each.id.rpartition("].")[2] for each in self.node.form})


@lru_cache(maxsize=10_000)
def _compile(text: str, bare: bool) -> tuple[Compiled | None, ExpressionError | None]:
    try:
        return (compile_expression(text) if bare else compile_text(text)), None
    except ExpressionError as error:
        return None, error


def unreadable(text: str) -> str:
    """Why a text cannot be read; empty when it can."""
    error = _compile(text, False)[1]
    return "" if error is None else str(error)


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
            yield _use(
                process,
                source,
                flow.id,
                flow.name,
                flow.line,
                "the condition",
                flow.condition,
                condition=True,
                after=True,
            )
    for node in scope.nodes.values():
        for read in _of_node(node):
            if read.text:
                yield _use(
                    process, node, node.id, node.name, read.line or node.line, read.what, read.text, bare=read.bare,
                    condition=read.condition, inputs=read.inputs, after=read.after, called=read.called,
                )  # fmt: skip
        for field in node.form:
            yield from _of_field(process, node, field)
        if node.body is not None:
            yield from _of_scope(process, node.body)


class _Read(NamedTuple):
    """One text of a node; without a line it stands on the node's."""

    what: str
    text: str
    line: int = 0
    bare: bool = False
    condition: bool = False
    inputs: int | None = None
    after: bool = False
    called: str = ""


def _of_node(node: Node) -> Iterator[_Read]:
    for event in node.events:
        yield _Read("the condition", event.condition, event.line, condition=True)
        if "${" in event.name:
            yield _Read(f"the {event.kind} name", event.name, event.line)
        if event.timer is not None and "${" in event.timer.text:
            yield _Read(event.timer.kind, event.timer.text, event.line)
    yield from (_Read(what, text) for what, text in _assigned(node))
    for at, mapping in enumerate(node.inputs):
        yield _Read(f"the parameter {mapping.target}", mapping.expression, mapping.line, inputs=at)
    for mapping in node.outputs:
        yield _Read(f"the parameter {mapping.target}", mapping.expression, mapping.line, after=True)
    if node.call is not None:
        yield _Read("calledElement", node.call.element)
        for mapping in node.call.inputs:
            yield _Read(f"the variable {mapping.target}", mapping.expression, mapping.line)
        for mapping in node.call.outputs:
            what = f"the variable {mapping.target}"
            yield _Read(what, mapping.expression, mapping.line, after=True, called=node.call.element)
    if node.loop is not None:
        yield from _of_loop(node.loop)
    if node.script_format.lower() == "feel":
        yield _Read("the script", node.script, bare=True)
    yield _Read("decisionRef", node.decision.ref if node.decision else "")
    for name in NODE_TEXTS:
        yield _Read(f"property {name}", node.properties.get(name, ""))


def _of_loop(loop: Loop) -> Iterator[_Read]:
    yield _Read("loopCardinality", loop.cardinality, loop.line, inputs=0)
    yield _Read("the collection", loop.collection, loop.line, bare="${" not in loop.collection, inputs=0)
    yield _Read("the completion condition", loop.completion, loop.line, condition=True, after=True)
    yield _Read("outputElement", loop.output_element, bare="${" not in loop.output_element, after=True)


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
    inputs: int | None = None,
    after: bool = False,
    called: str = "",
) -> Use:
    compiled, error = _compile(text, bare)
    return Use(
        process.id, owner, name, line, what, text, node, compiled, error, field, condition, inputs, after, called
    )  # fmt: skip
