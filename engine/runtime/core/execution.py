"""One running instance: the verbs of the unit of work over its token tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.dialect.events import Catching, raise_error
from engine.dialect.occurrences import Occurrence
from engine.dialect.program import Program, start_of, started_beside
from engine.dialect.scope import close, empty, listen
from engine.dialect.tasks import ReceiveTask, ServiceTask, UserTask, opened
from engine.dialect.token import READY, ROOT, WAITING, Phase, Token
from engine.dialect.tree import CANCELLED, Tree
from engine.dialect.triggers import ConditionTrigger, TimerTrigger, Trigger
from engine.dialect.variables import visible, write
from engine.errors import GendanError, ModelError, NotFound
from engine.runtime.core import modify, stepper
from engine.runtime.core.binding import Obstacle, bind, places
from engine.runtime.core.environment import Environment
from engine.runtime.core.rebind import Rebound, rebind, restate
from engine.runtime.core.snapshot import dump, load
from engine.runtime.core.waits import Wait, live_of, waits_of
from engine.values import Value
from engine.views import Live


class Execution:
    """One instance. Use it like this: start or restore, one or more verbs, `run`, `drain`, `snapshot`.

    An exception that is not a GendanError leaves it undefined: discard it and restore the last snapshot. Verbs
    that name a token raise NotFound when it does not wait for them (it was completed or withdrawn meanwhile).
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

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
        start = start_of(program, start_event)
        tree = Tree(program, environment, dict(names))
        root = tree.task_tree = tree.open(None, program.plan, program, isolated=True)
        listen(root)
        caught = isinstance(start, ReceiveTask) or any(
            definition.kind in ("message", "signal") for definition in (start.node.events if start is not None else ())
        )
        if not caught:
            for name, value in variables.items():
                write(root, name, value)
        if isinstance(start, Catching) and (caught or start.fields):
            tree.occur(root, start, {"payload": dict(variables)})
        elif start is not None:
            tree.spawn(root, start)
        for element in (*started_beside(program, start), *program.plan.loose):
            tree.spawn(root, element)
        if empty(root):
            close(root)
        return cls(tree)

    @classmethod
    def restore(cls, snapshot: bytes, environment: Environment) -> Execution:
        """The instance as `snapshot` saw it. Raises ModelError for an unknown format."""
        return cls(load(snapshot, environment))

    @property
    def program(self) -> Program:
        """The process the instance runs."""
        return self._tree.program

    def version_at(self, token: int) -> str:
        """The digest of the version whose process the token stands in; empty when the token is over."""
        found = self._tree.tasks.get(token)
        return "" if found is None else found.open_frame.program.digest

    @property
    def state(self) -> str:
        """`open`, `completed` or `cancelled`."""
        return self._tree.state

    def run(self) -> None:
        """Run until nothing automatic is left to do."""
        stepper.run(self._tree)

    def complete(self, token: int, values: Mapping[str, Value], submission: Mapping[str, Value] | None = None) -> None:
        """Complete a user task or an external one.

        Task: `values` are written under their names, `submission` (the values with `completed_by`, `completed_at`,
        `on_behalf_of`; default the values) under the element's id. External: `values` are the name `result` of its
        outputParameters and the value of its resultVariable; with neither they are written under their names.
        """
        found = self._open_task(token)
        self._tree.resolve(found)
        spec = found.task_spec
        assert isinstance(spec, (UserTask, ServiceTask))
        spec.complete(found, values, values if submission is None else submission)

    def answer(self, token: int, value: Value) -> None:
        """An external task was done by the engine's own job: `value` is its result, as that of any connector."""
        found = self._open_task(token, ServiceTask)
        self._tree.resolve(found)
        found.task_spec.answer(found, value)

    def fire(self, token: int, payload: Mapping[str, Value] | None = None) -> bool:
        """The message, signal or timer the token waits for has come. False when it does not wait any more."""
        found = self._tree.tasks.get(token)
        if found is None or found._state != WAITING or isinstance(found.task_spec, ConditionTrigger):
            return False
        assert isinstance(found.task_spec, Trigger)
        found.task_spec.fire(found, payload or {})
        return True

    def fail(self, token: int, code: str, message: str, values: Mapping[str, Value] | None = None) -> None:
        """An external task throws the BPMN error `code`; its boundaries see `payload.code`, `payload.message` and the
        `values` that came with it, which are written as those of a completion are."""
        found = self._open_task(token, ServiceTask)
        found.task_spec.brought(found, values or {})
        try:
            raise_error(found, code, {**(values or {}), "message": message})
        except GendanError as error:
            self._tree.resolve(found)
            found.task_spec.withdraw(found)
            found.phase = Phase.AGAIN
            found._set_state(READY)
            self._tree.fail(found, error.code, str(error))

    def report(self, token: int, code: str, text: str) -> None:
        """Raise an incident at a waiting token (nobody may do the task, a job has failed for good); it goes on
        waiting, and `retry` resolves the incident and opens its task anew."""
        found = self._tree.tasks.get(token)
        if found is None or not found.waiting or found.frame is not None:
            raise _gone(token)
        if found.incident is None:
            self._tree.fail(found, code, text)

    def settle(self, token: int) -> None:
        """The reason of the incident at a waiting token is gone (the task has somebody again); it goes on waiting."""
        found = self._tree.tasks.get(token)
        if found is None:
            raise _gone(token)
        self._tree.resolve(found)
        self._tree.dirty = True

    def retry(self, token: int) -> None:
        """Resolve the incident at this token and let its step run again."""
        found = self._tree.tasks.get(token)
        if found is None or found.incident is None:
            raise NotFound("Token %(token)s has no incident. It was resolved or withdrawn meanwhile.", token=token)
        self._tree.resolve(found)
        if found._state == READY:
            self._tree.queue.append(found)
        elif isinstance(found.task_spec, (UserTask, ServiceTask)) and opened(found):
            found.task_spec.withdraw(found)
            self._tree.again(found, Phase.AGAIN)
        self._tree.dirty = True

    def move_timer(self, token: int, due: datetime) -> None:
        """The timer is due at another time (the instance was on hold); later rounds count from it."""
        found, spec = self._timer(token)
        assert found.held is not None
        found.held.due = due
        spec.hold(found, found.held)

    def recompute_timer(self, token: int) -> bool:
        """Evaluate the timer's text again as at its anchor (the calendar has changed); whether anything changes."""
        found, spec = self._timer(token)
        held = found.held
        assert held is not None
        try:
            anew = spec.clockwork.first(visible(found), self._tree.environment, held.anchor)
        except GendanError as error:
            self._tree.fail(found, error.code, str(error))
            return True
        if anew.due == held.due:
            return False
        held.due = anew.due
        spec.hold(found, held)
        return True

    def due_anew(
        self, token: int, opened_at: datetime, due: datetime | None, follow_up: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        """When a task is due and followed up by the calendar as it is now; what does not hang on it stays."""
        found = self._open_task(token, UserTask)
        assert isinstance(found.task_spec, UserTask)
        return found.task_spec.due_anew(found, opened_at, due, follow_up)

    def cancel_element(self, element_id: str) -> int:
        """Modify: withdraw every token at this element, with what it holds; the number of them.

        A scope that is left with nothing by it is withdrawn too, unless `start_before` puts something into it
        before `run`.
        """
        return modify.cancel_element(self._tree, element_id)

    def start_before(self, element_id: str) -> None:
        """Modify: put a token before this element, in its open scope, opening the scopes around it if need be."""
        modify.start_before(self._tree, element_id)

    def obstacles(self, environment: Environment, names: Mapping[str, str]) -> tuple[Obstacle, ...]:
        """Why the instance cannot go on by the versions this environment gives (see `rebind`); none when it can."""
        return tuple(sorted(set(bind(self._tree, environment, names).obstacles)))

    def places(self) -> frozenset[tuple[str, str]]:
        """Where the instance stands: process and element of its innermost tokens and of joins where some wait."""
        return frozenset((place.process_id, place.element_id) for place in places(self._tree))

    def rebind(self, environment: Environment, names: Mapping[str, str]) -> Rebound:
        """Go on by the versions that this environment gives of the process and of those it calls.

        `names` says what elements of the process are called now, where that is not the same. Raises ModelError with
        an obstacle, or what evaluating the other version's texts raises; the execution is then to be thrown away.
        """
        binding = bind(self._tree, environment, names)
        if binding.obstacles:
            first = binding.obstacles[0]
            raise ModelError(
                "The other version has no place for what waits at %(element)s (%(reason)s).",
                element=first.element_id,
                reason=first.code,
            )
        return rebind(self._tree, environment, binding)

    def restate(self, known: Execution) -> Rebound:
        """Tell what waits otherwise than in `known`, which is the state that those outside know of this instance."""
        return restate(self._tree, known._tree)

    def set_variables(self, values: Mapping[str, Value]) -> None:
        """Correct variables of the instance."""
        for name, value in values.items():
            write(self._tree.root, name, value)

    def cancel(self) -> None:
        """Withdraw everything; the instance ends with state `cancelled`."""
        self._tree.clear(self._tree.root, self.program.process_id)
        self._tree.ends.clear()
        self._tree.end(CANCELLED)

    def variables(self, token: int | None = None) -> Mapping[str, Value]:
        """Every name that is visible at the token, or in the instance; the names of `start` included."""
        found = self._tree.root if token is None else self._tree.tasks.get(token)
        if found is None:
            raise _gone(token)
        return dict(visible(found))

    def waits(self) -> tuple[Wait, ...]:
        """What the instance waits for, read from its tree, in order of token."""
        return waits_of(self._tree)

    def above(self, token: int) -> frozenset[int]:
        """A token with those it stands under: of a boundary event the activity, of a subprocess's the subprocess."""
        tasks = self._tree.tasks
        found = set()
        while token in tasks and token != ROOT:
            found.add(token)
            token = tasks[token].above.id
        return frozenset(found)

    def live(self) -> tuple[Live, ...]:
        """What is going on in the instance, outer before inner."""
        return live_of(self._tree)

    def drain(self) -> tuple[Occurrence, ...]:
        """What has happened since the last call, in order."""
        log, self._tree.log = self._tree.log, []
        return tuple(log)

    def snapshot(self) -> bytes:
        """The state as canonical, versioned JSON; the same state gives the same bytes."""
        return dump(self._tree)

    def _open_task(self, token: int, kind: type = object) -> Token:
        found = self._tree.tasks.get(token)
        if found is None or not isinstance(found.task_spec, (UserTask, ServiceTask)) or not opened(found):
            raise _gone(token)
        if not isinstance(found.task_spec, kind):
            raise _gone(token)
        return found

    def _timer(self, token: int) -> tuple[Token, TimerTrigger]:
        found = self._tree.tasks.get(token)
        if found is None or found._state != WAITING or not isinstance(found.task_spec, TimerTrigger):
            raise _gone(token)
        return found, found.task_spec


def _gone(token: int | None) -> NotFound:
    return NotFound("Nothing waits at token %(token)s for that. It was done or withdrawn meanwhile.", token=token)
