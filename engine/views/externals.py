"""Steps that workers outside do: what they see of them, and what they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.values import Value


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """One step to be done outside. `worker` had it last, until `locked_until`; `retries` are the tries that are left
    (None while none has failed), `error` why the last one failed; `properties` are its element's. `process_id`,
    `definition_id` and `version` are those of the definition its element stands in; `instance_process_id` is its
    instance's."""

    id: int
    instance_id: int
    token: int
    business_key: str
    instance_process_id: str
    process_id: str
    definition_id: int
    version: int
    element_id: str
    topic: str
    inputs: Mapping[str, Value]
    priority: int
    created_at: datetime
    worker: str
    locked_until: datetime | None
    retries: int | None
    error: str
    suspended: bool
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a worker asks for: tasks of this topic, to be his for `lock`. `names` are the variables he wants (None:
    all); the rest narrows."""

    name: str
    lock: timedelta
    names: tuple[str, ...] | None = None
    business_key: str | None = None
    process_ids: tuple[str, ...] = ()
    definition_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """What a worker asks for: at most `limit` tasks of these topics, by priority or oldest first."""

    worker: str
    limit: int
    topics: tuple[Topic, ...]
    by_priority: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """A task that is the worker's now, with its variables: its input parameters, and what else is visible there to a
    worker who may correct the variables of the instance."""

    task: ExternalTask
    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that failed: why, how many are left (0: an incident), and how long until the next."""

    text: str
    details: str
    retries: int
    pause: timedelta


@dataclass(frozen=True, slots=True)
class ExternalFilter:
    """Which external tasks; what is None or empty does not narrow. `order` are names of `ORDERS`, downward if True."""

    ids: tuple[int, ...] | None = None
    topic: str | None = None
    worker: str | None = None
    locked: bool | None = None
    retries_left: bool | None = None
    expires_after: datetime | None = None
    expires_before: datetime | None = None
    element_ids: tuple[str, ...] | None = None
    token: tuple[int, int] | None = None
    instance_ids: tuple[int, ...] | None = None
    processes: tuple[str, ...] | None = None
    definition_id: int | None = None
    suspended: bool | None = None
    priority_from: int | None = None
    priority_to: int | None = None
    order: tuple[tuple[str, bool], ...] = ()
