"""Variables live in scopes (BPMN 2.0 §10.4, Camunda 7): looked up outward, written where they are declared.

A token sees its own local variables, those of the tokens above it up to the next isolated scope (the instance, a
called process), and the names of the instance. A write goes to the nearest scope that declares the name, else to the
isolated one.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.dialect.occurrences import VariableSet
from engine.dialect.token import ROOT
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.token import Token
    from engine.expressions import Compiled

_ABSENT: Any = object()


def visible(token: Token) -> Mapping[str, Value]:
    """Every name that is visible at the token, nearest first."""
    tasks, names = token.tree.tasks, token.tree.names
    maps: list[Any] = []
    while True:
        if token.local:
            maps.append(token.local)
        if token.frame is not None and token.frame.isolated:
            break
        token = tasks[token._parent]
    maps.append(names)
    return ChainMap(*maps)


def evaluate(token: Token, compiled: Compiled, strict: bool = True, at: datetime | None = None) -> Value:
    """The value of an expression at the token; `at` is what `now()` shall say."""
    return compiled.evaluate(visible(token), token.tree.environment.context(at), strict)


def write(token: Token, name: str, value: Value, outward: bool = False) -> None:
    """Set a variable as seen from the token; `outward` passes over what the token itself declares."""
    owner = token.above if outward and not (token.frame and token.frame.isolated) else token
    while not (owner.local is not None and name in owner.local):
        if owner.frame is not None and owner.frame.isolated:
            break
        owner = owner.above
    old = _put(owner, name, value)
    if old is _ABSENT or type(old) is not type(value) or old != value:
        tree = token.tree
        tree.dirty = True
        tree.tell(VariableSet(token.place(), 0 if owner.id == ROOT else owner.id, name, value))


def declare(token: Token, name: str, value: Value) -> None:
    """Set a variable of the token's own, which hides an outer one of that name."""
    _put(token, name, value)


def _put(owner: Token, name: str, value: Value) -> Any:
    local = owner.local
    if not local:
        owner.placed = None
        if local is None:
            local = owner.local = {}
    old = local.get(name, _ABSENT)
    undo = owner.tree.undo
    if undo is not None:
        undo.append((local, name, old))
    local[name] = value
    return old


def take_back(undo: list[tuple[dict[str, Value], str, Any]]) -> None:
    """Undo the writes of a step that failed, last one first."""
    for local, name, old in reversed(undo):
        if old is _ABSENT:
            local.pop(name, None)
        else:
            local[name] = old
