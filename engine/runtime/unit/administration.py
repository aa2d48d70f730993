"""What the verbs of administration share: who may, and the row in the chain of administration."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Forbidden
from engine.runtime.unit import audit
from engine.runtime.unit.machinery import Machinery
from engine.store import rights
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value
from engine.views import Actor

ADMINISTER = "administer"


def acting_as(machinery: Machinery, connection: Connection, actor: Actor) -> Acting:
    """What the actor is at this moment."""
    return rights.who(connection, actor.user_id, machinery.clock.now())


def may(acting: Acting, right: str) -> bool:
    """Whether the actor has a right, himself or for somebody he stands in for; the engine itself always."""
    return acting.system or (acting.known and acting.capacity_with(right) is not None)


def require(acting: Acting, right: str) -> None:
    """Raise Forbidden naming the missing right."""
    if not may(acting, right):
        raise Forbidden("This needs the right “%(right)s”. Ask somebody who has it.", right=right)


def tell(
    machinery: Machinery,
    connection: Connection,
    kind: str,
    acting: Acting,
    subject: str,
    data: Mapping[str, Value],
    own: bool = False,
) -> None:
    """Append to the chain of administration; whose right it was is told when it was not the actor's own.

    With `own` it was something of the actor's, which takes nobody's right.
    """
    capacity = None if own else acting.capacity_with(ADMINISTER)
    behalf: dict[str, Value] = {}
    if capacity is not None and capacity is not acting.own:
        behalf["on_behalf_of"] = capacity.principal
    audit.record(machinery, connection, kind, acting.user_id, subject, {**data, **behalf})


def require_for(acting: Acting, user_id: str) -> bool:
    """Whether this is about the actor himself; for somebody else he must have the right to administer."""
    own = acting.known and not acting.system and acting.user_id == user_id
    if not own:
        require(acting, ADMINISTER)
    return own
