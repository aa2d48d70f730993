"""Lines of the log for everything an engine commits: who, what, on which instance, how long."""

from __future__ import annotations

import hmac

import structlog

from engine.engine import Engine
from engine.runtime.unit.acted import Acted

_log = structlog.get_logger("gendan")


def watch(engine: Engine) -> None:
    """Write a line for everything this engine commits, with who, on which instance and how long it took."""
    key = engine.machinery.settings.history_key

    def tell(what: Acted, seconds: float) -> None:
        known = {
            "action": what.action,
            "instance": what.instance_id,
            "record": what.business_key,
            "element": what.element_id,
            "person": pseudonym(key, what.actor),
            "on_behalf_of": pseudonym(key, what.on_behalf_of),
            "ms": round(seconds * 1000, 1),
        }
        _log.info("done", **{name: value for name, value in known.items() if value})
        for element, code in what.stuck:
            _log.warning("stuck", instance=what.instance_id, record=what.business_key, element=element, code=code)

    engine.machinery.observers.append(tell)


def pseudonym(key: bytes, user_id: str) -> str:
    """What stands for a person in the logs: the same for the same person, and nothing without the key."""
    return hmac.digest(key, b"log:" + user_id.encode(), "sha256").hex()[:12] if user_id else ""
