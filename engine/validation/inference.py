"""The type of an expression from the types of the names it reads, and the places where types do not go together.

What an operator makes of two kinds is asked of the operators themselves, with a sample of each kind. Nothing is said
about what may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from engine.definitions.practice.source import nearest
from engine.expressions import FUNCTIONS, Compiled, Function, tree
from engine.expressions.members import properties_of
from engine.expressions.operators import ARITHMETIC, ORDERED, UNFIT, kind, negate
from engine.expressions.temporal import parse_moment
from engine.validation.types import ANY, BOOLEAN, NULL, STRING, Type, context, join, joined, listing, of, text
from engine.values import YearsMonths

_SAMPLES: Mapping[str, Any] = {
    "number": Decimal(2), "string": "a", "boolean": True, "date": date(2000, 1, 2), "time": time(1, tzinfo=UTC),
    "date and time": datetime(2000, 1, 2, tzinfo=UTC), "days and time duration": timedelta(days=1),
    "years and months duration": YearsMonths(1), "list": [], "context": {},
}  # fmt: skip
_ORDERED = frozenset(name for name, sample in _SAMPLES.items() if type(sample) in ORDERED)
DURATIONS = ("days and time duration", "years and months duration")
_LISTS_OF_THE_SAME = ("sublist", "reverse", "distinct values", "sort", "remove")


class Ill(StrEnum):
    """What is the matter with a piece of an expression."""

    TYPES = "types"  # they do not go together: an error when it is reached
    NEVER = "never"  # a text is compared with one that it can never be
    MEMBER = "member"  # a context has no such member: null


class Misfit(NamedTuple):
    """A piece of an expression with which something is the matter."""

    part: str
    why: str
    ill: Ill = Ill.TYPES


Names = Callable[[str], Type]


@lru_cache(maxsize=1)
def _arithmetic() -> Mapping[tuple[str, str, str], str]:
    """What each operator gives for each pair of kinds it goes with."""
    found = {}
    for op, operation in ARITHMETIC.items():
        for left, one in _SAMPLES.items():
            for right, other in _SAMPLES.items():
                result = operation(one, other)
                if result is not UNFIT:
                    found[op, left, right] = kind(result)
    return found


def type_of(compiled: Compiled, names: Names) -> tuple[Type, list[Misfit]]:
    """The type of what an expression or text gives, and what does not go together in it."""
    inference = _Inference(names)
    types = [inference.of(each) for each in compiled.trees]
    return (STRING if compiled.mixed else types[0] if types else ANY), inference.misfits


@dataclass
class _Inference:
    names: Names
    misfits: list[Misfit] = field(default_factory=list)

    def of(self, node: tree.Node) -> Type:
        """The type of a node, by its kind."""
        return _KINDS[type(node)](self, node)

    def within(self, names: Names, node: tree.Node) -> Type:
        """The type of a node that sees further names."""
        inner = _Inference(names, self.misfits)
        return inner.of(node)

    def wrong(self, node: tree.Node, why: str) -> None:
        """Note that types do not go together."""
        self.misfits.append(Misfit(tree.show(node), why))

    def truth(self, node: tree.Node) -> None:
        """A place where true or false is needed."""
        found = self.of(node)
        if found.known and not found.may_be("boolean"):
            self.wrong(node, f"is a {found}, and true or false is needed")

    def literal(self, node: tree.Literal) -> Type:
        """A constant."""
        if node.value is None:
            return NULL
        return text([node.value]) if isinstance(node.value, str) else of(kind(node.value))

    def moment(self, node: tree.Moment) -> Type:
        """`@"…"`."""
        found = parse_moment(node.text, ZoneInfo("UTC"))
        return ANY if found is None else of(kind(found))

    def member(self, node: tree.Member) -> Type:
        """A member of a context, of each item of a list, of a date or duration."""
        value = self.of(node.of)
        if value.kinds is None:
            return ANY
        return joined(self._member(node, each, value) for each in sorted(value.kinds))

    def _member(self, node: tree.Member, each: str, value: Type) -> Type:
        if each == "context":
            return self._held(node, value)
        if each == "list":
            inside = value.item
            return listing((inside.members or {}).get(node.name, ANY) if inside is not None else ANY)
        given = properties_of(_SAMPLES.get(each))
        if node.name in given:
            return of(kind(given[node.name](_SAMPLES[each]))) if node.name not in ("time offset", "timezone") else ANY
        if value.only(each):
            self.wrong(node, f"a {each} has no {node.name}")
        return ANY

    def _held(self, node: tree.Member, value: Type) -> Type:
        """A member of a context, all of whose members are known when it is nothing else."""
        members = value.members or {}
        if members and node.name not in members and value.only("context"):
            why = f"there is no {node.name}, only {', '.join(sorted(members))}.{nearest(node.name, tuple(members))}"
            self.misfits.append(Misfit(tree.show(node), why, Ill.MEMBER))
        return members.get(node.name, ANY)

    def filter(self, node: tree.Filter) -> Type:
        """Items that pass, the item at a place, or a member."""
        value = self.of(node.of)
        item = item_of(value)
        members = item.members or {}

        def names(name: str) -> Type:
            if name == "item":
                return item
            return members[name] if name in members else self.names(name) if members else ANY

        chosen = self.within(names, node.condition)
        if chosen.only("number"):
            return item
        return listing(item) if chosen.only("boolean") else ANY

    def call(self, node: tree.Call) -> Type:
        """The result of a function, whose arguments are compared with its parameters."""
        if node.function == "is defined":
            return BOOLEAN
        given = [self.of(each) for each in node.arguments]
        function = FUNCTIONS.get(node.function)
        if function is None:
            return ANY
        required = sum(not each.optional for each in function.parameters)
        most = len(given) if function.variadic else len(function.parameters)
        if not required <= len(given) <= most:
            self.wrong(node, f"it is written {function.signature}")
            return named(function.result)
        for argument, found, type_ in zip(node.arguments, given, _parameters(function, node), strict=True):
            self._fits(argument, found, type_, node.function)
        if node.function in ("coalesce", "get or else"):
            return joined(given)
        if node.function in _LISTS_OF_THE_SAME and given and given[0].only("list"):
            return given[0]
        return named(function.result)

    def _fits(self, node: tree.Node, found: Type, wanted: str, function: str) -> None:
        kinds = named(wanted)
        if kinds.kinds and found.known and not kinds.may_be("list") and not found.may_be(*kinds.kinds):
            self.wrong(node, f"is a {found}, and {function}(…) needs a {kinds}")

    def unary(self, node: tree.Unary) -> Type:
        """`-`, `not`, `empty`."""
        if node.op == "not":
            self.truth(node.operand)
            return BOOLEAN
        found = self.of(node.operand)
        if node.op == "empty":
            return BOOLEAN
        if found.kinds and all(negate(_SAMPLES.get(each)) is UNFIT for each in found.kinds):
            self.wrong(node, f"- does not go with a {found}")
        return found

    def binary(self, node: tree.Binary) -> Type:
        """Logic, comparison and arithmetic."""
        if node.op in ("and", "or"):
            self.truth(node.left)
            self.truth(node.right)
            return BOOLEAN
        left, right = self.of(node.left), self.of(node.right)
        if node.op in ARITHMETIC:
            return self._computed(node, left, right)
        self.compared(node, node.op, left, right)
        return BOOLEAN

    def _computed(self, node: tree.Binary, left: Type, right: Type) -> Type:
        if left.kinds is None or right.kinds is None:
            return ANY
        if not left.kinds or not right.kinds:
            return NULL
        table = _arithmetic()
        given = {
            table[node.op, one, other] for one in left.kinds for other in right.kinds if (node.op, one, other) in table
        }
        if not given:
            self.wrong(node, f"{node.op} does not go with a {left} and a {right}")
        return of(*given) if given else ANY

    def compared(self, node: tree.Node, op: str, left: Type, right: Type) -> None:
        """Two values that are compared: of one kind, and for an order of one that has an order."""
        if not left.kinds or not right.kinds:
            return
        both = left.kinds & right.kinds
        if not (both if op in ("=", "!=") else both & _ORDERED):
            self.wrong(node, f"{op} does not go with a {left} and a {right}")
        elif op == "=" and left.only("string") and right.only("string") and _apart(left, right):
            self.misfits.append(Misfit(tree.show(node), _never(left, right), Ill.NEVER))

    def between(self, node: tree.Between) -> Type:
        """A value between two."""
        value = self.of(node.value)
        for end in (node.low, node.high):
            self.compared(node, "between", value, self.of(end))
        return BOOLEAN

    def choice(self, node: tree.If) -> Type:
        """One of two."""
        self.truth(node.condition)
        return join(self.of(node.yes), self.of(node.no))

    def loop(self, node: tree.Loop) -> Type:
        """What goes through a list."""
        inner = self
        for each in node.iterations:
            item = item_of(inner.of(each.over))
            inner = _Inference(_with(inner.names, each.variable, item), self.misfits)
        if node.kind == "for":
            return listing(inner.of(node.body))
        inner.truth(node.body)
        return BOOLEAN

    def interval(self, node: tree.Interval) -> Type:
        """A range: its ends are compared."""
        self.compared(node, "..", self.of(node.low), self.of(node.high))
        return of("range")

    def items(self, node: tree.Items) -> Type:
        """A list."""
        return listing(joined(self.of(each) for each in node.items))

    def entries(self, node: tree.Entries) -> Type:
        """A context."""
        members: dict[str, Type] = {}
        inner = self
        for name, value in node.entries:
            members[name] = inner.of(value)
            inner = _Inference(_with(inner.names, name, members[name]), self.misfits)
        return context(members)

    def membership(self, node: tree.In) -> Type:
        """`value in (…)`."""
        value = self.of(node.value)
        alternatives = [self.tested(node, each, value) for each in node.tests.alternatives]
        texts = joined(alternatives)
        if alternatives and value.only("string") and texts.only("string") and _apart(value, texts):
            self.misfits.append(Misfit(tree.show(node), _never(value, texts), Ill.NEVER))
        return BOOLEAN

    def tested(self, node: tree.In, alternative: tree.Node, value: Type) -> Type:
        """One of the tests: what it is equal to, when it is a constant."""
        if isinstance(alternative, tree.Compare):
            self.compared(node, alternative.op, value, self.of(alternative.operand))
            return ANY
        if isinstance(alternative, tree.Interval):
            for end in (alternative.low, alternative.high):
                self.compared(node, "in", value, self.of(end))
            return ANY
        found = self.of(alternative)
        if isinstance(alternative, tree.Items):
            return found.item or NULL
        if isinstance(alternative, tree.Literal):
            self.compared(node, "in", value, found)
            return found
        return ANY


def _any(_: _Inference, __: tree.Node) -> Type:
    return ANY


_KINDS: Mapping[type, Callable[[_Inference, Any], Type]] = {
    tree.Literal: _Inference.literal, tree.Moment: _Inference.moment,
    tree.Name: lambda inference, node: inference.names(node.name), tree.Input: _any, tree.Member: _Inference.member,
    tree.Filter: _Inference.filter, tree.Call: _Inference.call, tree.Unary: _Inference.unary,
    tree.Binary: _Inference.binary, tree.Between: _Inference.between, tree.If: _Inference.choice,
    tree.Loop: _Inference.loop, tree.Interval: _Inference.interval, tree.Items: _Inference.items,
    tree.Entries: _Inference.entries, tree.Compare: _any, tree.Tests: _any, tree.In: _Inference.membership,
}  # fmt: skip


def item_of(value: Type) -> Type:
    """What a list holds; of null, null."""
    if value.kinds is not None and not value.kinds:
        return NULL
    return value.item if value.only("list") and value.item is not None else ANY


def _parameters(function: Function, node: tree.Call) -> list[str]:
    """The type that each argument of a call should have."""
    if node.keys:
        types = {each.name: each.type for each in function.parameters}
        return [types.get(key, "any") for key in node.keys]
    order = [each.type for each in function.parameters] or ["any"]
    return [order[min(at, len(order) - 1)] for at in range(len(node.arguments))]


def _with(names: Names, name: str, type_: Type) -> Names:
    return lambda asked: type_ if asked == name else names(asked)


def _apart(left: Type, right: Type) -> bool:
    return left.texts is not None and right.texts is not None and left.texts.isdisjoint(right.texts)


def _never(left: Type, right: Type) -> str:
    few, many = sorted((left.texts or frozenset(), right.texts or frozenset()), key=len)
    return f"{_quoted(few)} is none of {_quoted(many)}"


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f'"{each}"' for each in sorted(texts))


@lru_cache(maxsize=64)
def named(types: str) -> Type:
    """The type that a function's declaration names: one, several joined by `|` or `or`, any."""
    kinds: set[str] = set()
    for each in types.replace(" or ", "|").split("|"):
        name = each.strip()
        if name not in (*_SAMPLES, "duration", "range"):
            return ANY
        kinds.update(DURATIONS if name == "duration" else (name,))
    return of(*kinds)
