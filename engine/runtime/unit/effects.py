"""What connectors want done: stored with the step that wanted it, or posted to be done right after it commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.connectors import EndSubstitute, Notify, SendMessage, SetStatus, StartProcess, Substitute, Suspend
from engine.errors import ModelError
from engine.runtime.unit import standing_in
from engine.runtime.unit.events import Event
from engine.runtime.unit.occurrences import EffectDone
from engine.runtime.unit.posting import posted_row
from engine.runtime.unit.pushed_again import pushed
from engine.store import messages, notices, records
from engine.values import Value

if TYPE_CHECKING:
    from engine.runtime.unit.step import Step


def apply_effects(step: Step, effects: list[tuple[EffectDone, Event]]) -> None:
    """Store the effects of a step, in order, and tell history about each."""
    for done, event in effects:
        effect: Any = done.effect
        match effect:
            case Notify():
                _notify(step, done, effect, event)
            case SetStatus():
                _set_status(step, effect, event)
            case StartProcess():
                _post(step, done, "start", effect.process, effect.key, "", dict(effect.variables), event)
            case SendMessage():
                _post(
                    step, done, "message", effect.message, effect.key, effect.correlation, dict(effect.payload), event
                )
            case Suspend():
                wanted: dict[str, Value] = {"reason": effect.reason, "until": effect.until}
                _post(step, done, "hold", "hold", step.stored.business_key, "", wanted, event)
            case Substitute():
                standing_in.begin(step, effect)
                event.data.update(principal=effect.principal, deputy=effect.deputy, until=effect.ends, key=effect.key)
            case EndSubstitute():
                standing_in.end(step, effect)
                event.data.update(principal=effect.principal, deputy=effect.deputy, key=effect.key)


def _notify(step: Step, done: EffectDone, effect: Notify, event: Event) -> None:
    receivers = notice(step, effect.to, effect.kind, effect.subject, effect.text, effect.receipt, done.at.element_id)
    event.data.update(to=list(receivers), subject=effect.subject, kind=effect.kind)


def notice(
    step: Step, to: tuple[str, ...], kind: str, subject: str, text: str, receipt: bool, element_id: str
) -> list[str]:
    """Store a notice about the instance of a step; the ids of its receivers."""
    values = {
        "created_at": step.now,
        "kind": kind,
        "subject": subject,
        "text": text,
        "business_key": step.stored.business_key,
        "instance_id": step.stored.id,
        "element_id": element_id,
        "sender": step.actor,
        "receipt": receipt,
    }
    discreet = step.process.traits.excluded is not None
    return notices.put(step.connection, values, to, discreet, pushed(step.machinery, step.practice, values))


def _set_status(step: Step, effect: SetStatus, event: Event) -> None:
    known = {status.id for kind in step.practice.surroundings.records.values() for status in kind.statuses}
    if known and effect.status not in known:
        raise ModelError(
            "set-status gives %(key)s the status %(status)s, which no record type has. Use one of: %(known)s.",
            key=step.stored.business_key,
            status=effect.status,
            known=", ".join(sorted(known)),
        )
    records.update_record(step.connection, step.stored.business_key, {"status": effect.status, "updated_at": step.now})
    event.data["status"] = effect.status


def _post(
    step: Step,
    done: EffectDone,
    kind: str,
    name: str,
    key: str,
    correlation: str,
    payload: dict[str, Value],
    event: Event,
) -> None:
    """Another instance is another transaction: a row now, delivered right after commit."""
    row = posted_row(step, kind, name, key, correlation, payload, done.at.element_id)
    messages.put(step.connection, [row])
    step.posted = True
    event.data.update(name=name, key=key, correlation=correlation, payload=payload)
