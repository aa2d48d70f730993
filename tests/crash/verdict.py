"""What must hold once everything is up again: nothing accepted is lost, nothing applied twice, nobody waits in vain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from engine.engine import Engine
from engine.store.schema.jobs import job
from engine.store.schema.running import (
    event_subscription,
    external_task,
    history_event,
    incident,
    message,
    process_instance,
    task,
    timer,
)
from engine.values import loads
from tests.crash.journal import Action, read_journals

_WAITS = (task, timer, event_subscription, external_task, incident, job)
_ACTIONS = ("started", "task-completed")


def settled(engine: Engine) -> bool:
    """Whether nothing is due any more: no message waits to be delivered, no timer has to fire."""
    return not engine.messages.shares_waiting() and engine.timers.next_due() is None


def hold_to(engine: Engine, journals: Path) -> dict[str, int]:
    """Raise AssertionError for whatever does not hold; how much of each there was."""
    actions = list(read_journals(journals))
    with engine.machinery.database.reading() as connection:
        history = connection.execute(
            select(history_event).order_by(history_event.c.instance_id, history_event.c.seq)
        ).all()
        messages = connection.execute(select(message)).all()
        opened = select(process_instance.c.id).where(process_instance.c.ended_at.is_(None))
        for table in _WAITS:
            opened = opened.where(~exists().where(table.c.instance_id == process_instance.c.id))
        stuck = connection.execute(opened).scalars().all()
        incidents = connection.execute(select(incident)).all()
    _actions_are_there_once(actions, history)
    _messages_are_delivered_once(history, messages)
    _timers_fired_once(history)
    assert stuck == [], "open instances that wait for nothing"
    assert incidents == []
    assert engine.history.verify().findings == ()
    return {
        "actions": len(actions),
        "repeated": sum(action.sent > 1 for action in actions),
        "refused": sum(action.answer == "refused" for action in actions),
        "messages": len(messages),
        "rows": len(history),
    }


def _actions_are_there_once(actions: Iterable[Action], history: Iterable[Any]) -> None:
    """Each accepted action is in history exactly once with what was typed; nothing is that nobody was promised."""
    done = {row.submission: row for row in history if row.submission}
    for action in actions:
        assert action.answer, f"no answer ever came to {action}"
        row = done.pop(action.submission, None)
        if action.answer == "refused":
            assert row is None, f"refused and done all the same: {action}"
            continue
        assert row is not None, f"accepted and lost: {action}"
        assert (row.kind, row.actor, row.task_id or 0) == (action.kind, action.who, action.task_id)
        values: Any = (loads(row.data or "{}") or {}).get("values", {})  # type: ignore[union-attr]
        assert not action.values or str(values["amount"]) == action.values
    assert done == {}, "done, and nobody asked for it"
    twice = Counter(row.task_id for row in history if row.kind == "task-completed")
    assert [each for each, count in twice.items() if count > 1] == [], "tasks that were completed twice"


def _messages_are_delivered_once(history: Iterable[Any], messages: Iterable[Any]) -> None:
    """What was sent, what is in the outbox and what was received are the same, counted by sender and receiver."""
    sent: Counter[str] = Counter()
    received: Counter[tuple[int, str]] = Counter()
    for row in history:
        if row.kind == "message-sent":
            sent[f"{row.instance_id}/{row.element_id}"] += 1
        if row.kind == "message":
            received[row.instance_id, loads(row.data)["sender"]] += 1  # type: ignore[index,call-overload]
    assert {row.state for row in messages} <= {"delivered"}, [row for row in messages if row.state != "delivered"]
    assert Counter(f"{row.sender_id}/{row.sender_element}" for row in messages) == sent
    assert Counter((row.receiver_id, f"{row.sender_id}/{row.sender_element}") for row in messages) == received


def _timers_fired_once(history: Iterable[Any]) -> None:
    rest = Counter(row.instance_id for row in history if row.kind == "timer" and row.element_id == "rest")
    answered = Counter(row.instance_id for row in history if row.kind == "message-sent" and row.element_id == "answer")
    assert rest == answered
    assert max(rest.values(), default=1) == 1
    late = Counter(row.instance_id for row in history if row.kind == "timer" and row.element_id == "late")
    chased = Counter(row.instance_id for row in history if row.kind == "task-opened" and row.element_id == "chase")
    assert late == chased
