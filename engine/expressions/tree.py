"""The syntax tree of an expression, and how a piece of it is written (for messages)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from engine.values import YearsMonths

Scalar: TypeAlias = "bool | Decimal | str | date | time | datetime | timedelta | YearsMonths | None"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the text."""

    value: Scalar
    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """`@"…"`: a date, time, date and time or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A free name or a variable of `for`, `some`, `every` or a filter."""

    name: str


@dataclass(frozen=True, slots=True)
class Input:
    """`?`: the value that a cell tests."""


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`of[condition]`: by position, by condition, or the member of a context by a text."""

    of: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A call; `keys` are the parameters' names when they are given by name, else empty."""

    function: str
    arguments: tuple[Node, ...]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unary:
    """`op` is `-`, `not` or `empty`."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of `+ - * / % ** = != < <= > >= and or`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class If:
    """`if … then … else …` and `… ? … : …`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iteration:
    """`variable in over`."""

    variable: str
    over: Node


@dataclass(frozen=True, slots=True)
class Loop:
    """`for … return body`, `some … satisfies body`, `every … satisfies body`."""

    kind: str
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Interval:
    """A range with its ends; an open end does not belong to it."""

    low: Node
    high: Node
    low_open: bool
    high_open: bool


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """`{a: 1, "b c": 2}`; an entry sees the ones before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A test such as `> 5` of a value that stands elsewhere."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests:
    """The alternatives of a cell or of `in (…)`; no alternatives is `-`, which everything passes."""

    alternatives: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """`value in tests`."""

    value: Node
    tests: Tests


Node: TypeAlias = (
    "Literal | Moment | Name | Input | Member | Filter | Call | Unary | Binary | Between | If | Loop | Interval | Items"
    " | Entries | Compare | Tests | In"
)


def show(node: Node) -> str:  # noqa: PLR0912 - one line a kind of node reads best as one table
    """The piece of the expression as it could be written; long ones are cut."""
    match node:
        case Literal():
            text = node.text
        case Moment():
            text = f'@"{node.text}"'
        case Name():
            text = node.name
        case Input():
            text = "?"
        case Member():
            text = f"{show(node.of)}.{node.name}"
        case Filter():
            text = f"{show(node.of)}[{show(node.condition)}]"
        case Call():
            text = f"{node.function}({', '.join(map(show, node.arguments))})"
        case Unary():
            text = f"-{show(node.operand)}" if node.op == "-" else f"{node.op}({show(node.operand)})"
        case Binary():
            text = f"{show(node.left)} {node.op} {show(node.right)}"
        case Between():
            text = f"{show(node.value)} between {show(node.low)} and {show(node.high)}"
        case If():
            text = f"if {show(node.condition)} then {show(node.yes)} else {show(node.no)}"
        case Loop():
            parts = ", ".join(f"{each.variable} in {show(each.over)}" for each in node.iterations)
            word = "return" if node.kind == "for" else "satisfies"
            text = f"{node.kind} {parts} {word} {show(node.body)}"
        case Interval():
            low, high = "(" if node.low_open else "[", ")" if node.high_open else "]"
            text = f"{low}{show(node.low)}..{show(node.high)}{high}"
        case Items():
            text = f"[{', '.join(map(show, node.items))}]"
        case Entries():
            text = f"{{{', '.join(f'{key}: {show(value)}' for key, value in node.entries)}}}"
        case Compare():
            text = f"{node.op} {show(node.operand)}"
        case Tests():
            inner = ", ".join(map(show, node.alternatives)) or "-"
            text = f"not({inner})" if node.negated else inner
        case In():
            text = f"{show(node.value)} in ({show(node.tests)})"
    return text if len(text) <= 80 else f"{text[:77]}…"
