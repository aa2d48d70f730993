"""Very many other open instances: one that was started is copied row by row, since starting them would take an hour."""

from __future__ import annotations

import sqlite3
from pathlib import Path

# Tables whose rows belong to an instance, with the column that says to which; ids of rows are made anew.
_OF_INSTANCE = ("task", "event_subscription", "timer", "instance_access", "history_event", "record_field")
_ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"


def add_crowd(path: Path, instance_id: int, count: int) -> None:
    """Copy an open instance with its record, task, candidates, rights and history `count` times."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN IMMEDIATE")
    shift = connection.execute("SELECT max(id) FROM process_instance").fetchone()[0] + 1000
    (key,) = connection.execute("SELECT business_key FROM process_instance WHERE id = ?", (instance_id,)).fetchone()
    _copy(connection, "process_instance", f"id = {instance_id}", count, {
        "id": f"{shift} + n.i", "business_key": "'X' || n.i",
    })  # fmt: skip
    _copy(connection, "record", f"business_key = '{key}'", count, {
        "business_key": "'X' || n.i", "instance_id": f"{shift} + n.i",
    })  # fmt: skip
    _copy_parts(connection, instance_id, shift, count)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _copy_parts(connection: sqlite3.Connection, instance_id: int, shift: int, count: int) -> None:
    (task_shift,) = connection.execute("SELECT coalesce(max(id), 0) + 1000 FROM task").fetchone()
    for table in _OF_INSTANCE:
        columns = _columns(connection, table)
        if "instance_id" not in columns:
            continue
        changed = {"instance_id": f"{shift} + n.i"}
        if "id" in columns:
            changed["id"] = f"{task_shift} + n.i" if table == "task" else "NULL"
        if "business_key" in columns:
            changed["business_key"] = "'X' || n.i"
        if "task_id" in columns:
            changed["task_id"] = f"CASE WHEN s.task_id IS NULL THEN NULL ELSE {task_shift} + n.i END"
        where = f"instance_id = {instance_id}"
        rows = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]
        if rows:
            _copy(connection, table, where, count, changed)
    tasks = f"task_id IN (SELECT id FROM task WHERE instance_id = {instance_id})"
    _copy(connection, "task_candidate", tasks, count, {"task_id": f"{task_shift} + n.i"})


def _copy(connection: sqlite3.Connection, table: str, where: str, count: int, changed: dict[str, str]) -> None:
    columns = _columns(connection, table)
    values = ", ".join(changed.get(name, f"s.{name}") for name in columns)
    source = f"SELECT {values} FROM n, (SELECT * FROM {table} WHERE {where}) s"
    connection.execute(f"{_ROWS} INSERT INTO {table} ({', '.join(columns)}) {source}", (count,))


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [f'"{row[1]}"' if row[1] == "group" else row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
