"""Modification: withdrawing elements and starting before them, to repair a stuck instance (the right is checked by
the verb that calls this)."""

from __future__ import annotations

from engine.dialect.activity import Activity
from engine.dialect.element import Element
from engine.dialect.program import Program
from engine.dialect.scope import Plan, empty, listen
from engine.dialect.subprocess import EventSubProcess, SubProcess
from engine.dialect.token import STARTED, Token
from engine.dialect.tree import CANCELLED, Tree
from engine.errors import ModelError, NotFound


def cancel_element(tree: Tree, element_id: str) -> int:
    """Withdraw the tokens at this element in every open scope, those that wait at it as a join included."""
    found = [
        token
        for token in tree.tasks.values()
        if token.task_spec.element_id == element_id and token.task_spec.told and token.item is None
    ]
    number = 0
    for token in found:
        if token.alive:
            scope = token.above
            tree.drop(token, element_id)
            tree.abandoned.append(scope)
            number += 1
    for token in [token for token in tree.tasks.values() if token.frame is not None]:
        assert token.frame is not None
        counts = token.frame.arrived.pop(element_id, None)
        if counts:
            tree.abandoned.append(token)
            number += sum(counts.values())
    return number


def start_before(tree: Tree, element_id: str) -> None:
    """A token before this element, in its open scope; scopes around it are opened when they are not."""
    for program in _programs(tree):
        for plan in program.plans.values():
            element = plan.elements.get(element_id)
            if element is not None:
                tree.spawn(_opened(tree, program, plan), element)
                return
    raise NotFound("No open process of this instance has an element %(element)s.", element=element_id)


def settle(tree: Tree) -> None:
    """Scopes that a modification has left with nothing are withdrawn, outward."""
    abandoned, tree.abandoned = tree.abandoned, []
    for scope in abandoned:
        if scope.alive and empty(scope):
            _withdraw(tree, scope)


def _withdraw(tree: Tree, scope: Token) -> None:
    by = scope.task_spec.element_id
    if scope is tree.root:
        tree.clear(scope, by)
        tree.end(CANCELLED)
        return
    host = scope.above
    assert scope.frame is not None
    if scope.frame.replay:
        host.task_spec.body_done(host, scope)
    elif host.item is not None:
        container = host.above
        tree.drop(host, by)
        spec = container.task_spec
        assert isinstance(spec, Activity)
        assert spec.looping is not None
        spec.looping.item_withdrawn(container)
    else:
        outer = host.above
        tree.drop(host, by)
        if empty(outer):
            _withdraw(tree, outer)


def _programs(tree: Tree) -> list[Program]:
    """The processes that are open, the innermost call last made first."""
    frames = [token.frame for token in tree.tasks.values() if token.frame is not None and token.frame.isolated]
    return list(dict.fromkeys(frame.program for frame in reversed(frames)))


def _opened(tree: Tree, program: Program, plan: Plan) -> Token:
    for token in reversed(tree.tasks.values()):
        frame = token.frame
        if frame is not None and frame.plan is plan and not frame.replay:
            return token
    host_node = plan.host
    if host_node is None:
        raise NotFound("Process %(process)s is not open in this instance.", process=program.process_id)
    outer = next(each for each in program.plans.values() if host_node.id in each.elements)
    return _open_host(tree, _opened(tree, program, outer), outer.elements[host_node.id], program)


def _open_host(tree: Tree, outer: Token, element: Element, program: Program) -> Token:
    if not isinstance(element, (SubProcess, EventSubProcess)) or element.node.loop is not None:
        raise ModelError(
            "Element %(element)s %(name)s is repeated: start before it, not inside it.",
            element=element.element_id,
            name=element.node.name,
        )
    host = tree.make(outer, element)
    host._set_state(STARTED)
    host.known = True
    element.entered(host)
    element.map_inputs(host)
    scope = tree.open(host, element.body, program, isolated=False)
    listen(scope)
    if isinstance(element, SubProcess):
        for trigger in element.boundary_triggers:
            tree.spawn(host, trigger)
    return scope
