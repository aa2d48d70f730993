"""Rows of jobs that a step leaves with its commit."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.connectors import http
from engine.runtime.unit import occurrences as occ
from engine.values import dumps

if TYPE_CHECKING:
    from engine.runtime.unit.step import Step

_KEY_LENGTH = 32


def http_row(step: Step, given: occ.ExternalOpened) -> Mapping[str, Any]:
    """A call that a step waits for.

    Its idempotency key is the same for the same call of the same token, so that a retry after an incident is no
    second effect where the first came through, and a corrected call is another one.
    """
    payload = dumps(dict(given.inputs))
    return {
        "kind": "http",
        "key": keyed(step.machinery.settings.history_key, f"http/{step.stored.id}/{given.at.token}/{payload}"),
        "label": http.label(given.inputs),
        "payload": payload,
        "created_at": step.now,
        "due_at": step.now,
        "instance_id": step.stored.id,
        "token": given.at.token,
        "process_id": given.at.process_id,
        "element_id": given.at.element_id,
    }


def keyed(secret: bytes, text: str) -> str:
    """A digest of a text that nobody can make without the secret of this installation."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:_KEY_LENGTH]
