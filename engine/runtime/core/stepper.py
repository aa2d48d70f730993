"""Runs an instance to rest: one step of one token after the other, each whole or not at all."""

from __future__ import annotations

from engine.dialect.gateways import decide_inclusive
from engine.dialect.token import READY, WAITING, Phase, Token
from engine.dialect.tree import OPEN, Tree, ready
from engine.dialect.triggers import ConditionTrigger
from engine.dialect.variables import take_back
from engine.errors import GendanError
from engine.runtime.core.modify import settle

MOST_STEPS = 50_000
"""More steps than this in one run are a loop that nothing will end: an incident where it stands."""


def run(tree: Tree) -> None:
    """Run until nothing automatic is left: tokens first, then inclusive joins, then conditional events."""
    settle(tree)
    steps = 0
    while tree.state == OPEN:
        while tree.queue:
            token = tree.queue.popleft()
            if not ready(token):
                continue
            steps += 1
            if steps > MOST_STEPS:
                tree.fail(token, "endless", f"The instance did not come to rest after {MOST_STEPS} steps.")
                continue
            step(tree, token)
        if not (decide_inclusive(tree) or watch_conditions(tree)):
            break


def step(tree: Tree, token: Token) -> None:
    """One step of one token. What fails with a GendanError is undone and becomes an incident; the token stays."""
    if token.phase is Phase.ENTER and not token.known:
        token.task_spec.entered(token)
        token.known = True
    mark, newest = len(tree.log), tree.last_id
    tree.undo = []
    try:
        token.run()
    except GendanError as error:
        _undo(tree, token, mark, newest)
        tree.fail(token, error.code, str(error))
    finally:
        tree.undo = None


def _undo(tree: Tree, token: Token, mark: int, newest: int) -> None:
    assert tree.undo is not None
    take_back(tree.undo)
    for made in [each for each in tree.tasks.values() if each.id > newest]:
        if made.alive:
            tree.drop(made, "")
    del tree.log[mark:]
    token.rounds = None if token.phase is Phase.ENTER else token.rounds
    token._set_state(READY)


def watch_conditions(tree: Tree) -> bool:
    """After variables have changed, look at every conditional event again; true when one has fired."""
    if not tree.dirty or not tree.conditions:
        tree.dirty = False
        return False
    tree.dirty = False
    tree.conditions = {id: token for id, token in tree.conditions.items() if token.alive}
    fired = [_watch(tree, token) for token in list(tree.conditions.values())]
    return any(fired)


def _watch(tree: Tree, token: Token) -> bool:
    spec = token.task_spec
    if not token.alive or token._state != WAITING or token.incident or not isinstance(spec, ConditionTrigger):
        return False
    try:
        return spec.watch(token)
    except GendanError as error:
        tree.fail(token, error.code, str(error))
        return False
