"""Very many other open instances: one that was started is copied row by row, since starting them would take an hour."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from engine.engine import Engine

# Tables whose rows belong to an instance.
_OF_INSTANCE = ("event_subscription", "timer", "instance_access", "history_event", "record_field")
_SHIFT = 1_000_000
"""Ids of copies begin here: above those that are given meanwhile."""


def add_crowd(engine: Engine, instance_id: int, count: int) -> None:
    """Copy an open instance with its record, task, candidates, timers, rights and history `count` times."""
    database = engine.machinery.database
    with database.engine.connect() as connection:
        if database.sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        _copy_all(connection, instance_id, count)
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
        if database.sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _copy_all(connection: Connection, instance_id: int, count: int) -> None:
    mine = f"instance_id = {instance_id}"
    shifted = {"business_key": "'X' || n.i", "instance_id": f"{_SHIFT} + n.i"}
    own = {"id": f"{_SHIFT} + n.i", "business_key": "'X' || n.i"}
    copy_rows(connection, "process_instance", f"id = {instance_id}", count, own)
    copy_rows(connection, "record", mine, count, shifted)
    copy_rows(connection, "task", mine, count, {**shifted, "id": f"{_SHIFT} + n.i"})
    for table in _OF_INSTANCE:
        task = {"task_id": f"CASE WHEN s.task_id IS NULL THEN NULL ELSE {_SHIFT} + n.i END"}
        copy_rows(connection, table, mine, count, {**shifted, **task})
    of_task = f"task_id IN (SELECT id FROM task WHERE {mine})"
    copy_rows(connection, "task_candidate", of_task, count, {"task_id": f"{_SHIFT} + n.i"})


def copy_rows(connection: Connection, table: str, where: str, count: int, changed: dict[str, str]) -> None:
    """Copy the rows of a table that `where` chooses, `count` times; `changed` are expressions of `n.i` and the row `s`.
    Ids that nobody refers to are given anew."""
    names = [each["name"] for each in inspect(connection).get_columns(table)]
    kept = [name for name in names if name != "id" or "id" in changed]
    values = ", ".join(changed.get(name, f"s.{name}") for name in kept)
    columns = ", ".join(f'"{name}"' for name in kept)
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
    once = f'MATERIALIZED (SELECT * FROM "{table}" WHERE {where})'  # not looked for again in a table that grows
    source = f"SELECT {values} FROM n, s"
    connection.execute(text(f'INSERT INTO "{table}" ({columns}) {many}, s AS {once} {source}'), {"count": count})
