"""Instances: what runs, where its tokens are, what can be started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.values import Value
from engine.views.fields import FieldValue


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance as a list shows it."""

    id: int
    process_id: str
    process_name: str
    version: int
    business_key: str
    number: str
    title: str
    state: str
    end: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    suspended_until: datetime | None
    suspend_reason: str
    incidents: int
    summary: tuple[FieldValue, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A live token on a diagram: what waits at an element."""

    process_id: str
    element_id: str
    kind: str
    count: int
    since: datetime | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Way:
    """The way an instance took through one process definition: how often each element and flow was passed."""

    process_id: str
    elements: Mapping[str, int]
    flows: Mapping[str, int]
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Startable:
    """A start event that this person may start by hand, with its form."""

    process_id: str
    process_name: str
    element_id: str
    name: str
    documentation: str
    linked: bool


@dataclass(frozen=True, slots=True)
class Started:
    """What was started. `repeated`: this submission was known, and nothing was started again."""

    instance_id: int
    business_key: str
    number: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """A step that failed and waits to be tried again."""

    id: int
    instance_id: int
    business_key: str
    title: str
    process_id: str
    process_name: str
    element_id: str
    element_name: str
    code: str
    text: str
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Spot:
    """An element of a diagram that an instance runs; `count` tokens wait there."""

    process_id: str
    element_id: str
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Repair:
    """What can be done about an incident. `may` holds retry, correct and modify as this person may; `waiting` is where
    its instance has tokens, `elements` where one could be put; `variables` are those of the instance, for who may
    correct them. `suspended`: it must be resumed first."""

    incident: IncidentRow
    may: frozenset[str]
    suspended: bool
    waiting: tuple[Spot, ...]
    elements: tuple[Spot, ...]
    variables: Mapping[str, Value]
