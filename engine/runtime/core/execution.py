"""One running instance: the verbs of the unit of work over its token tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.dialect.program import Program
from engine.runtime.core.environment import Environment
from engine.runtime.occurrences import Occurrence, Place
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing the instance waits for, as its tree tells it: what the rows of the database must agree with.

    `kind` is `task`, `timer`, `message`, `signal`, `external`, `condition` or `incident`. `name` is the message or
    signal name, the topic, or the code of an incident; `text` the text of an incident.
    """

    kind: str
    at: Place
    name: str = ""
    correlation: str = ""
    due: datetime | None = None
    text: str = ""


class Execution:
    """One instance. Use it like this: start or restore, one or more verbs, `run`, `drain`, `snapshot`.

    An exception that is not a GendanError leaves it undefined: discard it and restore the last snapshot. Verbs
    that name a token raise NotFound when it does not wait for them (it was completed or withdrawn meanwhile).
    """

    @classmethod
    def start(
        cls,
        program: Program,
        environment: Environment,
        start_event: str | None,
        variables: Mapping[str, Value],
        names: Mapping[str, Value],
    ) -> Execution:
        """A new instance at a start event (None: the none start, or the only one). Nothing runs before `run`.

        `variables` are written to the instance (and, when the start event has a form, as a whole under its id). At
        a message or signal start event they are its payload instead, and enter by outputParameters or form fields.
        `names` are the names visible everywhere: business_key, number, starter, started_at.
        """
        raise NotImplementedError

    @classmethod
    def restore(cls, snapshot: bytes, environment: Environment) -> Execution:
        """The instance as `snapshot` saw it. Raises ModelError for an unknown format."""
        raise NotImplementedError

    @property
    def program(self) -> Program:
        """The process the instance runs."""
        raise NotImplementedError

    @property
    def state(self) -> str:
        """`open`, `completed` or `cancelled`."""
        raise NotImplementedError

    def run(self) -> None:
        """Run until nothing automatic is left to do."""
        raise NotImplementedError

    def complete(self, token: int, values: Mapping[str, Value], submission: Mapping[str, Value] | None = None) -> None:
        """Complete a user task or an external one.

        Task: `values` are written under their names, `submission` (the values with `completed_by`, `completed_at`,
        `on_behalf_of`; default the values) under the element's id. External: `values` are the name `result` of its
        outputParameters and the value of its resultVariable; with neither they are written under their names.
        """
        raise NotImplementedError

    def fire(self, token: int, payload: Mapping[str, Value] | None = None) -> bool:
        """The message, signal or timer the token waits for has come. False when it does not wait any more."""
        raise NotImplementedError

    def fail(self, token: int, code: str, message: str) -> None:
        """An external task throws the BPMN error `code`; its boundaries see `payload.code`, `payload.message`."""
        raise NotImplementedError

    def report(self, token: int, code: str, text: str) -> None:
        """Raise an incident at a waiting token (nobody may do the task, a job has failed for good); it goes on
        waiting, and `retry` resolves the incident and opens an external task again."""
        raise NotImplementedError

    def retry(self, token: int) -> None:
        """Resolve the incident at this token and let its step run again."""
        raise NotImplementedError

    def move_timer(self, token: int, due: datetime) -> None:
        """The timer is due at another time (the instance was on hold); later rounds count from it."""
        raise NotImplementedError

    def recompute_timer(self, token: int) -> None:
        """Evaluate the timer's text again as at its anchor (the calendar has changed)."""
        raise NotImplementedError

    def cancel_element(self, element_id: str) -> int:
        """Modify: withdraw every token at this element, with what it holds; the number of them.

        A scope that is left with nothing by it is withdrawn too, unless `start_before` puts something into it
        before `run`.
        """
        raise NotImplementedError

    def start_before(self, element_id: str) -> None:
        """Modify: put a token before this element, in its open scope, opening the scopes around it if need be."""
        raise NotImplementedError

    def set_variables(self, values: Mapping[str, Value]) -> None:
        """Correct variables of the instance."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Withdraw everything; the instance ends with state `cancelled`."""
        raise NotImplementedError

    def variables(self, token: int | None = None) -> Mapping[str, Value]:
        """Every name that is visible at the token, or in the instance; the names of `start` included."""
        raise NotImplementedError

    def waits(self) -> tuple[Wait, ...]:
        """What the instance waits for, read from its tree, in order of token."""
        raise NotImplementedError

    def drain(self) -> tuple[Occurrence, ...]:
        """What has happened since the last call, in order."""
        raise NotImplementedError

    def snapshot(self) -> bytes:
        """The state as canonical, versioned JSON; the same state gives the same bytes."""
        raise NotImplementedError


def next_start(
    program: Program, element_id: str, environment: Environment, previous: datetime | None = None, fired: int = 0
) -> datetime | None:
    """When the timer of a start event is due: first (no `previous`), or after it was due at `previous` and has fired
    `fired` times; None when it is not due again."""
    raise NotImplementedError
