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
class InstanceHead:
    """What an instance is, without what it has published: `version` and `definition_id` of its process."""

    id: int
    process_id: str
    version: int
    definition_id: int
    deployment_id: int
    business_key: str
    number: str
    title: str
    state: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    end: str


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Which instances. What is empty or None does not limit; `like` is a pattern with `%`; moments are half-open: from
    `after` on, before `before`. `elements` are those at which something waits now."""

    ids: tuple[int, ...] | None = None
    keys: tuple[str, ...] = ()
    like: str = ""
    processes: tuple[str, ...] = ()
    not_processes: tuple[str, ...] = ()
    definitions: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    open: bool | None = None
    stuck: bool | None = None
    elements: tuple[str, ...] = ()
    started_by: str = ""
    started_after: datetime | None = None
    started_before: datetime | None = None
    ended_after: datetime | None = None
    ended_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """An activity or event that is going on in an instance. `parent` is the one around it, 0 for the instance itself;
    `kind` is the element's in BPMN, `wait` what it waits for: task, timer, message, signal, external, condition,
    incident, or empty when something within it waits."""

    token: int
    parent: int
    process_id: str
    element_id: str
    name: str
    kind: str
    wait: str


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
