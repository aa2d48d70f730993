"""What a connector wants done with this transaction: plain values, stored by the unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.values import Value


@dataclass(frozen=True, slots=True)
class Notify:
    """A notice to people. `to` are user ids and groups (`group:x`), to be expanded when it is stored.

    `kind` is report, notice or reminder; with `receipt` it is shown who has read it and when.
    """

    to: tuple[str, ...]
    subject: str
    text: str = ""
    kind: str = "notice"
    receipt: bool = False


@dataclass(frozen=True, slots=True)
class StartProcess:
    """Start an instance after commit; `key` is the record a linked process joins (empty for one that owns a record)."""

    process: str
    key: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Throw a message, delivered after commit."""

    message: str
    key: str
    correlation: str = ""
    payload: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Give the own record a status of its type."""

    status: str


@dataclass(frozen=True, slots=True)
class Suspend:
    """Hold the own record, with a reason, until a moment or (None) until somebody resumes it."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Substitute:
    """Let a deputy stand in for a principal from a moment (None: now) until before another (None: until it is ended).

    `scope` is all, record or group; `key` names the record or group.
    """

    principal: str
    deputy: str
    starts: datetime | None = None
    ends: datetime | None = None
    scope: str = "all"
    key: str = ""


@dataclass(frozen=True, slots=True)
class EndSubstitute:
    """End now what a deputy (empty: anybody) stands in for a principal, in this scope."""

    principal: str
    deputy: str = ""
    scope: str = "all"
    key: str = ""


Effect = Notify | StartProcess | SendMessage | SetStatus | Suspend | Substitute | EndSubstitute
