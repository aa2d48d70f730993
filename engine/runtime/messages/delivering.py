"""Delivering one row of the outbox: one receiver, one transaction, settled once whoever delivers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.errors import GendanError, ModelError
from engine.runtime.deployed.practice import Practice
from engine.runtime.lifecycle import starting
from engine.runtime.lifecycle.holding import hold_instance, resume_instance
from engine.runtime.lifecycle.starting import Beginning
from engine.runtime.messages.receiving import receive
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store import instances, messages, rights
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import SYSTEM, Acting
from engine.values import Value, loads


class Delivery:
    """One attempt on one message in the open transaction."""

    def __init__(self, machinery: Machinery, connection: Connection, row: Any) -> None:
        self._machinery = machinery
        self._connection = connection
        self._row = row
        self._now = machinery.clock.now()
        self._acting: Acting = rights.who(connection, SYSTEM, self._now)
        payload = loads(row.payload) if row.payload else {}
        self._payload: Mapping[str, Value] = payload if isinstance(payload, dict) else {}

    def deliver(self) -> None:
        """Settle it: delivered, kept, undelivered, or handed on to many."""
        ways: Mapping[str, Callable[[], None]] = {
            "message": self._message,
            "signal": self._signal,
            "signal-copy": self._signal_copy,
            "signal-start": self._signal_start,
            "start": self._start,
            "hold": self._hold,
            "hold-copy": self._hold_copy,
            "resume-copy": self._resume_copy,
        }
        try:
            with self._connection.begin_nested():
                ways[self._row.kind]()
        except GendanError as error:
            self._undelivered(str(error))

    def _message(self) -> None:
        latest = self._machinery.library.latest(self._connection)
        start = latest.message_start(self._row.name) if latest is not None else None
        found = messages.subscribers(self._connection, "message", self._row.name, self._row.business_key, None)
        if latest is not None and start is not None and not found:
            process, node = start
            what = Beginning(process, node, self._payload, self._row.business_key, "", "message",
                             {"name": self._row.name, "sender": self._sender()})  # fmt: skip
            self._began(latest, what)
            return
        fitting = fitting_subscriptions(found, self._row.correlation)
        if len(fitting) > 1:
            raise ModelError(
                "%(count)d wait for the message %(name)s of %(key)s. Give it a correlation value that only one has.",
                count=len(fitting),
                name=self._row.name,
                key=self._row.business_key,
            )
        if fitting and fitting[0].state == "active":
            self._hand_over(fitting[0])
        else:
            self._keep(fitting)

    def _hand_over(self, subscription: Any) -> None:
        step = self._received(subscription)
        if step is None:
            raise ModelError("Nobody waits for the message %(name)s any more.", name=self._row.name)
        self._settle("delivered", subscription.instance_id)

    def _received(self, subscription: Any) -> Step | None:
        return receive(
            self._machinery,
            self._connection,
            subscription,
            self._payload,
            self._acting,
            sender=self._sender(),
            led_by=self._row.actor,
        )

    def _keep(self, fitting: Sequence[Any]) -> None:
        """Until somebody waits: an instance on hold, or an open one that can catch it later."""
        receiver = fitting[0].instance_id if fitting else later_receiver(
            self._machinery, self._connection, self._row.name, self._row.business_key, self._row.correlation
        )  # fmt: skip
        if receiver is None:
            raise ModelError(
                "Nobody waits for the message %(name)s of %(key)s, and nobody who is open can.",
                name=self._row.name,
                key=self._row.business_key,
            )
        self._settle("kept", receiver)

    def _signal(self) -> None:
        """One copy a receiver, each delivered in a transaction of its own."""
        found = self._reached()
        receivers = dict.fromkeys(each.instance_id for each in found)
        copies = [self._copy("signal-copy", receiver) for receiver in receivers]
        latest = self._machinery.library.latest(self._connection)
        for process in latest.processes.values() if latest is not None else ():
            for node in process.starts:
                if any(event.kind == "signal" and event.name == self._row.name for event in node.events):
                    copies.append({**self._copy("signal-start", None), "correlation": f"{process.id}/{node.id}"})
        if copies:
            messages.put(self._connection, copies)
        self._settle("delivered")

    def _reached(self) -> list[Any]:
        """Who waits for the signal, but for those who began to after it was thrown in their own instance."""
        found = messages.subscribers(self._connection, "signal", self._row.name, None, None)
        newest = int(self._row.correlation) if self._row.correlation.isdigit() else None
        return [
            each for each in found if newest is None or each.instance_id != self._row.sender_id or each.token <= newest
        ]

    def _signal_copy(self) -> None:
        mine = [each for each in self._reached() if each.instance_id == self._row.receiver_id]
        if any(each.state == "suspended" for each in mine):
            self._settle("kept", self._row.receiver_id)
            return
        for subscription in mine:
            self._received(subscription)
        self._settle("delivered", self._row.receiver_id)

    def _signal_start(self) -> None:
        latest = self._machinery.library.latest(self._connection)
        process_id, _, element_id = self._row.correlation.partition("/")
        if latest is not None and process_id in latest.processes:
            process = latest.processes[process_id]
            node = starting.start_event(process, element_id)
            self._began(latest, Beginning(process, node, self._payload, "", "", "signal",
                                          {"name": self._row.name, "sender": self._sender()}))  # fmt: skip

    def _start(self) -> None:
        latest = self._machinery.library.latest(self._connection)
        process = latest.processes.get(self._row.name) if latest is not None else None
        if latest is None or process is None:
            raise ModelError("There is no process %(id)s in the practice. Deploy its diagram.", id=self._row.name)
        node = starting.start_event(process)
        data: dict[str, Value] = {"sender": self._sender()}
        self._began(latest, Beginning(process, node, self._payload, self._row.business_key, "", "started", data))

    def _began(self, practice: Practice, what: Beginning) -> None:
        what = replace(what, led_by=self._row.actor)
        step = starting.begin(self._machinery, self._connection, practice, what, self._acting, "")
        self._settle("delivered", step.stored.id)

    def _hold(self) -> None:
        rows = instances.of_record(self._connection, self._row.business_key, open_only=True)
        if rows:
            messages.put(self._connection, [self._copy("hold-copy", each.id) for each in rows])
        self._settle("delivered")

    def _hold_copy(self) -> None:
        stored = instances.load(self._connection, self._row.receiver_id)
        if stored is not None and stored.state == "active":
            until = self._payload.get("until")
            hold_instance(self._in_name(stored), str(self._payload.get("reason") or ""), until)  # type: ignore[arg-type]
        self._settle("delivered", self._row.receiver_id)

    def _resume_copy(self) -> None:
        stored = instances.load(self._connection, self._row.receiver_id)
        if stored is not None and stored.state == "suspended":
            resume_instance(self._in_name(stored))
        self._settle("delivered", self._row.receiver_id)

    def _in_name(self, stored: Stored) -> Step:
        """A step on another instance of the record in the name of whoever held or resumed it."""
        acting = rights.who(self._connection, self._row.actor or SYSTEM, self._now)
        return Step(self._machinery, self._connection, stored, acting, self._row.on_behalf_of)

    def _copy(self, kind: str, receiver: int | None) -> Mapping[str, Any]:
        row = self._row
        return {
            "kind": kind,
            "name": row.name,
            "business_key": row.business_key,
            "correlation": row.correlation,
            "payload": row.payload,
            "state": "new",
            "sender_id": row.sender_id,
            "sender_element": row.sender_element,
            "actor": row.actor,
            "on_behalf_of": row.on_behalf_of,
            "receiver_id": receiver,
            "created_at": row.created_at,
            "expires_at": row.expires_at,
        }

    def _settle(self, state: str, receiver: int | None = None, reason: str = "") -> None:
        messages.settle(self._connection, self._row.id, state, self._now, receiver, reason)

    def _undelivered(self, reason: str) -> None:
        """The sender goes on; its history says what became of its message."""
        self._settle("undelivered", None, reason)
        stored = instances.load(self._connection, self._row.sender_id) if self._row.sender_id else None
        if stored is not None:
            step = Step(self._machinery, self._connection, stored, self._acting)
            step.event(
                "undelivered",
                None,
                name=self._row.name,
                key=self._row.business_key,
                correlation=self._row.correlation,
                reason=reason,
            ).element_id = self._row.sender_element
            step.save()

    def _sender(self) -> str:
        return f"{self._row.sender_id}/{self._row.sender_element}" if self._row.sender_id else ""


def fitting_subscriptions(found: Sequence[Any], correlation: str) -> list[Any]:
    """Those a correlation value means: exactly it, or else those that wait for no value; without one, any."""
    exact = [each for each in found if each.correlation == correlation]
    return exact or [each for each in found if not (correlation and each.correlation)]


def later_receiver(
    machinery: Machinery,
    connection: Connection,
    name: str,
    business_key: str,
    correlation: str,
    hidden: Collection[int] = (),
) -> int | None:
    """An open instance of the record, none of the hidden, whose version may catch this message later; None when there
    is none."""
    for row in messages.instances_at(connection, business_key):
        if (
            row.id in hidden
            or row.state not in ("active", "suspended")
            or (correlation and row.number and correlation != row.number)
        ):
            continue
        if machinery.library.practice(row.deployment_id).can_catch(row.process_id, name):
            found: int = row.id
            return found
    return None
