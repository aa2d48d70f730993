"""What people do with instances: start, cancel, hold, resume, correct, modify; and what way an instance took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine import forms
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.forms import Form
from engine.runtime.instances import ways
from engine.runtime.lifecycle import starting
from engine.runtime.lifecycle.holding import hold_instance, is_holdable, resume_instance
from engine.runtime.lifecycle.startable import Starts
from engine.runtime.lifecycle.starting import Beginning
from engine.runtime.messages.messages import Messages
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.posting import posted_row
from engine.runtime.unit.showing import Showing
from engine.runtime.unit.step import Step
from engine.store import deployments, history, instance_search, instances, waits
from engine.store import messages as message_rows
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value
from engine.views import Actor, InstanceFilter, InstanceHead, InstanceRow, Live, Startable, Started, Way


class Instances:
    """The verbs of one instance. NotFound to who may not know it; Forbidden names the missing right."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages

    # --- starting -----------------------------------------------------------------------------------------------

    def startable(self, actor: Actor, record_key: str | None = None) -> tuple[Startable, ...]:
        """What this person may start by hand: processes of their own, or with a key what belongs to that record."""

        def read(connection: Connection) -> tuple[Startable, ...]:
            if self._machinery.library.latest(connection) is None:
                return ()
            return Starts(self._machinery, connection, self._acting(connection, actor), record_key or "").all()

        return self._machinery.read(read)

    def start_form(
        self, process_id: str, actor: Actor, element_id: str = "", key: str = ""
    ) -> tuple[Form, dict[str, Value]]:
        """The start form and what fills it beforehand (for a linked process from the fields of its record)."""

        def read(connection: Connection) -> tuple[Form, dict[str, Value]]:
            starts = Starts(self._machinery, connection, self._acting(connection, actor), key)
            process, node = starts.find(process_id, element_id)
            starts.require(process, node)
            element = process.elements[node.id]
            context = starts.environment.context()
            return element.form, forms.prefill(element.form, starts.names, context, element.prefilled)

        return self._machinery.read(read)

    def start(
        self,
        process_id: str,
        values: Mapping[str, object],
        actor: Actor,
        element_id: str = "",
        key: str = "",
        submission: str = "",
    ) -> Started:
        """Start an instance with the values of its start form; `key` is the record a linked process joins.

        Raises FormInvalid; the same `submission` again returns what the first one started.
        """

        def work(connection: Connection) -> tuple[Started, bool]:
            known = history.with_submission(connection, submission) if submission else None
            if known is not None:
                return Started(known.instance_id, known.business_key, known.number, True), False
            acting = self._acting(connection, actor)
            starts = Starts(self._machinery, connection, acting, key)
            process, node = starts.find(process_id, element_id)
            principal = starts.require(process, node)
            element = process.elements[node.id]
            context = starts.environment.context()
            checked = forms.validate(element.form, values, starts.names, context, element.prefilled)
            what = Beginning(process, node, checked, key, submission)
            step = starting.begin(self._machinery, connection, starts.practice, what, acting, principal)
            return Started(step.stored.id, step.stored.business_key, step.stored.number), step.posted

        started, posted = self._machinery.write_once(work, submission)
        if posted:
            self._messages.deliver()
        return started

    # --- changing -----------------------------------------------------------------------------------------------

    def cancel(self, instance_id: int, reason: str, actor: Actor) -> None:
        """End an instance with everything it waits for; the reason is recorded."""

        def change(step: Step) -> None:
            _require_reason(reason)
            self._allow(step, "cancel", step.process.traits.cancellers)
            step.event("cancelled", None, reason=reason)
            if step.stored.state == "suspended":
                step.columns |= {"suspended_at": None, "suspended_until": None, "suspend_reason": ""}
            step.execution.cancel()
            step.save()

        self._change(instance_id, actor, change)

    def hold(self, instance_id: int, reason: str, until: datetime | None, actor: Actor) -> None:
        """Hold the record of an instance: all its open instances, each in its own transaction; clocks stand still."""
        _require_reason(reason)
        if until is not None and until <= self._machinery.clock.now():
            raise Invalid("A hold must end in the future; %(until)s is past.", until=until)

        def change(step: Step) -> None:
            self._allow(step, "hold", step.process.traits.holders)
            if not is_holdable(step.process, step.environment.context()):
                raise Forbidden("Records of %(process)s are not put on hold here: a setting of the practice says so.",
                                process=step.process.definition.name or step.process.definition.id)  # fmt: skip
            if step.stored.state == "suspended":
                raise Conflict("%(key)s is on hold already.", key=step.stored.business_key)
            hold_instance(step, reason, until)
            _tell_others(step, "active", "hold-copy", {"reason": reason, "until": until})

        self._change(instance_id, actor, change)

    def resume(self, instance_id: int, actor: Actor) -> None:
        """End the hold of the record of an instance now."""

        def change(step: Step) -> None:
            self._allow(step, "hold", step.process.traits.holders)
            if step.stored.state != "suspended":
                raise Conflict("%(key)s is not on hold.", key=step.stored.business_key)
            resume_instance(step)
            _tell_others(step, "suspended", "resume-copy", {})

        self._change(instance_id, actor, change)

    def correct(self, instance_id: int, values: Mapping[str, Value], reason: str, actor: Actor) -> None:
        """Correct variables of the instance; what they were and why is recorded."""

        def change(step: Step) -> None:
            _require_reason(reason)
            self._allow(step, "correct", step.process.traits.correctors)
            refusals.require_open(step.stored)
            before = step.execution.variables()
            old = {name: before.get(name) for name in values}
            step.event("corrected", None, reason=reason, values=dict(values), before=old)
            step.execution.set_variables(dict(values))
            step.save()

        self._change(instance_id, actor, change)

    def modify(
        self, instance_id: int, cancel: Sequence[str], start_before: Sequence[str], reason: str, actor: Actor
    ) -> None:
        """Repair a stuck instance: withdraw what is at elements, start before others; the reason is recorded."""

        def change(step: Step) -> None:
            _require_reason(reason)
            self._allow(step, "modify", ())
            refusals.require_active(step.stored)
            step.event("modified", None, reason=reason, cancel=list(cancel), start_before=list(start_before))
            for element_id in cancel:
                step.execution.cancel_element(element_id)
            for element_id in start_before:
                step.execution.start_before(element_id)
            step.save()

        self._change(instance_id, actor, change)

    # --- lists --------------------------------------------------------------------------------------------------

    def search(
        self,
        wanted: InstanceFilter,
        actor: Actor,
        order: Sequence[tuple[str, bool]] = (),
        limit: int = 100,
        first: int = 0,
    ) -> tuple[InstanceHead, ...]:
        """Instances that the person may know, by number or in the given order: a name of
        `engine.store.instance_search.ORDERS` and whether downward, several levels."""

        def read(connection: Connection) -> tuple[InstanceHead, ...]:
            acting = self._acting(connection, actor)
            return tuple(map(_head, instance_search.page(connection, wanted, acting, order, limit, first)))

        return self._machinery.read(read)

    def count(self, wanted: InstanceFilter, actor: Actor) -> int:
        """How many of them there are."""
        return self._machinery.read(
            lambda connection: instance_search.count(connection, wanted, self._acting(connection, actor))
        )

    # --- looking ------------------------------------------------------------------------------------------------

    def get(self, instance_id: int, actor: Actor) -> InstanceRow:
        """One instance as pages show it. Raises NotFound."""

        def read(connection: Connection) -> InstanceRow:
            acting = self._acting(connection, actor)
            row = instances.row(connection, instance_id, acting)
            if row is None:
                raise NotFound("There is no instance %(id)d, or it is not yours to see.", id=instance_id)
            stuck = waits.count(connection, waits.INCIDENTS, instance_id)
            return Showing(self._machinery, connection, acting).instance_rows([row], {instance_id: stuck})[0]

        return self._machinery.read(read)

    def way(self, instance_id: int, actor: Actor) -> tuple[Way, ...]:
        """The way it took through each process definition, with its live tokens. Raises NotFound."""

        def read(connection: Connection) -> tuple[Way, ...]:
            stored = refusals.visible_instance(connection, instance_id, self._acting(connection, actor))
            return ways.of_instance(self._machinery, connection, stored)

        return self._machinery.read(read)

    def live(self, instance_id: int, actor: Actor) -> tuple[Live, ...]:
        """What is going on in an instance, outer before inner; nothing when it has ended. Raises NotFound."""

        def read(connection: Connection) -> tuple[Live, ...]:
            acting = self._acting(connection, actor)
            stored = refusals.visible_instance(connection, instance_id, acting)
            return () if stored.ended else Step(self._machinery, connection, stored, acting).execution.live()

        return self._machinery.read(read)

    def source(self, instance_id: int, process_id: str, actor: Actor) -> bytes:
        """The diagram file of a process in the version this instance runs. Raises NotFound."""

        def read(connection: Connection) -> bytes:
            stored = refusals.visible_instance(connection, instance_id, self._acting(connection, actor))
            process = self._machinery.library.practice(stored.deployment_id).processes.get(process_id)
            found = deployments.resource_of(connection, process.definition.digest) if process is not None else None
            if found is None:
                raise NotFound("Instance %(id)d runs no process %(process)s.", id=instance_id, process=process_id)
            return found

        return self._machinery.read(read)

    def variables(self, instance_id: int, actor: Actor, token: int | None = None) -> dict[str, Value]:
        """The variables of the instance, or those that a token sees; needs the right to correct them."""

        def read(connection: Connection) -> dict[str, Value]:
            acting = self._acting(connection, actor)
            step = Step(self._machinery, connection, refusals.visible_instance(connection, instance_id, acting), acting)
            self._allow(step, "correct", step.process.traits.correctors)
            return dict(step.execution.variables(token))

        return self._machinery.read(read)

    # --- within -------------------------------------------------------------------------------------------------

    def _acting(self, connection: Connection, actor: Actor) -> Acting:
        return acting_as(self._machinery, connection, actor)

    def _allow(self, step: Step, right: str, groups: tuple[str, ...]) -> None:
        principal = refusals.require_right(step.acting, right, step.stored, groups)
        step.on_behalf_of = "" if principal == step.acting.user_id else principal

    def _change(self, instance_id: int, actor: Actor, change: Callable[[Step], None]) -> None:
        def work(connection: Connection) -> bool:
            acting = self._acting(connection, actor)
            stored = refusals.visible_instance(connection, instance_id, acting)
            refusals.require_open(stored)
            step = Step(self._machinery, connection, stored, acting)
            change(step)
            return step.posted

        if self._machinery.write(work):
            self._messages.deliver()


def _head(row: Any) -> InstanceHead:
    return InstanceHead(
        row.id, row.process_id, row.process_version, row.definition_id, row.deployment_id, row.business_key, row.number,
        row.title, row.state, row.started_at, row.started_by, row.ended_at, row.end_id,
    )  # fmt: skip


def _tell_others(step: Step, state: str, kind: str, payload: Mapping[str, Value]) -> None:
    """The same for the other open instances of the record that are in a state, each in its own transaction.

    It is noted with the first one, so that a record is never half on hold.
    """
    rows = instances.of_record(step.connection, step.stored.business_key, open_only=True)
    copy = posted_row(step, kind, "", step.stored.business_key, "", payload, "")
    others = [{**copy, "receiver_id": row.id} for row in rows if row.id != step.stored.id and row.state == state]
    if others:
        message_rows.put(step.connection, others)
        step.posted = True


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("Give a reason: it is kept in the history.")
