"""Messages and signals: thrown ones delivered after commit, each in its receiver's own transaction; outside callers.

An address is name, business key and correlation value. Exactly one may wait; one that can catch later keeps the
message; only ended ones refuse it (design: Messages).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import forms
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.forms import Form
from engine.runtime.deployed.traits import split
from engine.runtime.lifecycle import starting
from engine.runtime.lifecycle.starting import Beginning
from engine.runtime.messages import payloads
from engine.runtime.messages.delivering import fitting_subscriptions, later_receiver
from engine.runtime.messages.outbox import Outbox
from engine.runtime.messages.receiving import receive
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.step import Step
from engine.store import history, instances, messages, rights
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import Acting
from engine.values import Value, dumps, loads
from engine.views import Actor


@dataclass(frozen=True, slots=True)
class Correlated:
    """What became of a message from outside: `state` is delivered, started or kept."""

    state: str
    instance_id: int
    business_key: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that an instance waits for; `id` is that of its subscription."""

    id: int
    name: str
    token: int
    element_id: str
    created_at: datetime


class Messages(Outbox):
    """What persons and outside systems send, and the outbox."""

    def form(self, subscription_id: int, actor: Actor) -> tuple[Form, dict[str, Value]]:
        """The payload form of a message that may be sent by hand, and what fills it beforehand."""

        def read(connection: Connection) -> tuple[Form, dict[str, Value]]:
            row, stored, acting = self.by_hand(connection, subscription_id, actor)
            step = Step(self._machinery, connection, stored, acting)
            element = step.element_at(row.process_id, row.element_id, row.token)
            names = step.execution.variables(row.token)
            return element.form, forms.prefill(element.form, names, step.environment.context(), element.prefilled)

        return self._machinery.read(read)

    def send(
        self, subscription_id: int, values: Mapping[str, object], actor: Actor, submission: str = ""
    ) -> Correlated:
        """Send a message by hand to the one that waits for it (a button on the record).

        Raises NotFound, Forbidden (`senders`), FormInvalid, and Conflict when it does not wait any more.
        """

        def work(connection: Connection) -> tuple[Correlated, bool]:
            known = history.with_submission(connection, submission) if submission else None
            if known is not None:
                return Correlated("delivered", known.instance_id, known.business_key), False
            row, stored, acting = self.by_hand(connection, subscription_id, actor)
            step = Step(self._machinery, connection, stored, acting)
            element = step.element_at(row.process_id, row.element_id, row.token)
            names = step.execution.variables(row.token)
            checked = forms.validate(element.form, values, names, step.environment.context(), element.prefilled)
            principal = self._sender(acting, row, stored)
            done = receive(self._machinery, connection, row, checked, acting, principal, submission)
            if done is None:
                raise Conflict("“%(name)s” is not waited for any more, or its record is on hold.", name=row.name)
            people = [f"user:{each}" for each in (done.actor, done.on_behalf_of) if each]
            instances.grant(connection, stored.id, "participant", people)
            return Correlated("delivered", stored.id, stored.business_key), done.posted

        return self._posted(work, submission)

    def correlate(
        self,
        name: str,
        key: str,
        correlation: str,
        payload: Mapping[str, Value],
        actor: Actor,
        submission: str = "",
    ) -> Correlated:
        """A message from an outside caller. What it brings is checked against the form of the event that takes it now,
        if that has one: it must have the fields that the form asks for, in their types, and no others.

        Raises FormInvalid, NotFound for an unknown key, Conflict when only ended instances could have caught it,
        Invalid when more than one waits, Forbidden when the actor may not send it.
        """

        def work(connection: Connection) -> tuple[Correlated, bool]:
            known = history.with_submission(connection, submission) if submission else None
            if known is not None:
                return Correlated("delivered", known.instance_id, known.business_key), False
            acting = acting_as(self._machinery, connection, actor)
            started = self._start(connection, name, key, payload, acting, submission)
            if started is not None:
                return Correlated("started", started.stored.id, started.stored.business_key), started.posted
            return self._correlate(connection, name, key, correlation, payload, acting, submission)

        return self._posted(work, submission)

    def signal(self, name: str, payload: Mapping[str, Value], actor: Actor) -> None:
        """Broadcast a signal from outside to all that wait for it and to what it starts; needs the right to send
        anything. Each receiver takes it in a transaction of its own, right now or at the next look."""
        if not name.strip():
            raise Invalid("A signal needs a name.")

        def work(connection: Connection) -> None:
            now = self._machinery.clock.now()
            acting = rights.who(connection, actor.user_id, now)
            if not acting.system and acting.capacity_with("send_any") is None:
                raise Forbidden("Sending “%(name)s” needs the right %(right)s.", name=name, right="send_any")
            row = {
                "kind": "signal",
                "name": name,
                "payload": dumps(dict(payload)),
                "actor": "" if acting.system else acting.user_id,
                "created_at": now,
                "expires_at": now + timedelta(days=self._machinery.settings.message_days),
            }
            messages.put(connection, [row])

        self._machinery.write(work)
        self.deliver()

    def _posted(self, work: Any, submission: str) -> Correlated:
        answer: Correlated
        answer, posted = self._machinery.write_once(work, submission)
        if posted:
            self.deliver()
        return answer

    def _start(
        self,
        connection: Connection,
        name: str,
        key: str,
        payload: Mapping[str, Value],
        acting: Acting,
        submission: str,
    ) -> Step | None:
        practice = self._machinery.library.latest(connection)
        found = practice.message_start(name) if practice is not None else None
        if practice is None or found is None or awaited(connection, name, key):
            return None
        process, node = found
        starters = split(node.properties.get("starters", "")) or process.traits.starters
        if not (acting.system or acting.capacity_with("send_any") or acting.capacity_in(starters)):
            raise Forbidden("Sending “%(name)s” needs the right %(right)s.", name=name, right="send_any")
        values = payloads.of_start(self._machinery, connection, process, node, payload, key, acting)
        what = Beginning(process, node, values, key, submission, "message", {"name": name})
        return starting.begin(self._machinery, connection, practice, what, acting, "")

    def _correlate(
        self,
        connection: Connection,
        name: str,
        key: str,
        correlation: str,
        payload: Mapping[str, Value],
        acting: Acting,
        submission: str,
    ) -> tuple[Correlated, bool]:
        found = messages.subscribers(connection, "message", name, key, None)
        hidden = set() if acting.system else self._hidden(connection, key, found, acting)
        found = [row for row in found if row.instance_id not in hidden]
        fitting = fitting_subscriptions(found, correlation)
        if len(fitting) > 1:
            raise Invalid(
                "%(count)d wait for “%(name)s” of %(key)s. Give the correlation value (its number) of the one meant.",
                count=len(fitting),
                name=name,
                key=key,
            )
        if not fitting or fitting[0].state != "active":
            return self._keep(connection, name, key, correlation, payload, acting, fitting, hidden), False
        stored = instances.load(connection, fitting[0].instance_id)
        if stored is None:
            raise NotFound("There is no record %(key)s.", key=key)
        principal = self._sender(acting, fitting[0], stored)
        checked = payloads.of_waiting(self._machinery, connection, fitting[0], stored, payload, acting)
        step = receive(self._machinery, connection, fitting[0], checked, acting, principal, submission)
        if step is None:
            raise Conflict("“%(name)s” is not waited for any more.", name=name)
        return Correlated("delivered", stored.id, key), step.posted

    def _keep(
        self,
        connection: Connection,
        name: str,
        key: str,
        correlation: str,
        payload: Mapping[str, Value],
        acting: Acting,
        fitting: list[Any],
        hidden: Collection[int],
    ) -> Correlated:
        receiver = fitting[0].instance_id if fitting else later_receiver(
            self._machinery, connection, name, key, correlation, hidden
        )  # fmt: skip
        if receiver is None:
            if all(row.id in hidden for row in messages.instances_at(connection, key)):
                raise NotFound("There is no record %(key)s.", key=key)
            raise Conflict("Nobody of %(key)s can catch “%(name)s” any more: it has ended.", key=key, name=name)
        if not (acting.system or acting.capacity_with("send_any", key)):
            raise Forbidden("Sending “%(name)s” ahead needs the right %(right)s.", name=name, right="send_any")
        now = self._machinery.clock.now()
        messages.put(
            connection,
            [
                {
                    "kind": "message",
                    "name": name,
                    "business_key": key,
                    "correlation": correlation,
                    "payload": dumps(dict(payload)),
                    "state": "kept",
                    "actor": "" if acting.system else acting.user_id,
                    "receiver_id": receiver,
                    "created_at": now,
                    "expires_at": now + timedelta(days=self._machinery.settings.message_days),
                }
            ],
        )
        return Correlated("kept", receiver, key)

    def waiting_of(self, instance_id: int, token: int, name: str, actor: Actor) -> tuple[Waiting, ...]:
        """The messages of this name that an instance (with `token`, that token or what is caught at it) waits for.
        Raises NotFound."""

        def read(connection: Connection) -> tuple[Waiting, ...]:
            acting = acting_as(self._machinery, connection, actor)
            stored = refusals.visible_instance(connection, instance_id, acting)
            rows = [row for row in messages.subscriptions_of(connection, [instance_id]) if row.name == name]
            step = Step(self._machinery, connection, stored, acting)
            return tuple(
                Waiting(row.id, row.name, row.token, row.element_id, row.created_at)
                for row in rows
                if not token or token in step.execution.above(row.token)
            )

        return self._machinery.read(read)

    def by_hand(self, connection: Connection, subscription_id: int, actor: Actor) -> tuple[Any, Stored, Acting]:
        """The subscription, its instance and the person; NotFound to who may not know it."""
        acting = acting_as(self._machinery, connection, actor)
        row = messages.subscription(connection, subscription_id)
        stored = instances.load(connection, row.instance_id, acting) if row is not None else None
        if row is None or stored is None:
            raise NotFound("Nothing waits for this message any more, or it is not yours to see.")
        self._sender(acting, row, stored)
        return row, stored, acting

    @staticmethod
    def _hidden(connection: Connection, key: str, found: Sequence[Any], acting: Acting) -> set[int]:
        """The instances of a record that do not exist for who may neither see them nor send them anything: who is
        excluded, and whoever stands in for somebody where it is confidential. Raises NotFound when that is all."""
        rows = messages.instances_at(connection, key)
        seen = {row.id for row in instances.of_record(connection, key, acting)}
        sent = {
            row.instance_id for row in found if acting.capacity_in(_senders(row), key, row.confidential) is not None
        }
        hidden = {
            row.id
            for row in rows
            if row.id not in seen
            and (
                not (row.id in sent or acting.capacity_with("send_any", key, row.confidential))
                or instances.is_shut_out(connection, row.id, acting)
            )
        }
        if len(hidden) == len(rows):
            raise NotFound("There is no record %(key)s.", key=key)
        return hidden

    @staticmethod
    def _sender(acting: Acting, row: Any, stored: Stored) -> str:
        """The principal in whose capacity the person may send it. Raises Forbidden."""
        if acting.system:
            return ""
        named = _senders(row)
        found = acting.capacity_in(named, stored.business_key, stored.confidential) if named else None
        found = found or acting.capacity_with("send_any", stored.business_key, stored.confidential)
        if found is None:
            raise Forbidden("You may not send “%(name)s”.", name=row.name, right="send", senders=", ".join(named))
        return found.principal


def awaited(connection: Connection, name: str, key: str) -> bool:
    """Whether an instance of this record waits for the message: it goes there before it begins another (§8.4.2)."""
    return bool(key and messages.subscribers(connection, "message", name, key, None))


def _senders(row: Any) -> tuple[str, ...]:
    """Whom a subscription names as senders."""
    senders = loads(row.senders) if row.senders else []
    return tuple(str(each) for each in senders) if isinstance(senders, list) else ()
