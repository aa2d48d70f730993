"""Who acts, and who stands in for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. The engine finds by itself on whose behalf (substitution)."""

    user_id: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the groups (roles) he belongs to."""

    id: str
    name: str
    groups: tuple[str, ...]
    active: bool = True
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class SubstitutionView:
    """Who stands in for whom, from when to when, and for what."""

    id: int
    principal: str
    principal_name: str
    deputy: str
    deputy_name: str
    starts: datetime
    ends: datetime | None
    scope_kind: str
    scope_key: str
