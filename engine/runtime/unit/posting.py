"""Rows of the outbox: what leaves an instance for another one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.values import Value, dumps

if TYPE_CHECKING:
    from engine.runtime.unit.step import Step


def posted_row(
    step: Step, kind: str, name: str, key: str, correlation: str, payload: Mapping[str, Value], element_id: str
) -> Mapping[str, Any]:
    """A row of `message`: `kind` is message, signal, start (of a process) or hold (of a record). Its actor is whose
    action led to it, through however many instances."""
    return {
        "kind": kind,
        "name": name,
        "business_key": key,
        "correlation": correlation,
        "payload": dumps(dict(payload)),
        "state": "new",
        "sender_id": step.stored.id,
        "sender_element": element_id,
        "actor": step.led_by,
        "on_behalf_of": step.on_behalf_of,
        "created_at": step.now,
        "expires_at": step.now + timedelta(days=step.machinery.settings.message_days),
    }
