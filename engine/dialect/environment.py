"""What an execution asks of its surroundings, and what they answer.

The core knows no clock, no database and no decision table: whoever runs it hands it an `Environment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from engine.dialect.occurrences import Place
from engine.expressions import Context
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.program import Program


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What a decision answered.

    `rows` is one mapping of output name to value for each row of the result (an aggregated or literal result is one
    row with one output), `rules` the ids of the rules that hit, `digest` the version of the table, `inputs` the
    values of its input expressions.
    """

    rows: tuple[Mapping[str, Value], ...]
    rules: tuple[str, ...]
    digest: str
    inputs: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ConnectorResult:
    """What a connector answered: its `value` (the name `result` of outputParameters) and its `effects`, values of
    `engine.connectors` that are stored in the transaction of this step. `variables` are written outward under their
    names (the connector `compute`)."""

    value: Value
    effects: tuple[object, ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)


class Environment(Protocol):
    """The surroundings of one execution. Every GendanError that is raised here becomes an incident of the element."""

    def context(self, at: datetime | None = None) -> Context:
        """What expressions may ask; with `at` its `now()` is that moment (schedules are evaluated again from the
        due time before)."""
        ...

    def program(self, process_id: str, latest: bool, digest: str = "") -> Program:
        """The process that a call activity calls: of the instance's deployment set, or the latest deployed.

        With `digest` exactly that version: a snapshot is restored with the versions it was running.
        """
        ...

    def versioned(self, process_id: str, version: int | None, tag: str) -> Program:
        """The process of this version number; without one the newest that has this version tag. ModelError when there
        is none."""
        ...

    def decide(self, ref: str, latest: bool, names: Mapping[str, Value]) -> DecisionOutcome:
        """Evaluate a decision over the visible variables."""
        ...

    def connect(self, topic: str, place: Place, inputs: Mapping[str, Value]) -> ConnectorResult | None:
        """Run the connector of this topic inside the step; None when there is none (an external task is made)."""
        ...
