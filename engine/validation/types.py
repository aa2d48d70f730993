"""What is known of a value before anything runs: the kinds it may have, and what is inside it.

A lattice: nothing known of a name is ANY; two writers of one name join. Null is of no kind, since it fits everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Type:
    """`kinds` are FEEL's names of types, None for any; `texts` the only texts it can be, None for any text; `item`
    what a list holds and `members` what a context holds for certain (it may hold more), None for anything."""

    kinds: frozenset[str] | None
    texts: frozenset[str] | None = None
    item: Type | None = None
    members: Mapping[str, Type] | None = None

    @property
    def known(self) -> bool:
        """Whether it has kinds at all: neither anything nor only null."""
        return bool(self.kinds)

    def only(self, kind: str) -> bool:
        """Whether a value of it is of this kind, or null."""
        return self.kinds == frozenset({kind})

    def may_be(self, *kinds: str) -> bool:
        """Whether a value of it can be of one of these kinds; true when nothing is known."""
        return not self.kinds or not self.kinds.isdisjoint(kinds)

    def __str__(self) -> str:
        return " or ".join(sorted(self.kinds)) if self.kinds else "anything"


ANY = Type(None)
NULL = Type(frozenset())
NUMBER, BOOLEAN, STRING = (Type(frozenset({kind})) for kind in ("number", "boolean", "string"))


def of(*kinds: str) -> Type:
    """A value of one of these kinds."""
    return Type(frozenset(kinds))


def text(values: Iterable[str]) -> Type:
    """One of these texts."""
    return Type(STRING.kinds, frozenset(values))


def listing(item: Type) -> Type:
    """A list of such items."""
    return Type(frozenset({"list"}), item=item)


def context(members: Mapping[str, Type]) -> Type:
    """A context that holds these members, and may hold more."""
    return Type(frozenset({"context"}), members=dict(members))


def join(one: Type, other: Type, depth: int = 0) -> Type:
    """What a value is that is one or the other."""
    if one.kinds is None or other.kinds is None or depth > _DEEPEST:
        return ANY
    if one is other or not other.kinds:
        return one
    if not one.kinds:
        return other
    return Type(
        one.kinds | other.kinds, _texts(one, other), _item(one, other, depth + 1), _members(one, other, depth + 1)
    )


def joined(types: Iterable[Type]) -> Type:
    """What a value is that is one of these; null when there are none."""
    return reduce(join, types, NULL)


def _texts(one: Type, other: Type) -> frozenset[str] | None:
    both = [each.texts for each in (one, other) if "string" in (each.kinds or ())]
    return frozenset().union(*(each for each in both if each is not None)) if None not in both else None


def _item(one: Type, other: Type, depth: int) -> Type | None:
    both = [each.item for each in (one, other) if "list" in (each.kinds or ())]
    known = [each for each in both if each is not None]
    return reduce(lambda a, b: join(a, b, depth), known) if known and len(known) == len(both) else None


def _members(one: Type, other: Type, depth: int) -> Mapping[str, Type] | None:
    both = [each.members for each in (one, other) if "context" in (each.kinds or ())]
    known = [each for each in both if each is not None]
    if not known or len(known) < len(both):
        return None
    if len(known) == 1:
        return known[0]
    first, second = known
    return {name: join(first.get(name, ANY), second.get(name, ANY), depth) for name in first.keys() | second.keys()}
