"""What can be said about a table without running it: overlaps, gaps, and names that nothing gives.

The values of a column are cut at every value its cells name; one sample stands for each piece, so that testing the
samples is exact. A table with cells that are no constants is left alone.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from lxml import etree

from engine.decisions.columns import Column, column_of
from engine.decisions.model import Decision, DecisionTable, HitPolicy, Rule, expressions_of
from engine.decisions.source import line_of

if TYPE_CHECKING:
    from engine.decisions.reader import Reader

_MOST_GAPS = 5
_MOST_STEPS = 50_000


def check_table(reader: Reader, table: DecisionTable) -> None:
    """Note overlaps of UNIQUE and ANY tables, and gaps of tables that should answer one row."""
    if any(len(rule.tests) != len(table.inputs) for rule in table.rules) or not table.rules:
        return
    columns = []
    for at, clause in enumerate(table.inputs):
        column = column_of(clause, [rule.tests[at] for rule in table.rules])
        if column is None:
            return
        columns.append(column)
    element = _element(reader, table)
    _check_overlaps(reader, element, table, columns)
    has_default = all(each.default is not None for each in table.outputs)
    if table.hit_policy.single and not has_default:
        _check_gaps(reader, element, table, columns)


def _element(reader: Reader, table: DecisionTable) -> etree._Element:
    for element in reader.root.iter():
        if line_of(element) == table.line and reader.tag(element) == "decisionTable":
            return element
    return reader.root


def _check_overlaps(reader: Reader, element: etree._Element, table: DecisionTable, columns: list[Column]) -> None:
    if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return
    for (at, one), (other_at, other) in itertools.combinations(enumerate(table.rules), 2):
        shared = [column.cells[at] & column.cells[other_at] for column in columns]
        if not all(shared):
            continue
        if table.hit_policy is HitPolicy.ANY and _answers(one) == _answers(other):
            continue
        reader.error(
            "dmn-overlap", element,
            "Rules %(one)s (%(one_id)s) and %(other)s (%(other_id)s) both match, for instance with %(example)s.",
            "Make them exclude each other, or choose another hit policy.",
            one=one.number, one_id=one.id, other=other.number, other_id=other.id,
            example=_example(columns, [min(each) for each in shared]),
        )  # fmt: skip


def _answers(rule: Rule) -> list[str]:
    return ["" if answer is None else answer.source for answer in rule.answers]


def _example(columns: list[Column], pieces: list[int]) -> str:
    shown = [
        f"{column.title} {column.labels[piece]}"
        for column, piece in zip(columns, pieces, strict=True)
        if column.decides
    ]
    return ", ".join(shown) or "any input"


def _check_gaps(reader: Reader, element: etree._Element, table: DecisionTable, columns: list[Column]) -> None:
    search = _Gaps(columns, len(table.rules))
    for pieces in search.found():
        reader.warning(
            "dmn-gap", element, "No rule matches %(example)s.",
            "Add a rule, a default output, or say which values the input may have.",
            example=_example(columns, pieces),
        )  # fmt: skip


class _Gaps:
    """A search for inputs that no rule takes: column by column, only along sets of rules that differ."""

    def __init__(self, columns: list[Column], rules: int) -> None:
        self.columns = columns
        self.rules = frozenset(range(rules))
        self.steps = 0
        self.covered: set[tuple[int, frozenset[int]]] = set()

    def found(self) -> list[list[int]]:
        """The first gaps as a piece for each column; none when the table is too large to be searched."""
        gaps: list[list[int]] = []
        self._search(0, self.rules, [], gaps)
        return gaps if self.steps <= _MOST_STEPS else []

    def _search(self, at: int, rules: frozenset[int], pieces: list[int], gaps: list[list[int]]) -> bool:
        """Whether every input from this column on is taken by one of the rules."""
        self.steps += 1
        if self.steps > _MOST_STEPS or len(gaps) >= _MOST_GAPS or (at, rules) in self.covered:
            return True
        if not rules:
            rest = [min(column.expected) for column in self.columns[at:]]
            gaps.append([*pieces, *rest])
            return False
        if at == len(self.columns):
            return True
        column = self.columns[at]
        complete = True
        tried: set[frozenset[int]] = set()
        for piece in sorted(column.expected):
            matching = frozenset(rule for rule in rules if piece in column.cells[rule])
            if matching in tried:
                continue
            tried.add(matching)
            complete &= self._search(at + 1, matching, [*pieces, piece], gaps)
        if complete:
            self.covered.add((at, rules))
        return complete


def check_names(reader: Reader, decision: Decision) -> None:
    """Note names in answers and tests that neither an input nor a requirement gives: mostly forgotten quotes."""
    table = decision.table
    if table is None:
        return
    given = {name for clause in table.inputs for name in clause.expression.names}
    given |= {clause.variable for clause in table.inputs} | {clause.title for clause in table.inputs}
    given |= {name for name, _ in decision.inputs} | {each.name for each in decision.required}
    given |= {output.name for each in decision.required if each.table for output in each.table.outputs}
    element = _element(reader, table)
    columns = {id(clause.expression) for clause in table.inputs}
    unknown = {
        name for compiled in expressions_of(table) if id(compiled) not in columns for name in compiled.names - given
    }
    for name in sorted(unknown):
        reader.warning(
            "dmn-name", element, "A cell uses the name %(name)s, which no input of the decision gives.",
            'If a text is meant, write "%(name)s" with quotes; else add it as an input.', name=name,
        )  # fmt: skip
