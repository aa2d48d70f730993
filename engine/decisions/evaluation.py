"""Evaluating a decision: what it requires first, then its table or expression (DMN 1.5, §6.3 and §8)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.decisions.model import (
    BoxedContext,
    BoxedList,
    Decision,
    DecisionOutcome,
    DecisionTable,
    DmnFile,
    HitPolicy,
    Invocation,
    Knowledge,
    Literal,
    Logic,
    Relation,
    Rule,
)
from engine.decisions.policies import Row, answer
from engine.decisions.types import ANY, fits
from engine.errors import ExpressionError, ModelError
from engine.expressions import Compiled, Context, Function, Parameter
from engine.expressions.frame import Frame
from engine.expressions.operators import kind
from engine.values import Value


def evaluate(
    target: DmnFile | Decision, names: Mapping[str, Value], context: Context, decision_id: str = ""
) -> DecisionOutcome:
    """The outcome of a decision over the visible names; of a file its only decision, or the one with the id.

    Raises ModelError where the table's hit policy is broken or an input has not its type, ExpressionError where a
    cell calls an unknown function or takes too long. An unknown name is null.
    """
    decision = target if isinstance(target, Decision) else _chosen(target, decision_id)
    visible: dict[str, Value] = {}
    seen: Mapping[str, Value] = ChainMap(visible, names)  # type: ignore[arg-type] # only the first map is written
    outcomes: dict[str, DecisionOutcome] = {}
    root = Frame(seen, context, False, decision.name)
    for each in decision.chain():
        outcome = _evaluate(each, seen, _Inside(context, each.knowledge, root))
        outcomes[each.id] = outcome
        if each is not decision:
            _publish(each, outcome, visible, names)
    return outcomes[decision.id]


def _chosen(file: DmnFile, decision_id: str) -> Decision:
    if decision_id in file.decisions:
        return file.decisions[decision_id]
    if not decision_id and len(file.decisions) == 1:
        return next(iter(file.decisions.values()))
    raise ModelError(
        "The file %(file)s has no decision %(decision)s. It has: %(known)s.",
        file=file.name, decision=decision_id or "(unnamed)", known=", ".join(file.decisions),
    )  # fmt: skip


def _publish(
    decision: Decision, outcome: DecisionOutcome, visible: dict[str, Value], names: Mapping[str, Value]
) -> None:
    """Make a required decision's value visible by its name, and a single row's outputs by theirs, as Camunda does."""
    visible[decision.name] = outcome.value
    table = decision.table
    if table is not None and table.hit_policy.single and outcome.rows:
        for name, value in outcome.rows[0].items():
            if name not in names:
                visible.setdefault(name, value)


def _evaluate(decision: Decision, names: Mapping[str, Value], context: _Inside) -> DecisionOutcome:
    logic = decision.logic
    if isinstance(logic, DecisionTable):
        return _table(decision, logic, names, context)
    try:
        value = _value(logic, names, context)
    except ExpressionError as error:
        raise _located(decision, error) from error
    if value is not None and not fits(value, decision.type):
        value = None  # A result that has not the declared type is null (DMN 1.5, §10.3.2.9.4).
    return DecisionOutcome(({decision.name: value},), value, (), {}, decision.digest, decision.id)


def _table(decision: Decision, table: DecisionTable, names: Mapping[str, Value], context: _Inside) -> DecisionOutcome:
    inputs = _inputs(decision, table, names, context)
    named = {clause.variable: value for clause, value in zip(table.inputs, inputs, strict=True) if clause.variable}
    frame = context.frame(ChainMap(named, names) if named else names, decision.name)  # type: ignore[arg-type]
    matched = _matching(decision, table, inputs, frame)
    rows = [Row(rule, _answers(decision, table, rule, frame.names, context)) for rule in matched]
    titles = dict(zip((clause.title for clause in table.inputs), inputs, strict=True))
    return answer(decision, table, rows, titles, context)


def _matching(decision: Decision, table: DecisionTable, inputs: list[Any], frame: Frame) -> list[Rule]:
    """The rules that match, of a FIRST table no more than one. Plain loops: this is what a large table costs."""
    matched = []
    for rule in table.rules:
        try:
            for clause, test, value in zip(table.inputs, rule.tests, inputs, strict=True):  # noqa: B007 - told below
                if test is not None and not test.passes(value, frame):
                    break
            else:
                matched.append(rule)
                if table.hit_policy is HitPolicy.FIRST:
                    break
        except ExpressionError as error:
            raise _located(decision, error, clause.title, rule) from error
    return matched


def _located(decision: Decision, error: ExpressionError, column: str = "", rule: Rule | None = None) -> ExpressionError:
    """The error with the place where it happened: the decision, the rule and the column."""
    place = f", rule {rule.number} ({rule.id})" if rule is not None else ""
    place += f", column {column}" if column else ""
    return ExpressionError(
        "Decision %(decision)s (%(name)s)%(place)s: %(error)s",
        decision=decision.id, name=decision.name, place=place, error=str(error),
        expression=error.fields.get("expression", ""),
    )  # fmt: skip


def _inputs(decision: Decision, table: DecisionTable, names: Mapping[str, Value], context: _Inside) -> list[Any]:
    values: list[Any] = []
    for clause in table.inputs:
        try:
            value = _run(clause.expression, names, context)
        except ExpressionError as error:
            raise _located(decision, error, clause.title) from error
        if value is not None:
            _check_input(decision, clause, value, context)
        values.append(value)
    return values


def _check_input(decision: Decision, clause: Any, value: Any, context: _Inside) -> None:
    if not fits(value, clause.type):
        raise ModelError(
            "Decision %(decision)s (%(name)s): the input %(input)s is declared as %(type)s, but it is the %(kind)s "
            "%(value)s. Correct the value or the column's type.",
            decision=decision.id, name=decision.name, input=clause.title, type=clause.type.name, kind=kind(value),
            value=str(value)[:60],
        )  # fmt: skip
    allowed = clause.allowed or clause.type.allowed
    if allowed is not None and not allowed.test(value, {}, context):
        raise ModelError(
            "Decision %(decision)s (%(name)s): the input %(input)s is %(value)s, which is none of %(allowed)s. "
            "Correct the value or the column's values.",
            decision=decision.id, name=decision.name, input=clause.title, value=str(value)[:60],
            allowed=allowed.source,
        )  # fmt: skip


def _answers(
    decision: Decision, table: DecisionTable, rule: Rule, names: Mapping[str, Value], context: _Inside
) -> dict[str, Value]:
    made: dict[str, Value] = {}
    for clause, compiled in zip(table.outputs, rule.answers, strict=True):
        try:
            value = None if compiled is None else _run(compiled, names, context)
        except ExpressionError as error:
            raise _located(decision, error, clause.name or clause.label, rule) from error
        if value is not None and not fits(value, clause.type):
            raise ModelError(
                "Decision %(decision)s (%(name)s), rule %(rule)s: the answer %(value)s is no %(type)s, as %(output)s "
                "is declared. Correct the cell or the column's type.",
                decision=decision.id, name=decision.name, value=str(value)[:60], type=clause.type.name,
                output=clause.name or clause.label, rule=f"{rule.number} ({rule.id})",
            )  # fmt: skip
        made[clause.name or decision.name] = value
    return made


def _value(logic: Logic, names: Mapping[str, Value], context: _Inside) -> Value:
    if isinstance(logic, DecisionTable):
        holder = Decision("", "", 0, logic, ANY, "")
        return _table(holder, logic, names, context).value
    return _VALUES[type(logic)](logic, names, context)


def _literal(logic: Literal, names: Mapping[str, Value], context: _Inside) -> Value:
    return _run(logic.expression, names, context)


def _context(logic: BoxedContext, names: Mapping[str, Value], context: _Inside) -> Value:
    made: dict[str, Value] = {}
    seen: Mapping[str, Value] = ChainMap(made, names)  # type: ignore[arg-type]
    for name, part in logic.entries:
        made[name] = _value(part, seen, context)
    return made if logic.result is None else _value(logic.result, seen, context)


def _list(logic: BoxedList, names: Mapping[str, Value], context: _Inside) -> Value:
    return [_value(part, names, context) for part in logic.items]


def _relation(logic: Relation, names: Mapping[str, Value], context: _Inside) -> Value:
    return [
        {name: _value(cell, names, context) for name, cell in zip(logic.columns, row, strict=True)}
        for row in logic.rows
    ]


def _invocation(logic: Invocation, names: Mapping[str, Value], context: _Inside) -> Value:
    function = context.functions.get(logic.function)
    if function is None:
        raise ExpressionError(
            "%(name)s is invoked but not required. Connect the knowledge model to the decision.",
            name=logic.function, expression=logic.function,
        )  # fmt: skip
    bound = {name: _value(part, names, context) for name, part in logic.bindings}
    result: Value = function.call(context, *(bound.get(each.name) for each in function.parameters))
    return result


_VALUES: dict[type, Callable[[Any, Mapping[str, Value], _Inside], Value]] = {
    Literal: _literal, BoxedContext: _context, BoxedList: _list, Relation: _relation, Invocation: _invocation,
}  # fmt: skip


class _Inside:
    """The context inside a decision: the outer one, with knowledge models as further functions.

    All evaluations inside share one budget, that of the root frame: a model called in a loop cannot multiply it.
    """

    def __init__(self, outer: Context, knowledge: tuple[Knowledge, ...], root: Frame) -> None:
        self._outer = outer
        self.root = root
        own = {each.name: _function(each, outer, root) for each in knowledge}
        self.functions: Mapping[str, Function] = {**outer.functions, **own} if own else outer.functions

    def now(self) -> datetime:
        return self._outer.now()

    def zone(self) -> ZoneInfo:
        return self._outer.zone()

    def __getattr__(self, name: str) -> Any:
        # Functions that others offer may ask their context for more than this package knows of.
        return getattr(self._outer, name)

    def frame(self, names: Mapping[str, Value], source: str) -> Frame:
        """A frame that takes from the shared budget."""
        made = Frame(names, self, False, source)
        made.root = self.root
        return made


def _run(compiled: Compiled, names: Mapping[str, Value], context: _Inside) -> Value:
    return compiled.evaluate_in(context.frame(names, compiled.source))


def _function(knowledge: Knowledge, outer: Context, root: Frame) -> Function:
    """A knowledge model as a function: its body sees its parameters and what it requires itself, nothing else."""

    def call(_: Context, *values: Value) -> Value:
        inner = _Inside(outer, knowledge.knowledge, root)
        return _value(knowledge.body, dict(zip(knowledge.parameters, values, strict=False)), inner)

    parameters = tuple(Parameter(name, "any") for name in knowledge.parameters)
    return Function(knowledge.name, parameters, "any", "", "", call)
