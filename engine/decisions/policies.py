"""Hit policies and aggregations (DMN 1.5, §8.2.11), and what Camunda calls mapping of a result."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.decisions.model import Decision, DecisionOutcome, DecisionTable, HitPolicy, Rule
from engine.errors import ModelError
from engine.expressions import Context
from engine.expressions.frame import Frame
from engine.expressions.operators import UNFIT, add, compare, same
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Row:
    """A rule that matched, with its answers by output name; without a rule they are the defaults."""

    rule: Rule | None
    answers: dict[str, Value]


def answer(
    decision: Decision, table: DecisionTable, rows: list[Row], inputs: Mapping[str, Value], context: Context
) -> DecisionOutcome:
    """The outcome of the matching rules under the table's policy. Raises ModelError when they break it."""
    if not rows:
        rows = _defaults(decision, table, context)
    chosen = _choose(decision, table, rows, context)
    if table.aggregation:
        total = _aggregate(decision, table.aggregation, chosen)
        name = table.outputs[0].name or decision.name
        return _outcome(decision, table, chosen, inputs, ({name: total},), total)
    answers = tuple(row.answers for row in chosen)
    values = [_value_of(table, row) for row in chosen]
    value: Value = values if not table.hit_policy.single else values[0] if values else None
    return _outcome(decision, table, chosen, inputs, answers, value)


def _outcome(
    decision: Decision,
    table: DecisionTable,
    chosen: list[Row],
    inputs: Mapping[str, Value],
    rows: tuple[dict[str, Value], ...],
    value: Value,
) -> DecisionOutcome:
    rules = tuple(row.rule.id for row in chosen if row.rule is not None)
    return DecisionOutcome(rows, value, rules, inputs, decision.digest, decision.id or table.id)


def _value_of(table: DecisionTable, row: Row) -> Value:
    """One output without further ones is the value itself; several are a context (§8.2.11)."""
    return _single(row) if len(table.outputs) == 1 else row.answers


def _single(row: Row) -> Value:
    return next(iter(row.answers.values()))


def _defaults(decision: Decision, table: DecisionTable, context: Context) -> list[Row]:
    if not any(clause.default for clause in table.outputs):
        return []
    answers = {
        clause.name or decision.name: None if clause.default is None else clause.default.evaluate({}, context, False)
        for clause in table.outputs
    }
    return [Row(None, answers)]


def _choose(decision: Decision, table: DecisionTable, rows: list[Row], context: Context) -> list[Row]:
    match table.hit_policy:
        case HitPolicy.UNIQUE:
            _check_unique(decision, rows)
            return rows
        case HitPolicy.ANY:
            _check_any(decision, rows, context)
            return rows[:1]
        case HitPolicy.FIRST:
            return rows[:1]
        case HitPolicy.PRIORITY:
            return _by_priority(table, rows)[:1]
        case HitPolicy.OUTPUT_ORDER:
            return _by_priority(table, rows)
    return rows


def _check_unique(decision: Decision, rows: list[Row]) -> None:
    if len(rows) > 1:
        raise ModelError(
            "Decision %(decision)s (%(name)s) is UNIQUE, but rules %(rules)s match at once. Make them exclude each "
            "other, or choose another hit policy.",
            decision=decision.id, name=decision.name, rules=_listed(rows),
        )  # fmt: skip


def _check_any(decision: Decision, rows: list[Row], context: Context) -> None:
    frame = Frame({}, context, False, decision.name)
    for row in rows[1:]:
        if same(rows[0].answers, row.answers, frame) is not True:
            raise ModelError(
                "Decision %(decision)s (%(name)s) is ANY, but rules %(rules)s match with different answers. Make the "
                "answers equal, or choose another hit policy.",
                decision=decision.id, name=decision.name, rules=_listed([rows[0], row]),
            )  # fmt: skip


def _listed(rows: list[Row]) -> str:
    return ", ".join(f"{row.rule.number} ({row.rule.id})" for row in rows if row.rule is not None)


def _by_priority(table: DecisionTable, rows: list[Row]) -> list[Row]:
    """The rows by the places of their answers in the outputs' values; rows of one place in the order of rules."""

    def places(row: Row) -> tuple[int, ...]:
        return tuple(
            clause.priorities.index(value) if value in clause.priorities else len(clause.priorities)
            for clause, value in zip(table.outputs, row.answers.values(), strict=True)
        )

    return sorted(rows, key=places)


def _aggregate(decision: Decision, kind: str, rows: list[Row]) -> Value:
    values = [_single(row) for row in rows]
    if kind == "COUNT":
        return Decimal(len(values))
    if not values or any(value is None for value in values):
        return None
    if kind == "SUM":
        return _reduced(decision, kind, rows, add)
    sign = "<" if kind == "MIN" else ">"

    def better(best: Any, value: Any) -> Any:
        before = compare(sign, value, best)
        return UNFIT if before is UNFIT else value if before else best

    return _reduced(decision, kind, rows, better)


def _reduced(decision: Decision, kind: str, rows: list[Row], step: Any) -> Value:
    def checked(left: Any, right: Any) -> Any:
        made = step(left, right)
        if made is UNFIT:
            raise ModelError(
                "Decision %(decision)s (%(name)s): %(kind)s does not go with the answers %(left)s and %(right)s of "
                "rules %(rules)s. Give numbers.",
                decision=decision.id, name=decision.name, kind=kind, left=left, right=right, rules=_listed(rows),
            )  # fmt: skip
        return made

    result: Value = functools.reduce(checked, [_single(row) for row in rows])
    return result


def map_result(outcome: DecisionOutcome, kind: str) -> Value:
    """The outcome as Camunda 7 maps it for `mapDecisionResult`.

    `singleEntry`: the only value of the only row; `singleResult`: the only row as a context; `collectEntries`: the
    only value of each row; `resultList` (also ""): all rows. More rows or outputs than the mapping takes are a
    ModelError; no row gives null, or an empty list.
    """
    rows = outcome.rows
    match kind:
        case "singleEntry":
            _only_row(outcome, kind)
            return _entry(outcome, rows[0], kind) if rows else None
        case "singleResult":
            _only_row(outcome, kind)
            return dict(rows[0]) if rows else None
        case "collectEntries":
            return [_entry(outcome, row, kind) for row in rows]
        case "resultList" | "":
            return [dict(row) for row in rows]
    raise ModelError(
        "%(kind)s is no mapping of a decision's result. Use singleEntry, singleResult, collectEntries or resultList.",
        kind=kind,
    )


def _only_row(outcome: DecisionOutcome, kind: str) -> None:
    if len(outcome.rows) > 1:
        raise ModelError(
            "Decision %(decision)s answers %(count)d rows (rules %(rules)s), but %(kind)s takes one. Use resultList or "
            "collectEntries, or another hit policy.",
            decision=outcome.decision, count=len(outcome.rows), rules=", ".join(outcome.rules), kind=kind,
        )  # fmt: skip


def _entry(outcome: DecisionOutcome, row: dict[str, Value], kind: str) -> Value:
    if len(row) > 1:
        raise ModelError(
            "Decision %(decision)s answers %(count)d outputs a row, but %(kind)s takes one. Use singleResult or "
            "resultList.",
            decision=outcome.decision, count=len(row), kind=kind,
        )  # fmt: skip
    return next(iter(row.values()), None)
