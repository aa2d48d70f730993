"""The state of an instance as compact, canonical JSON, and back.

One row a token: `[id, parent, spec, state, more]`. A spec is looked up in the scope around the row's parent; a row
with `f` is an open scope itself. `more` holds only what the token has. The format number is checked before anything
else; an older format is upgraded in `_UPGRADES` when there is one.

Keys of `more`: `l` local variables, `h` what a trigger holds, `m` rounds of a loop, `i` number of an item, `c` pending
compensation, `x` incident, `f` open scope. Of `f`: `a` tokens at joins, `r` what can be compensated, `p` the called
process, `b` the scope in which a compensation handler runs, `o` an ad-hoc subprocess that is over, `z` complex gateways
that wait to begin anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.dialect.environment import Environment
from engine.dialect.gateways import InclusiveGateway
from engine.dialect.program import Program
from engine.dialect.scope import Plan, find_plan
from engine.dialect.token import READY, ROOT, STARTED, WAITING, Frame, Held, Phase, Record, Rounds, Token
from engine.dialect.tree import OPEN, Tree
from engine.dialect.triggers import ConditionTrigger
from engine.errors import ModelError
from engine.values import dumps, loads

FORMAT = 1
_UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
_STATES = {STARTED: "S", WAITING: "W"}


def dump(tree: Tree) -> bytes:
    """The snapshot of an instance."""
    program = tree.program
    found: dict[str, Any] = {
        "v": FORMAT,
        "p": [program.process_id, program.digest],
        "n": tree.last_id,
        "k": dict(tree.names),
    }
    if tree.state != OPEN:
        found["s"] = tree.state
    if tree.ends:
        found["e"] = tree.ends
    if tree.queue:
        found["q"] = [token.id for token in tree.queue if token.alive]
    if tree.dirty:
        found["d"] = True
    if tree.abandoned:
        found["w"] = [token.id for token in tree.abandoned if token.alive]
    found["t"] = [_row(token) for token in sorted(tree.tasks.values(), key=_by_id)]
    return dumps(found).encode()


def _by_id(token: Token) -> int:
    return token.id


def _row(token: Token) -> list[Any]:
    state = _STATES.get(token._state) or (token.phase.value.upper() if token.known else token.phase.value)
    row: list[Any] = [token.id, token._parent or 0, "" if token.frame else token.task_spec.name, state]
    more: dict[str, Any] = {}
    if token.local:
        more["l"] = token.local
    if token.held is not None:
        more["h"] = _held(token.held)
    if token.rounds is not None:
        more["m"] = _rounds(token.rounds)
    if token.item is not None:
        more["i"] = token.item
    if token.pending is not None:
        more["c"] = [_record(each) for each in token.pending]
    if token.incident is not None:
        more["x"] = list(token.incident)
    if token.frame is not None:
        frame = _frame(token, token.frame)
        if frame:
            more["f"] = frame
    if more:
        row.append(more)
    return row


def _held(held: Held) -> list[Any]:
    if held.due is not None:
        return [held.due, held.anchor, -1 if held.left is None else held.left, held.cycle]
    return [held.name, held.correlation, held.last]


def _rounds(rounds: Rounds) -> list[Any]:
    total = -1 if rounds.total is None else rounds.total
    results = [[number, value] for number, value in sorted(rounds.results.items())]
    return [total, rounds.started, rounds.done, rounds.items, results, [_record(each) for each in rounds.records]]


def _record(record: Record) -> list[Any]:
    nested = [_record(each) for each in record.nested]
    return [record.activity, record.handler, record.scope, record.local, list(record.under), nested]


def _frame(token: Token, frame: Frame) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if frame.arrived:
        found["a"] = frame.arrived
    if frame.records:
        found["r"] = [_record(each) for each in frame.records]
    if frame.closing:
        found["o"] = True
    if frame.resetting:
        found["z"] = frame.resetting
    if frame.replay:
        found["b"] = frame.plan.scope_id
    elif frame.isolated and token.id != ROOT:
        found["p"] = [frame.program.process_id, frame.program.digest]
    return found


def load(snapshot: bytes, environment: Environment) -> Tree:
    """The instance that a snapshot holds. ModelError when this program cannot read its format."""
    found = _read(snapshot)
    process_id, digest = found["p"]
    tree = Tree(environment.program(process_id, False, digest), environment, found["k"])
    tree.state = found.get("s", OPEN)
    tree.ends = list(found.get("e", ()))
    for row in found["t"]:
        _token(tree, row)
    tree.task_tree = tree.root
    tree.last_id = int(found["n"])
    ready = [int(id) for id in found.get("q", ())]
    tree.queue.extend(tree.tasks[id] for id in ready)
    tree.dirty = bool(found.get("d", False))
    tree.abandoned = [tree.tasks[int(id)] for id in found.get("w", ())]
    return tree


def _read(snapshot: bytes) -> dict[str, Any]:
    try:
        found: Any = loads(snapshot.decode())
    except ValueError:
        found = None
    version = found.get("v") if isinstance(found, dict) else None
    while version is not None and version != FORMAT and int(version) in _UPGRADES:
        found = _UPGRADES[int(version)](found)
        version = found["v"]
    if version == FORMAT:
        result: dict[str, Any] = found
        return result
    raise ModelError(
        "The snapshot has format %(found)s; this version reads up to %(known)s. "
        "Use the version that wrote it, or newer.",
        found=version,
        known=FORMAT,
    )


def _token(tree: Tree, row: list[Any]) -> None:
    id, parent_id, name, state = int(row[0]), int(row[1]), row[2], row[3]
    more: dict[str, Any] = row[4] if len(row) > 4 else {}
    parent = tree.tasks[parent_id] if parent_id else None
    frame = None
    if name == "":
        frame = _frame_of(tree, parent, more.get("f", {}))
        spec = frame.plan.start
    else:
        assert parent is not None
        spec = parent.open_frame.plan.task_specs[name]
    token = Token(tree, spec, parent, id, _state(state))
    token.frame = frame
    token.known = state.isupper()
    if token._state == READY:
        token.phase = Phase(state.lower())
    if more or frame is not None:
        _fill(token, more)
    if frame is not None and (frame.arrived or frame.resetting):
        _remember_joins(tree, token, frame)


def _state(written: str) -> int:
    return {"S": STARTED, "W": WAITING}.get(written, READY)


def _fill(token: Token, more: dict[str, Any]) -> None:
    token.local = more.get("l")
    if token.local is None and token.frame is not None and token.frame.isolated:
        token.local = {}
    token.held = _held_of(more["h"]) if "h" in more else None
    token.rounds = _rounds_of(more["m"]) if "m" in more else None
    token.item = int(more["i"]) if "i" in more else None
    token.pending = [_record_of(each) for each in more["c"]] if "c" in more else None
    token.incident = (more["x"][0], more["x"][1]) if "x" in more else None
    if isinstance(token.task_spec, ConditionTrigger):
        token.tree.conditions[token.id] = token


def _held_of(written: list[Any]) -> Held:
    if len(written) == 4:
        left = int(written[2])
        return Held(due=written[0], anchor=written[1], left=None if left < 0 else left, cycle=written[3])
    return Held(name=written[0], correlation=written[1], last=written[2])


def _rounds_of(written: list[Any]) -> Rounds:
    total, started, done, items, results, records = written
    return Rounds(
        None if total < 0 else int(total),
        int(started),
        int(done),
        items,
        {int(number): value for number, value in results},
        [_record_of(each) for each in records],
    )


def _record_of(written: list[Any]) -> Record:
    activity, handler, scope, local, under, nested = written
    return Record(activity, handler, scope, local, tuple(under), [_record_of(each) for each in nested])


def _frame_of(tree: Tree, parent: Token | None, written: dict[str, Any]) -> Frame:
    program, plan, isolated = _which(tree, parent, written)
    arrived = {
        join: {flow: int(number) for flow, number in counts.items()} for join, counts in written.get("a", {}).items()
    }
    records = [_record_of(each) for each in written.get("r", ())]
    return Frame(
        plan,
        program,
        isolated,
        arrived,
        records,
        replay="b" in written,
        closing="o" in written,
        resetting={join: list(flows) for join, flows in written.get("z", {}).items()},
    )


def _which(tree: Tree, parent: Token | None, written: dict[str, Any]) -> tuple[Program, Plan, bool]:
    if parent is None:
        return tree.program, tree.program.plan, True
    if "p" in written:
        process_id, digest = written["p"]
        called = tree.environment.program(process_id, False, digest)
        return called, called.plan, True
    program = parent.open_frame.program
    if "b" in written:
        return program, find_plan(program, written["b"]), False
    body: Plan = parent.task_spec.body
    return program, body, False


def _remember_joins(tree: Tree, token: Token, frame: Frame) -> None:
    if any(isinstance(frame.plan.elements[join], InclusiveGateway) for join in (*frame.arrived, *frame.resetting)):
        tree.joining[token.id] = token
