"""A part of a long list, in the order that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select

from engine.store.connect import Connection


def part(
    connection: Connection,
    query: Select[Any],
    orders: Mapping[str, ColumnElement[Any]],
    wanted: Iterable[tuple[str, bool]],
    last: Iterable[str],
    limit: int,
    first: int,
) -> Sequence[Any]:
    """At most `limit` rows from the row `first` on.

    `wanted` are names of `orders` and whether downward; `last` are names that settle what is equal by then.
    """
    for name, down in (*wanted, *((name, False) for name in last)):
        query = query.order_by(orders[name].desc() if down else orders[name])
    return connection.execute(query.limit(limit).offset(first)).all()
