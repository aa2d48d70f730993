"""Statements on people: accounts, groups they are in, who stands in, wrong passwords, tokens of programs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from engine.store.connect import Connection
from engine.store.dialects import insert_missing
from engine.store.schema.people import api_token, membership, sign_in_failure, substitution, user


def accounts(connection: Connection, group_id: str = "") -> Sequence[Row[Any]]:
    """Everybody (of a group) by name, active or not."""
    query = select(user).order_by(user.c.name, user.c.id)
    if group_id:
        query = query.where(user.c.id.in_(select(membership.c.user_id).where(membership.c.group_id == group_id)))
    return connection.execute(query).all()


def account(connection: Connection, user_id: str) -> Row[Any] | None:
    """One person's row."""
    return connection.execute(select(user).where(user.c.id == user_id)).first()


def groups_of(connection: Connection, user_ids: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """User id → ids of his groups, sorted; of these people or of everybody."""
    query = select(membership.c.user_id, membership.c.group_id).order_by(membership.c.group_id)
    if user_ids is not None:
        query = query.where(membership.c.user_id.in_(sorted(user_ids)))
    found: dict[str, tuple[str, ...]] = {}
    for user_id, group_id in connection.execute(query):
        found[user_id] = (*found.get(user_id, ()), group_id)
    return found


def active_members(connection: Connection, group_ids: Collection[str]) -> int:
    """How many active people are in at least one of these groups."""
    number: int = connection.execute(
        select(func.count(func.distinct(user.c.id)))
        .join(membership, membership.c.user_id == user.c.id)
        .where(membership.c.group_id.in_(sorted(group_ids)), user.c.active)
    ).scalar_one()
    return number


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """A new account."""
    connection.execute(insert(user), dict(values))


def change(connection: Connection, user_id: str, values: Mapping[str, Any]) -> None:
    """Change an account."""
    connection.execute(update(user).where(user.c.id == user_id).values(**values))


def set_groups(connection: Connection, user_id: str, group_ids: Collection[str]) -> None:
    """Put a person into exactly these groups."""
    connection.execute(delete(membership).where(membership.c.user_id == user_id))
    if group_ids:
        connection.execute(
            insert(membership), [{"user_id": user_id, "group_id": group_id} for group_id in sorted(group_ids)]
        )


# --- wrong passwords --------------------------------------------------------------------------------------------


def failures(connection: Connection, user_id: str, now: datetime) -> Row[Any]:
    """What is counted of a name. PostgreSQL: it stays locked until the transaction ends, the first time too, so that
    attempts made at the same moment are counted one after the other."""
    query = select(sign_in_failure).where(sign_in_failure.c.user_id == user_id).with_for_update()
    while True:
        insert_missing(connection, sign_in_failure, [{"user_id": user_id, "failures": 0, "last_at": now}])
        row = connection.execute(query).first()
        if row is not None:  # forgotten by somebody else meanwhile
            return row


def locked_until(connection: Connection, user_id: str) -> datetime | None:
    """Until when a name is locked, if it ever was."""
    query = select(sign_in_failure.c.locked_until).where(sign_in_failure.c.user_id == user_id)
    found: datetime | None = connection.execute(query).scalar()
    return found


def count_failures(connection: Connection, user_id: str, values: Mapping[str, Any]) -> None:
    """Keep what is counted of a name."""
    connection.execute(update(sign_in_failure).where(sign_in_failure.c.user_id == user_id).values(**values))


def forget_failures(connection: Connection, before: datetime) -> None:
    """Forget the names that nobody has tried since."""
    connection.execute(delete(sign_in_failure).where(sign_in_failure.c.last_at < before))


def clear_failures(connection: Connection, user_id: str) -> None:
    """Forget what was counted of a name; its row stays, others may wait for it."""
    count_failures(connection, user_id, {"failures": 0, "locked_until": None})


# --- substitutions ----------------------------------------------------------------------------------------------


def substitutions(connection: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Substitutions that hold or will hold, by their beginning."""
    return connection.execute(
        select(substitution)
        .where(or_(substitution.c.ends_at.is_(None), substitution.c.ends_at > now))
        .order_by(substitution.c.starts_at, substitution.c.id)
    ).all()


def one_substitution(connection: Connection, substitution_id: int) -> Row[Any] | None:
    """A substitution's row."""
    return connection.execute(select(substitution).where(substitution.c.id == substitution_id)).first()


def add_substitution(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new substitution; its id."""
    made: int = connection.execute(insert(substitution).returning(substitution.c.id), dict(values)).scalar_one()
    return made


def end_substitutions(connection: Connection, now: datetime, substitution_id: int = 0, user_id: str = "") -> None:
    """End one substitution, or all in which a person takes part; those that have not begun are taken away.

    What he has handed over for good (a substitution for him that has begun and has no end) outlasts him.
    """
    which = (
        substitution.c.id == substitution_id
        if substitution_id
        else or_(
            and_(
                substitution.c.principal == user_id,
                or_(substitution.c.ends_at.is_not(None), substitution.c.starts_at > now),
            ),
            substitution.c.deputy == user_id,
        )
    )
    connection.execute(delete(substitution).where(which, substitution.c.starts_at > now))
    running = or_(substitution.c.ends_at.is_(None), substitution.c.ends_at > now)
    connection.execute(update(substitution).where(and_(which, running)).values(ends_at=now))


# --- tokens of programs -----------------------------------------------------------------------------------------


def add_token(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new token; its id."""
    made: int = connection.execute(insert(api_token).returning(api_token.c.id), dict(values)).scalar_one()
    return made


def token(connection: Connection, digest: str) -> Row[Any] | None:
    """The token of a digest, with whether its person is active."""
    return connection.execute(
        select(api_token, user.c.active)
        .join(user, user.c.id == api_token.c.user_id)
        .where(api_token.c.digest == digest)
    ).first()


def tokens_of(connection: Connection, user_id: str) -> Sequence[Row[Any]]:
    """A person's tokens, newest first."""
    return connection.execute(
        select(api_token).where(api_token.c.user_id == user_id).order_by(api_token.c.id.desc())
    ).all()


def use_token(connection: Connection, token_id: int, now: datetime) -> None:
    """Note that a token was used."""
    connection.execute(update(api_token).where(api_token.c.id == token_id).values(used_at=now))


def remove_token(connection: Connection, token_id: int, user_id: str) -> bool:
    """Take a token of a person away; whether there was one."""
    return bool(
        connection.execute(delete(api_token).where(api_token.c.id == token_id, api_token.c.user_id == user_id)).rowcount
    )
