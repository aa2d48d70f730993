"""Statements on sessions, second factors and recovery codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from engine.store.connect import Connection
from engine.store.dialects import upsert
from engine.store.prepared import Prepared
from engine.store.schema.people import group, membership, user
from engine.store.schema.sign_in import recovery_code, second_factor, session

# --- sessions ---------------------------------------------------------------------------------------------------

_PAGE = Prepared(
    select(
        session.c.id,
        session.c.user_id,
        session.c.seen_at,
        session.c.awaits_code,
        session.c.method,
        user.c.name,
        user.c.language,
        user.c.must_change,
        membership.c.group_id,
        group.c.second_factor.label("wants_factor"),
        second_factor.c.confirmed_at.label("factor_since"),
    )
    .select_from(
        session.join(user, user.c.id == session.c.user_id)
        .outerjoin(membership, membership.c.user_id == user.c.id)
        .outerjoin(group, group.c.id == membership.c.group_id)
        .outerjoin(second_factor, second_factor.c.user_id == user.c.id)
    )
    .where(
        session.c.digest == bindparam("digest", type_=session.c.digest.type),
        session.c.seen_at > bindparam("seen_after", type_=session.c.seen_at.type),
        session.c.created_at > bindparam("created_after", type_=session.c.created_at.type),
        user.c.active,
    )
    .order_by(membership.c.group_id)
)


def session_of(connection: Connection, digest: str, seen_after: datetime, created_after: datetime) -> list[Any]:
    """A session that has not ended, with its person: one row for each group he is in, none when there is no session.

    This is asked once a page, so it is one statement.
    """
    values = {"digest": digest, "seen_after": seen_after, "created_after": created_after}
    return _PAGE.found(connection, values)


def sessions_of(
    connection: Connection, user_id: str, seen_after: datetime, created_after: datetime
) -> Sequence[Row[Any]]:
    """A person's sessions that have not ended, the one used last first."""
    return connection.execute(
        select(session)
        .where(
            session.c.user_id == user_id,
            session.c.awaits_code.is_(False),
            session.c.seen_at > seen_after,
            session.c.created_at > created_after,
        )
        .order_by(session.c.seen_at.desc(), session.c.id.desc())
    ).all()


def add_session(connection: Connection, values: Mapping[str, Any], seen_before: datetime) -> None:
    """A new session; those of anybody that nobody has used since `seen_before` are removed."""
    connection.execute(delete(session).where(session.c.seen_at <= seen_before))
    connection.execute(insert(session), dict(values))


def see_session(connection: Connection, session_id: int, now: datetime) -> None:
    """Note that a session was used."""
    connection.execute(update(session).where(session.c.id == session_id).values(seen_at=now))


def end_session(connection: Connection, digest: str) -> None:
    """End the session of this secret."""
    connection.execute(delete(session).where(session.c.digest == digest))


def end_sessions(connection: Connection, user_id: str, session_id: int = 0, but: int = 0) -> int:
    """End one session of a person, or all of them `but` one; how many there were."""
    query = delete(session).where(session.c.user_id == user_id, session.c.id != but)
    if session_id:
        query = query.where(session.c.id == session_id)
    return connection.execute(query).rowcount


def end_every_session(connection: Connection) -> None:
    """Sign everybody out."""
    connection.execute(delete(session))


# --- second factors ---------------------------------------------------------------------------------------------


def factor(connection: Connection, user_id: str) -> Row[Any] | None:
    """A person's second factor, confirmed or not."""
    return connection.execute(select(second_factor).where(second_factor.c.user_id == user_id)).first()


def is_wanted(connection: Connection, user_id: str) -> bool:
    """Whether a group of the person says that its members must have a second factor."""
    found = connection.execute(
        select(group.c.id)
        .join(membership, membership.c.group_id == group.c.id)
        .where(membership.c.user_id == user_id, group.c.second_factor)
        .limit(1)
    ).first()
    return found is not None


def put_factor(connection: Connection, user_id: str, secret: str, now: datetime) -> None:
    """A new second factor that is not confirmed yet, instead of any before."""
    row = {"user_id": user_id, "secret": secret, "created_at": now, "confirmed_at": None, "last_step": 0}
    upsert(connection, second_factor, [row])


def confirm_factor(connection: Connection, user_id: str, now: datetime) -> None:
    """It works: from now on it is asked."""
    connection.execute(update(second_factor).where(second_factor.c.user_id == user_id).values(confirmed_at=now))


def use_step(connection: Connection, user_id: str, step: int) -> bool:
    """Use up a step and all before it; whether it was still to be had. Of two that try at once, one has it."""
    query = update(second_factor).where(second_factor.c.user_id == user_id, second_factor.c.last_step < step)
    return bool(connection.execute(query.values(last_step=step)).rowcount)


def remove_factor(connection: Connection, user_id: str) -> bool:
    """Take a second factor and its recovery codes away; whether there was one."""
    connection.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
    return bool(connection.execute(delete(second_factor).where(second_factor.c.user_id == user_id)).rowcount)


def put_codes(connection: Connection, user_id: str, digests: Collection[str]) -> None:
    """The recovery codes of a person, instead of any before."""
    connection.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
    connection.execute(insert(recovery_code), [{"user_id": user_id, "digest": each} for each in digests])


def use_code(connection: Connection, user_id: str, digest: str) -> bool:
    """Use up a recovery code; whether it was one. Of two that try at once, one has it."""
    query = delete(recovery_code).where(recovery_code.c.user_id == user_id, recovery_code.c.digest == digest)
    return bool(connection.execute(query).rowcount)


def codes_left(connection: Connection, user_id: str) -> int:
    """How many recovery codes a person has left."""
    number: int = connection.execute(
        select(func.count()).select_from(recovery_code).where(recovery_code.c.user_id == user_id)
    ).scalar_one()
    return number
