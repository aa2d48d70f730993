"""Finding where everything of a running instance would stand in another version of its process, and what cannot stand
there: by the scope it stands in and the id of its element, or what that element is said to be called now.

Nothing is changed here (see `rebind`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.definitions.model import Node
from engine.dialect.activity import Activity
from engine.dialect.call import CallActivity
from engine.dialect.element import Element
from engine.dialect.environment import Environment
from engine.dialect.events import CatchEvent
from engine.dialect.gateways import EventBasedGateway
from engine.dialect.occurrences import Place
from engine.dialect.program import Program
from engine.dialect.scope import Plan
from engine.dialect.tasks import ServiceTask, opened
from engine.dialect.token import READY, Frame, Phase, Record, Token
from engine.dialect.tree import Tree
from engine.dialect.triggers import Trigger
from engine.errors import ModelError

GONE, KIND, SCOPE, LOOP, JOIN = "gone", "kind", "scope", "loop", "join"
COMPENSATION, TOPIC, CALLED, EVENTS = "compensation", "topic", "called", "events"


@dataclass(frozen=True, slots=True, order=True)
class Obstacle:
    """Why what waits at an element of the old version cannot go on in the new one. `code`: the element is `gone`, of
    another `kind`, in another `scope`; its `loop`, `topic` or `called` process is another one; a token at a `join`
    came by a flow that is gone; what would undo it (`compensation`) is gone; parallel `events` partly happened."""

    process_id: str
    element_id: str
    code: str


@dataclass
class Binding:
    """Where everything of an instance would stand in the other version: by token, found without changing anything."""

    names: Mapping[str, str]
    program: Program
    specs: dict[int, Element] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    pending: dict[int, list[Record]] = field(default_factory=dict)
    rounds: dict[int, list[Record]] = field(default_factory=dict)
    dropped: list[Token] = field(default_factory=list)
    added: list[tuple[Token, Trigger]] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)


def bind(tree: Tree, environment: Environment, names: Mapping[str, str]) -> Binding:
    """Find where the tokens would stand: `environment` gives the other version of the instance's process and of those
    it calls, `names` what elements of its own process are called now, where that is not the same."""
    found = Binding(names, environment.program(tree.program.process_id, False))
    for token in sorted(tree.tasks.values(), key=lambda each: each.id):
        if token.id != tree.root.id and token.above.id not in found.specs:
            continue  # what it stands in has no place: that is said already
        if token.frame is not None:
            _frame(found, environment, token, token.frame)
        elif not isinstance(token.task_spec, Trigger):
            _element(found, token)
    return found


def places(tree: Tree) -> Iterator[Place]:
    """Where the instance stands: its innermost tokens, and those that wait at joins."""
    for token in tree.tasks.values():
        if token.frame is not None:
            process_id = token.frame.program.process_id
            yield from (Place(process_id, join, token.id) for join in token.frame.arrived)
        elif token.task_spec.told and token.rounds is None and not any(below.frame for below in token.below):
            yield token.place()


# ---- finding places


def _frame(found: Binding, environment: Environment, token: Token, frame: Frame) -> None:
    plan, program = _plan(found, environment, token, frame)
    if plan is None:
        return
    arrived = {}
    for join, counts in frame.arrived.items():
        there = _arrived(found, frame, plan, join, counts)
        if there is not None:
            arrived[there[0]] = there[1]
    records = _records(found, program, frame, frame.records)
    found.specs[token.id] = plan.start
    found.frames[token.id] = replace(frame, plan=plan, program=program, arrived=arrived, records=records)
    _triggers(found, token, frame.plan.triggers, plan.triggers)


def _plan(found: Binding, environment: Environment, token: Token, frame: Frame) -> tuple[Plan | None, Program]:
    if token.id == token.tree.root.id:
        return found.program.plan, found.program
    host = token.above
    program = _program(found, host)
    if frame.isolated:
        spec = found.specs[host.id]
        assert isinstance(spec, CallActivity)
        try:
            kept = frame.program.digest if spec.version is not None else ""
            called = environment.program(frame.program.process_id, spec.call.latest, kept)
        except ModelError:
            found.obstacles.append(_obstacle(host, CALLED))
            return None, program
        return called.plan, called
    if frame.replay:
        plan = program.plans.get(_named(found, frame, frame.plan.scope_id))
        if plan is None:
            found.obstacles.append(_obstacle(host, COMPENSATION))
        return plan, program
    body: Plan = found.specs[host.id].body
    return body, program


def _program(found: Binding, token: Token) -> Program:
    return found.frames[token.scope.id].program


def _element(found: Binding, token: Token) -> None:
    scope, spec = token.scope, token.task_spec
    assert scope.frame is not None
    bound = found.frames[scope.id]
    name = _named(found, scope.frame, spec.element_id)
    new = bound.plan.elements.get(name)
    if new is None:
        elsewhere = any(name in plan.elements for plan in bound.program.plans.values())
        found.obstacles.append(_obstacle(token, SCOPE if elsewhere else GONE))
        return
    code = _unlike(token, spec, new)
    if code:
        found.obstacles.append(_obstacle(token, code))
        return
    found.specs[token.id] = new
    if token.pending is not None:
        found.pending[token.id] = _records(found, bound.program, scope.frame, token.pending)
    if token.rounds is not None:
        found.rounds[token.id] = _records(found, bound.program, scope.frame, token.rounds.records)
    before, after = _beside(token, spec), _beside(token, new)
    if spec.node.parallel_multiple and _keys(found, scope.frame, before) != {_key(each): each for each in after}.keys():
        found.obstacles.append(_obstacle(token, EVENTS))
        return
    _triggers(found, token, before, after)


def _unlike(token: Token, old: Element, new: Element) -> str:
    """Why a token of one element cannot stand at the other; empty when it can."""
    if type(old) is not type(new) or old.node.kind is not new.node.kind:
        return KIND
    if _loop(old.node) != _loop(new.node):
        return LOOP
    if isinstance(old, CallActivity) and isinstance(new, CallActivity) and old.call.element != new.call.element:
        return CALLED if token.below else ""
    if isinstance(old, ServiceTask) and opened(token) and old.node.topic != new.node.topic:
        return TOPIC
    return ""


def _loop(node: Node) -> tuple[object, ...]:
    loop = node.loop
    if loop is None:
        return ()
    return (loop.standard, loop.sequential, loop.element, loop.output_element, loop.output_collection)


def _arrived(
    found: Binding, frame: Frame, plan: Plan, join: str, counts: Mapping[str, int]
) -> tuple[str, dict[str, int]] | None:
    """The join and the flows in the other version: a flow of the same id, or the one that comes from the same place."""
    old, new = frame.plan.elements[join], plan.elements.get(_named(found, frame, join))
    if new is None or type(new) is not type(old) or len(new.node.incoming) < 2:
        code = GONE if new is None else KIND if type(new) is not type(old) else JOIN
        found.obstacles.append(Obstacle(frame.program.process_id, join, code))
        return None
    sources = _sources(plan, new)
    before = _sources(frame.plan, old)
    there: dict[str, int] = {}
    for flow, number in counts.items():
        same = [flow] if flow in sources else []
        same += [id for id, source in sources.items() if source == _named(found, frame, before.get(flow, ""))]
        if not same or same[0] in there:
            found.obstacles.append(Obstacle(frame.program.process_id, join, JOIN))
            return None
        there[same[0]] = number
    return new.element_id, there


def _sources(plan: Plan, join: Element) -> dict[str, str]:
    return {
        flow.id: element.element_id
        for element in plan.elements.values()
        for flow in element.flows
        if flow.target is join
    }


def _records(found: Binding, program: Program, frame: Frame, records: list[Record]) -> list[Record]:
    return [each for each in (_record(found, program, frame, record) for record in records) if each is not None]


def _record(found: Binding, program: Program, frame: Frame, record: Record) -> Record | None:
    activity, handler, scope = (_named(found, frame, each) for each in (record.activity, record.handler, record.scope))
    plan = program.plans.get(scope)
    if plan is None or handler not in plan.elements:
        found.obstacles.append(Obstacle(frame.program.process_id, record.activity, COMPENSATION))
        return None
    under = tuple(_named(found, frame, each) for each in record.under)
    nested = _records(found, program, frame, record.nested)
    return Record(activity, handler, scope, record.local, under, nested)


def _named(found: Binding, frame: Frame, element_id: str) -> str:
    """What an element is called now; only those of the process itself can have been renamed."""
    if frame.program.process_id != found.program.process_id:
        return element_id
    return found.names.get(element_id, element_id)


def _obstacle(token: Token, code: str) -> Obstacle:
    at = token.place()
    return Obstacle(at.process_id, at.element_id, code)


# ---- what waits beside


def _beside(token: Token, spec: Element) -> tuple[Trigger, ...]:
    """The triggers that can stand below a token of this element."""
    found: tuple[Trigger, ...] = ()
    if isinstance(spec, Activity) and token.item is None:
        found += spec.boundary_triggers
    if isinstance(spec, (CatchEvent, EventBasedGateway)) and token.rounds is None:
        found += spec.triggers
    return found


def _key(trigger: Trigger, element_id: str = "") -> tuple[type, str, str]:
    return type(trigger), element_id or trigger.element_id, trigger.name.rpartition("#")[2]


def _keys(found: Binding, frame: Frame, triggers: tuple[Trigger, ...]) -> dict[tuple[type, str, str], Trigger]:
    return {_key(each, _named(found, frame, each.element_id)): each for each in triggers}


def _triggers(found: Binding, token: Token, before: tuple[Trigger, ...], after: tuple[Trigger, ...]) -> None:
    scope = token.scope
    assert scope.frame is not None
    old, new = _keys(found, scope.frame, before), {_key(each): each for each in after}
    for below in token.below:
        if isinstance(below.task_spec, Trigger):
            spec = new.get(_key(below.task_spec, _named(found, scope.frame, below.task_spec.element_id)))
            if spec is None:
                found.dropped.append(below)
            else:
                found.specs[below.id] = spec
    if token._state != READY or token.phase is Phase.AGAIN:
        # One that the old version knew and that does not wait any more has happened.
        found.added += [(token, trigger) for key, trigger in new.items() if key not in old]
