"""Process definitions and what stands on their diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.definitions.findings import Finding
from engine.views.instances import Token
from engine.views.task_search import ALWAYS, Span


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One version of a process: where it came from and what runs on it."""

    process_id: str
    name: str
    file: str
    version: int
    digest: str
    deployed_at: datetime
    deployed_by: str
    note: str
    running: int
    incidents: int
    latest: bool
    id: int = 0
    deployment_id: int = 0
    """The deployment that brought it first."""


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """One deployment: a set of files, when, by whom (empty: the machine's command line) and why."""

    id: int
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class DeploymentFilter:
    """Which deployments. What is None or empty does not limit; `note_like` is a pattern with `%`, `order` names fields
    of `DeploymentRow` and whether downward."""

    ids: tuple[int, ...] | None = None
    note: str | None = None
    note_like: str = ""
    at: Span = ALWAYS
    order: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A file of a deployment: its path within the practice, and the digest of its content."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class ElementAbout:
    """A flow node as the page of its process shows it; `waiting` is how many tasks are open there."""

    name: str
    documentation: str
    clauses: tuple[str, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class ProcessAbout:
    """What one version of a process is and has to do with: pairs are id and name. `tokens` are the open tasks,
    timers and incidents of all its instances."""

    documentation: str
    elements: Mapping[str, ElementAbout]
    findings: tuple[Finding, ...]
    tokens: tuple[Token, ...]
    calls: tuple[tuple[str, str], ...]
    callers: tuple[tuple[str, str], ...]
    decisions: tuple[tuple[str, str], ...]
    starts: tuple[str, ...]
