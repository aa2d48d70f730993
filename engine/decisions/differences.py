"""What differs between two versions of a decision, rule by rule and cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.decisions.model import Decision, DecisionTable, InputClause, OutputClause, Rule


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that says something else: the title of its column, and both texts (empty: nothing, or no such column)."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A rule that is new, changed, moved or removed; its number in the version it is in (the later one, if in both).
    Of a new or removed one all cells are given that say something."""

    kind: str
    number: int
    id: str
    annotation: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """What differs in a decision. `cells` are those of the table as a whole: its hit policy, name and columns that are
    new or removed. `other` tells that something else than rules of a table differs (a literal, a required decision)."""

    cells: tuple[Cell, ...]
    rules: tuple[RuleDifference, ...]
    other: bool


def table_difference(before: Decision, after: Decision) -> TableDifference:
    """What the later version says otherwise. Rules are the same when their ids are (modelers keep them), else when
    they stand at the same place."""
    cells = [Cell("name", before.name, after.name)] if before.name != after.name else []
    old, new = before.table, after.table
    if old is None or new is None:
        return TableDifference(tuple(cells), (), before.digest != after.digest)
    cells += _whole(old, new)
    rules = tuple(_rules(old, new))
    return TableDifference(tuple(cells), rules, not cells and not rules and before.digest != after.digest)


def _whole(old: DecisionTable, new: DecisionTable) -> Iterator[Cell]:
    if (old.hit_policy, old.aggregation) != (new.hit_policy, new.aggregation):
        yield Cell("hit policy", _policy(old), _policy(new))
    before, after = _columns(old), _columns(new)
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            yield Cell("column", before.get(key, ""), after.get(key, ""))


def _policy(table: DecisionTable) -> str:
    return f"{table.hit_policy} {table.aggregation}".strip()


def _columns(table: DecisionTable) -> dict[str, str]:
    """What makes a column, and how it is told: a column is the same when what it tests or answers is."""
    clauses: tuple[InputClause | OutputClause, ...] = (*table.inputs, *table.outputs)
    return {_key(each): _title(each) for each in clauses}


def _key(clause: InputClause | OutputClause) -> str:
    return f"? {clause.expression.source.strip()}" if isinstance(clause, InputClause) else f"= {clause.name}"


def _title(clause: InputClause | OutputClause) -> str:
    return clause.title if isinstance(clause, InputClause) else clause.label or clause.name


def _rules(old: DecisionTable, new: DecisionTable) -> Iterator[RuleDifference]:
    titles = {**_columns(old), **_columns(new)}
    before, after = _by_id(old.rules), _by_id(new.rules)
    common = [key for key in after if key in before]
    order = [key for key in before if key in after]
    for key in {**after, **before}:
        if key not in before:
            yield _told("new", after[key], _differ({}, _written(new, after[key]), titles))
        elif key not in after:
            yield _told("removed", before[key], _differ(_written(old, before[key]), {}, titles))
        else:
            cells = _differ(_written(old, before[key]), _written(new, after[key]), titles)
            if cells:
                yield _told("changed", after[key], cells)
            elif common.index(key) != order.index(key):
                yield _told("moved", after[key], (Cell("number", str(before[key].number), str(after[key].number)),))


def _by_id(rules: Sequence[Rule]) -> dict[str, Rule]:
    return {each.id or f"#{each.number}": each for each in rules}


def _written(table: DecisionTable, rule: Rule) -> dict[str, str]:
    """Column → text; the annotation as a column of its own."""
    cells: dict[str, str] = {}
    for clause, test in zip(table.inputs, rule.tests, strict=True):
        cells[_key(clause)] = test.source.strip() if test is not None else ""
    for output, answer in zip(table.outputs, rule.answers, strict=True):
        cells[_key(output)] = answer.source.strip() if answer is not None else ""
    return {**cells, "annotation": rule.annotation}


def _differ(before: Mapping[str, str], after: Mapping[str, str], titles: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(
        Cell(titles.get(key, key), before.get(key, ""), after.get(key, ""))
        for key in {**before, **after}
        if before.get(key, "") != after.get(key, "")
    )


def _told(kind: str, rule: Rule, cells: tuple[Cell, ...]) -> RuleDifference:
    return RuleDifference(kind, rule.number, rule.id, rule.annotation, cells)
