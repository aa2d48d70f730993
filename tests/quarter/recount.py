"""The figures of the board once more, from the rows of history alone.

What a process publishes is taken together again from what was submitted and set, row by row; the expressions of
board.yaml judge it, and the arithmetic is Python's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import select

from engine.definitions.practice import Figure
from engine.engine import Engine
from engine.errors import ExpressionError
from engine.expressions import Context, compile_expression
from engine.runtime.deployed.practice import Practice
from engine.store.schema.running import history_event, process_instance
from engine.values import Value, loads


@dataclass
class Told:
    """One instance as its history tells it."""

    row: Any
    fields: dict[str, Value] = field(default_factory=dict)
    status: str = ""
    about: Value = None


def recount(engine: Engine) -> dict[str, tuple[int, object]]:
    """Figure → rows and value. A complaint about a person is kept from that person, so it is in no figure (decision
    0013)."""
    practice = engine.deployments.current()
    told = {number: each for number, each in read(engine, practice).items() if each.about is None}
    context = engine.context()
    return {each.id: _figure(each, told, context) for each in practice.surroundings.board.figures}


def read(engine: Engine, practice: Practice) -> dict[int, Told]:
    """Every instance by its id."""
    with engine.machinery.database.reading() as connection:
        found = {row.id: Told(row) for row in connection.execute(select(process_instance))}
        events = connection.execute(
            select(history_event).order_by(history_event.c.instance_id, history_event.c.seq)
        ).all()
    tellers = _tellers(practice)
    for event in events:
        instance = found[event.instance_id]
        data: Any = loads(event.data) if event.data else {}
        published = tellers[instance.row.process_id].get(event.element_id, frozenset())
        for part in (data.get("values") or {}, data.get("set") or {}):
            instance.fields |= {name: value for name, value in part.items() if name in published}
            instance.about = part.get("about_person", instance.about)
        if event.kind == "effect" and "status" in data:
            instance.status = data["status"]
    return found


def _tellers(practice: Practice) -> dict[str, dict[str, frozenset[str]]]:
    """Process → element of it or of what it calls → what that element may tell the world."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for name, process in practice.processes.items():
        own = process.traits.publish
        told = found.setdefault(name, {})
        for called, handed in _called(practice, name, own):
            for node in practice.processes[called].definition.scope.walk():
                told[node.id] = told.get(node.id, frozenset()) | handed
        told |= {node.id: told.get(node.id, frozenset()) | own for node in process.definition.scope.walk()}
    return found


def _called(practice: Practice, name: str, published: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Every process it calls, with what is published of its variables: by itself, or handed out to the caller."""
    for node in practice.processes[name].definition.scope.walk():
        if node.call is not None and node.call.element in practice.processes:
            called = practice.processes[node.call.element]
            handed = {each.target for each in node.call.outputs} & published
            yield called.definition.id, frozenset(handed) | called.traits.publish
            yield from _called(practice, called.definition.id, called.traits.publish | frozenset(handed))


def _figure(figure: Figure, told: Mapping[int, Told], context: Context) -> tuple[int, object]:
    records = {each.row.business_key: each for each in told.values() if not each.row.number}
    tops: list[Decimal] = []
    bottoms: list[Decimal] = []
    for each in told.values():
        if each.row.process_id != figure.process:
            continue
        judged = _judge(figure, _names(each, records.get(each.row.business_key, each), context), context)
        if judged is not None:
            tops.append(judged[0])
            bottoms.append(judged[1])
    return len(tops), _together(figure.measure, tops, bottoms)


def _names(own: Told, record: Told, context: Context) -> dict[str, Value]:
    zone = context.zone()
    return record.fields | own.fields | {
        "key": own.row.business_key, "number": own.row.number, "status": record.status, "state": own.row.state,
        "end": own.row.end_id, "owner": own.row.owner, "started_at": own.row.started_at.astimezone(zone),
        "ended_at": own.row.ended_at.astimezone(zone) if own.row.ended_at else None,
    }  # fmt: skip


def _judge(figure: Figure, names: Mapping[str, Value], context: Context) -> tuple[Decimal, Decimal] | None:
    compiled = {key: compile_expression(text) for key, text in figure.expressions.items()}
    asked = {name: None for each in compiled.values() for name in each.names} | dict(names)
    if asked.get(figure.on) is None:
        return None
    try:
        if compiled["where"].evaluate(asked, context) is not True:
            return None
        if figure.measure == "count":
            return Decimal(1), Decimal(1)
        if figure.measure == "share":
            return Decimal(compiled["good"].evaluate(asked, context) is True), Decimal(1)
        top = _number(compiled["value"].evaluate(asked, context))
        bottom = _number(compiled["out_of"].evaluate(asked, context)) if figure.measure == "ratio" else Decimal(1)
    except ExpressionError:
        return None
    return None if top is None or bottom is None else (top, bottom)


def _number(value: Any) -> Decimal | None:
    if hasattr(value, "total_seconds"):
        return Decimal(int(value.total_seconds())) / 3600
    return value if isinstance(value, Decimal) else None


def _together(measure: str, tops: list[Decimal], bottoms: list[Decimal]) -> Decimal | None:
    if not tops:
        return None
    if measure == "median":
        found = Decimal(median(tops))
    elif measure in ("sum", "count"):
        found = sum(tops, Decimal(0))
    else:
        bottom = sum(bottoms, Decimal(0))
        if not bottom:
            return None
        found = sum(tops, Decimal(0)) / bottom
    return found.quantize(Decimal("0.0001")).normalize()
