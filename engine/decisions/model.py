"""A decision file as typed values: what the reader makes, the evaluation runs and the checks look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from engine.expressions import Compiled, CompiledUnary
from engine.values import Value


class HitPolicy(StrEnum):
    """What a table answers when several rules match (DMN 1.5, §8.2.11)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    OUTPUT_ORDER = "OUTPUT ORDER"
    RULE_ORDER = "RULE ORDER"
    COLLECT = "COLLECT"

    @property
    def single(self) -> bool:
        """Whether the answer is one row at most."""
        return self in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)


@dataclass(frozen=True, slots=True)
class ItemType:
    """A named type of the file: a base type, allowed values, or the types of its components."""

    name: str
    base: str
    is_list: bool = False
    allowed: CompiledUnary | None = None
    components: Mapping[str, ItemType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column that is tested. `variable` is a further name by which cells may call the value (camunda)."""

    id: str
    line: int
    label: str
    expression: Compiled
    type: ItemType
    allowed: CompiledUnary | None = None
    variable: str = ""

    @property
    def title(self) -> str:
        """How messages and pages call the column: its label, or the expression's text."""
        return self.label or self.expression.source.strip()


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column that is answered. `priorities` are the allowed values in their order."""

    id: str
    line: int
    name: str
    label: str
    type: ItemType
    priorities: tuple[Value, ...] = ()
    default: Compiled | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test for each input (None: anything passes), an answer for each output."""

    id: str
    line: int
    number: int
    tests: tuple[CompiledUnary | None, ...]
    answers: tuple[Compiled | None, ...]
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table; `aggregation` is "", SUM, MIN, MAX or COUNT."""

    id: str
    line: int
    hit_policy: HitPolicy
    aggregation: str
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal expression."""

    expression: Compiled


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """Named entries, each seeing the ones before; `result` is the last one without a name, if any."""

    entries: tuple[tuple[str, Logic], ...]
    result: Logic | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a business knowledge model with bound parameters."""

    function: str
    bindings: tuple[tuple[str, Logic], ...]


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A list of expressions."""

    items: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts written as a grid."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Logic, ...], ...]


Logic: TypeAlias = "DecisionTable | Literal | BoxedContext | Invocation | BoxedList | Relation"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions may call."""

    id: str
    name: str
    line: int
    parameters: tuple[str, ...]
    body: Logic
    knowledge: tuple[Knowledge, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with everything it requires, nearest last, so that it can be evaluated by itself.

    `digest` is the SHA-256 of its canonical XML: the version that history records.
    """

    id: str
    name: str
    line: int
    logic: Logic
    type: ItemType
    digest: str
    required: tuple[Decision, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    inputs: tuple[tuple[str, ItemType], ...] = ()

    @property
    def table(self) -> DecisionTable | None:
        """The decision's table, when it has one."""
        return self.logic if isinstance(self.logic, DecisionTable) else None

    @property
    def names(self) -> frozenset[str]:
        """The free names that the decision and what it requires read from outside."""
        found: set[str] = set()
        for each in self.chain():
            made = {required.name for required in each.required}
            found |= {name for compiled in expressions_of(each.logic) for name in compiled.names} - made
        return frozenset(found)

    def chain(self) -> tuple[Decision, ...]:
        """The decision and all it requires, each once, a required one before its users."""
        done: dict[int, Decision] = {}
        waiting: list[tuple[Decision, bool]] = [(self, False)]
        while waiting:
            decision, seen = waiting.pop()
            if seen:
                done.setdefault(id(decision), decision)
            elif id(decision) not in done:
                waiting.append((decision, True))
                waiting.extend((each, False) for each in decision.required)
        return tuple(done.values())


@dataclass(frozen=True, slots=True)
class DmnFile:
    """A file of decisions by id; `digest` is the SHA-256 of its bytes."""

    name: str
    id: str
    title: str
    digest: str
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    inputs: Mapping[str, ItemType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What a decision answered and why.

    `rows` are the answers by output name; `value` is the decision's value as the standard has it; `rules` are the
    ids of the rules that gave it, `inputs` the tested values by their titles, `digest` the decision's version.
    """

    rows: tuple[dict[str, Value], ...]
    value: Value
    rules: tuple[str, ...] = ()
    inputs: Mapping[str, Value] = field(default_factory=dict)
    digest: str = ""
    decision: str = ""


def expressions_of(logic: Logic) -> Iterator[Compiled | CompiledUnary]:
    """Every expression of a decision's logic, with the cells of its tables."""
    match logic:
        case Literal():
            yield logic.expression
        case DecisionTable():
            yield from (each.expression for each in logic.inputs)
            for rule in logic.rules:
                yield from (cell for cell in (*rule.tests, *rule.answers) if cell is not None)
        case _:
            for part in parts_of(logic):
                yield from expressions_of(part)


def parts_of(logic: Any) -> tuple[Logic, ...]:
    """The logics that a boxed one is made of."""
    match logic:
        case BoxedContext():
            parts = tuple(part for _, part in logic.entries)
            return parts if logic.result is None else (*parts, logic.result)
        case Invocation():
            return tuple(part for _, part in logic.bindings)
        case BoxedList():
            return logic.items
        case Relation():
            return tuple(cell for row in logic.rows for cell in row)
    return ()
