"""Rebinding: letting a running instance go on by another version of its process, and of those it calls.

Every token keeps its number, its variables and its state, and stands at the element of its own that the other version
has: the one of the same id, or the one it is said to be now. What cannot be taken over is an obstacle, with its
reason; with any nothing is changed. What waits beside an element is made what the other version says: triggers that
are gone are withdrawn, new ones begin to wait, those written otherwise are computed again as of the moment they began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.definitions.model import Node
from engine.dialect.element import Element
from engine.dialect.environment import Environment
from engine.dialect.gateways import InclusiveGateway, ParallelGateway
from engine.dialect.occurrences import IncidentResolved, Place, TaskOpened
from engine.dialect.tasks import UserTask, opened
from engine.dialect.token import READY, Token
from engine.dialect.tree import Tree
from engine.dialect.triggers import ConditionTrigger, MessageTrigger, TimerTrigger, Trigger
from engine.dialect.variables import declare, evaluate, visible
from engine.runtime.core.binding import Binding


@dataclass(frozen=True, slots=True)
class Rebound:
    """What changed for those outside: open tasks that are offered otherwise now, and tokens whose element has another
    id now."""

    tasks: tuple[TaskOpened, ...]
    moved: Mapping[int, Place]


def rebind(tree: Tree, environment: Environment, binding: Binding) -> Rebound:
    """Let the instance go on as bound. Raises GendanError when what the other version says cannot be evaluated; the
    tree is then to be thrown away."""
    before = {token.id: token.place() for token in tree.tasks.values()}
    old = {token.id: token.task_spec for token in tree.tasks.values()}
    for token in binding.dropped:
        tree.drop(token, token.task_spec.element_id)
    tree.environment, tree.program, tree.spec = environment, binding.program, binding.program.plan
    for token in tree.tasks.values():
        _place(binding, token)
    tree.conditions = {
        token.id: token for token in tree.tasks.values() if isinstance(token.task_spec, ConditionTrigger)
    }
    tree.dirty = tree.dirty or bool(tree.conditions)
    tasks = [offer for token in list(tree.tasks.values()) for offer in _renewed(token, old[token.id])]
    for host, trigger in binding.added:
        tree.spawn(host, trigger)
    for token in list(tree.tasks.values()):
        _join(tree, token)
    moved = {
        token.id: token.place()
        for token in tree.tasks.values()
        if token.id in before and token.place().element_id != before[token.id].element_id
    }
    return Rebound(tuple(tasks), moved)


def _place(binding: Binding, token: Token) -> None:
    token.task_spec = binding.specs[token.id]
    token.placed = None
    if token.id in binding.frames:
        token.frame = binding.frames[token.id]
    if token.id in binding.pending:
        token.pending = binding.pending[token.id]
    if token.id in binding.rounds and token.rounds is not None:
        token.rounds.records = binding.rounds[token.id]


def _renewed(token: Token, old: Element) -> Iterator[TaskOpened]:
    """What the new version says otherwise of something that waits; an open task as it is offered now."""
    new = token.task_spec
    if isinstance(new, Trigger) and isinstance(old, Trigger):
        if not _says_the_same(old, new):
            _again(token, new)
        return
    if token.frame is not None or token._state == READY:
        return
    if token.rounds is None:
        for each in new.input_mappings:
            if each.target not in (token.local or {}):
                declare(token, each.target, None if each.value is None else evaluate(token, each.value))
    if _offered_otherwise(old, token):
        assert isinstance(new, UserTask)
        yield new.offer(token)


def _offered_otherwise(old: Element, token: Token) -> bool:
    new = token.task_spec
    return isinstance(new, UserTask) and opened(token) and _offers(old.node) != _offers(new.node)


def _offers(node: Node) -> tuple[object, ...]:
    return (node.assignment, node.properties.get("fourEyes"), node.properties.get("batchGroup"))


def _says_the_same(old: Trigger, new: Trigger) -> bool:
    return _said(old) == _said(new)


def _said(trigger: Trigger) -> tuple[object, ...]:
    node, place = trigger.node, int(trigger.name.rpartition("#")[2])
    event = replace(node.events[place], line=0, id="", ref="") if place < len(node.events) else node.message_name
    return (event, node.properties.get("correlation"), node.properties.get("senders"))


def _again(token: Token, trigger: Trigger) -> None:
    """It waits for something else now; a timer as if it had begun then with what is written now."""
    match trigger:
        case TimerTrigger() if token.held is not None:
            environment = token.tree.environment
            trigger.hold(token, trigger.clockwork.first(visible(token), environment, token.held.anchor))
        case MessageTrigger() | ConditionTrigger():
            trigger.subscribe(token)


def _join(tree: Tree, token: Token) -> None:
    """A join may have all it waits for, now that fewer flows lead into it."""
    if token.frame is None:
        return
    for name in list(token.frame.arrived):
        join = token.frame.plan.elements[name]
        if isinstance(join, InclusiveGateway):
            tree.joining[token.id] = token
        elif isinstance(join, ParallelGateway):
            while len(token.frame.arrived.get(name, {})) == len(join.node.incoming):
                join.fire(token)


def restate(tree: Tree, known: Tree) -> Rebound:
    """Tell those outside, who know the instance as `known`, what waits otherwise in this state of it; for going back
    to a version of which the state was kept. Numbers that `known` has given are not given again."""
    tree.last_id = max(tree.last_id, known.last_id)
    for token in known.tasks.values():
        trigger, still = token.task_spec, tree.tasks.get(token.id)
        if isinstance(trigger, Trigger) and not (still is not None and _waits_alike(token, still)):
            trigger.removed(token)
        if token.incident is not None and (still is None or still.incident is None):
            known.tell(IncidentResolved(token.place()))
    tree.log, known.log = known.log, []
    tasks, moved = [], {}
    for token in tree.tasks.values():
        before = known.tasks.get(token.id)
        if isinstance(token.task_spec, Trigger):
            if before is None or not _waits_alike(token, before):
                token.task_spec.state(token)
        elif before is not None and _offered_otherwise(before.task_spec, token):
            assert isinstance(token.task_spec, UserTask)
            tasks.append(token.task_spec.offer(token))
        if before is not None and token.place().element_id != before.place().element_id:
            moved[token.id] = token.place()
    return Rebound(tuple(tasks), moved)


def _waits_alike(one: Token, other: Token) -> bool:
    return type(one.task_spec) is type(other.task_spec) and one.held == other.held
