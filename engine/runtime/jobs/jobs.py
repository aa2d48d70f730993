"""Jobs: effects outside the database. A row at commit; run outside any transaction; the result applied in a second.

Whoever wakes only calls `run_due` or `run`, which are idempotent; the rows are the truth. A runner holds a job by a
lock that lapses, so one who dies with it loses nothing: the next sends the same idempotency key again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from engine.errors import Conflict, Invalid, NotFound
from engine.runtime.messages.messages import Messages
from engine.runtime.unit.administration import ADMINISTER, acting_as, require, tell
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.pushed_again import look_again, push_again
from engine.store import jobs, pushes
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value
from engine.views import Actor, JobRow

LOCK = timedelta(minutes=5)
"""How long a runner may hold a job: longer than any effect can take, since each is bounded in time."""
STATES = ("waiting", "failed", "done")
MOST_TRIES = 12
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
_BATCH = 50
_CAP = 999


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an effect. `reason` says why it did not come about; `lasting` that trying again cannot help."""

    done: bool
    value: Value = None
    reason: str = ""
    lasting: bool = False

    def ends(self, tries: int) -> bool:
        """Whether a failure after so many tries is for good."""
        return self.lasting or tries >= MOST_TRIES


class Effect(Protocol):
    """A kind of job."""

    def take(self, connection: Connection, job_id: int, hold: Hold) -> Sequence[Any]:
        """Lock the job (with those that leave together with it); nothing when it cannot be had now."""
        ...

    def do(self, rows: Sequence[Any]) -> Outcome:
        """The effect itself: outside any transaction, bounded in time; it raises nothing on purpose."""
        ...

    def apply(self, connection: Connection, rows: Sequence[Any], outcome: Outcome) -> bool:
        """Write the result if the rows are still held; whether messages wait to be delivered then."""
        ...

    def again(self, connection: Connection, row: Any, actor: Actor) -> bool:
        """Start a job that waits or has failed anew; whether messages wait to be delivered then."""
        ...


@dataclass(frozen=True, slots=True)
class Hold:
    """One runner's lock: by whom, from when, until when."""

    worker: str
    now: datetime
    until: datetime


def pause(tries: int) -> timedelta:
    """How long after the `tries`-th failure the next try is: 30 s, doubled each time, at most an hour."""
    doubled: int = 2 ** min(tries - 1, 10)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)


class Jobs:
    """Run what is due, look at jobs, start failed ones anew. Looking and starting need the right to administer."""

    def __init__(self, machinery: Machinery, messages: Messages, effects: Mapping[str, Effect]) -> None:
        self._machinery = machinery
        self._messages = messages
        self._effects = effects

    def due(self, limit: int = _BATCH) -> tuple[int, ...]:
        """Ids of jobs that may run now, in order of due time: for those who distribute them."""
        now = self._machinery.clock.now()
        return tuple(self._machinery.read(lambda connection: jobs.due(connection, now, limit)))

    def next_due(self) -> datetime | None:
        """When the next job, or a look at what was not read, is due; None when nothing waits."""
        found = (self._machinery.read(jobs.next_due), self._machinery.read(pushes.next_again))
        return min((due for due in found if due is not None), default=None)

    def push_again(self) -> int:
        """Queue the second push of what was not read in time; how much that was."""
        return push_again(self._machinery)

    def calendar_changed(self) -> None:
        """What was computed on the working calendar is computed again."""
        look_again(self._machinery)

    def run_due(self, limit: int = _BATCH) -> int:
        """Run at most `limit` of the jobs that are due; how many ran."""
        return sum(self.run(job_id) for job_id in self.due(limit))

    def run(self, job_id: int) -> bool:
        """Run one job if it is (still) due and nobody else has it. Idempotent. Whether it ran, well or not."""
        kind = self._machinery.read(lambda connection: jobs.kind_of(connection, job_id))
        if kind is None or kind not in self._effects:
            return False
        effect, now = self._effects[kind], self._machinery.clock.now()
        hold = Hold(secrets.token_hex(8), now, now + LOCK)
        rows = self._machinery.write(lambda connection: effect.take(connection, job_id, hold))
        if not rows:
            return False
        self._machinery.fault("before-effect")
        outcome = effect.do(rows)
        self._machinery.fault("after-effect")
        if self._machinery.write(lambda connection: effect.apply(connection, rows, outcome)):
            self._messages.deliver()
        return True

    def _administrator(self, connection: Connection, actor: Actor) -> Acting:
        acting = acting_as(self._machinery, connection, actor)
        require(acting, ADMINISTER)
        return acting

    def list(
        self, actor: Actor, state: str = "", kind: str = "", before: int = 0, limit: int = 50
    ) -> tuple[JobRow, ...]:
        """Jobs (in a state, of a kind), newest first; `before` is the last id of the page before."""

        if state not in ("", *STATES):
            raise Invalid(
                "%(state)s is no state of a job. Use one of: %(known)s.", state=state, known=", ".join(STATES)
            )

        def work(connection: Connection) -> tuple[JobRow, ...]:
            acting = self._administrator(connection, actor)
            return tuple(map(job_view, jobs.listed(connection, acting, state, kind, before, limit)))

        return self._machinery.read(work)

    def counts(self, actor: Actor) -> dict[str, int]:
        """State → number of jobs; 1,000 means more than 999."""

        def work(connection: Connection) -> dict[str, int]:
            acting = self._administrator(connection, actor)
            return {state: jobs.counted(connection, acting, state, _CAP) for state in ("waiting", "failed")}

        return self._machinery.read(work)

    def get(self, job_id: int, actor: Actor) -> JobRow:
        """One job."""

        def work(connection: Connection) -> JobRow:
            return job_view(_get(connection, job_id, self._administrator(connection, actor)))

        return self._machinery.read(work)

    def retry(self, job_id: int, actor: Actor) -> None:
        """Let a job that waits or has failed start anew, at once. Raises Conflict when it is done or running."""

        def work(connection: Connection) -> bool:
            acting = self._administrator(connection, actor)
            row = _get(connection, job_id, acting)
            if row.state == "done":
                raise Conflict("The job %(id)d is done.", id=job_id)
            posted = self._effects[row.kind].again(connection, row, actor)
            tell(self._machinery, connection, "job-retried", acting, str(job_id), {"job": row.kind, "key": row.key})
            return posted

        if self._machinery.write(work):
            self._messages.deliver()


def settled(connection: Connection, rows: Sequence[Any], outcome: Outcome, now: datetime) -> bool:
    """Write what became of jobs that were run together: done, failed for good, or all due again after the pause of the
    one that was tried most; False when they are not held any more. What was sent is not kept."""
    if outcome.done:
        return jobs.finish(connection, rows, state="done", ended_at=now, reason="", payload="", result="")
    over = [row for row in rows if outcome.ends(row.tries)]
    rest = [row for row in rows if not outcome.ends(row.tries)]
    held = True
    if over:
        held = jobs.finish(connection, over, state="failed", ended_at=now, reason=outcome.reason, batch="")
    if rest:
        due = now + pause(max(row.tries for row in rest))
        held = jobs.finish(connection, rest, due_at=due, reason=outcome.reason, batch="") and held
    return held


def job_view(row: Any) -> JobRow:
    """A row as it is shown: without payload and secrets."""
    return JobRow(
        id=row.id,
        kind=row.kind,
        state=row.state,
        label=row.label,
        business_key=row.business_key,
        instance_id=row.instance_id or 0,
        process_id=row.process_id,
        element_id=row.element_id,
        user_id=row.user_id,
        created_at=row.created_at,
        due=row.due_at,
        tries=row.tries,
        tried_at=row.tried_at,
        ended_at=row.ended_at,
        locked_until=row.locked_until,
        reason=row.reason,
    )


def _get(connection: Connection, job_id: int, acting: Acting) -> Any:
    row = jobs.get(connection, job_id, acting)
    if row is None:
        raise NotFound("There is no job %(id)d.", id=job_id)
    return row
