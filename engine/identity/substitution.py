"""Who may stand in for whom: one person for one person, from when until when, for what. Not transitive, no circles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Invalid

SCOPES = ("all", "record", "group")


@dataclass(frozen=True, slots=True)
class Substitution:
    """`deputy` stands in for `principal` from `starts` until before `ends` (None: until it is ended).

    `scope_kind` is all, record (`scope_key` is its business key) or group (`scope_key` is the group).
    """

    principal: str
    deputy: str
    starts: datetime
    ends: datetime | None = None
    scope_kind: str = "all"
    scope_key: str = ""

    def overlaps(self, other: Substitution) -> bool:
        """Whether both hold at some moment."""
        return (self.ends is None or other.starts < self.ends) and (other.ends is None or self.starts < other.ends)


def check_substitution(new: Substitution, others: Iterable[Substitution], now: datetime) -> None:
    """Raise Invalid when a substitution makes no sense or closes a circle with others that hold at the same time."""
    if new.principal == new.deputy:
        raise Invalid("Nobody can stand in for himself. Choose another person.")
    if new.ends is not None and (new.ends <= new.starts or new.ends <= now):
        raise Invalid("The substitution ends before it begins or in the past. Mend its times.")
    if new.scope_kind not in SCOPES or (new.scope_kind == "all") != (new.scope_key == ""):
        raise Invalid(
            "A substitution is for everything, for one record or for one group; name the record or group.",
            scope=new.scope_kind,
        )
    circle = _circle(new, [other for other in others if other.overlaps(new)])
    if circle:
        raise Invalid(
            "%(deputy)s is covered by %(circle)s at that time, so that nobody would be left. Choose another person.",
            deputy=new.deputy,
            circle=" → ".join(circle),
        )


def _circle(new: Substitution, others: list[Substitution]) -> list[str]:
    """The way from the deputy, from deputy to deputy, back to the principal; empty when there is none."""
    ways: list[list[str]] = [[new.deputy]]
    seen = {new.deputy}
    while ways:
        way = ways.pop()
        for other in others:
            if other.principal == way[-1]:
                if other.deputy == new.principal:
                    return [*way[1:], new.principal]
                if other.deputy not in seen:
                    seen.add(other.deputy)
                    ways.append([*way, other.deputy])
    return []
