"""A list costs as many statements, and a part of it as many rows of the database, among many as among few."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from engine.views import Failure
from tests.engine.definitions.diagrams import definitions
from tests.webui.conftest import CHEN, LIN, PRACTICE
from tests.webui.rest import printing
from tests.webui.rest.asking import operations
from tests.webui.rest.conftest import Program
from tests.webui.rest.test_deployments import TABLE
from tests.webui.rest.test_history import deciding
from tests.webui.rest.test_waiting import WAITING
from tests.webui.test_queries import counted

OF_ONE = {"execution", "history.variable_instances", "history.details"}
"""Lists that are asked of one instance."""
OF_THE_HOUSE = {"process_definition", "decision_definition", "identity"}
"""Resources as long as the practice and its people, which are read whole."""
FILES = {
    "waiting.bpmn": definitions(WAITING), "printing.bpmn": printing.diagram(), "deciding.bpmn": deciding(),
    "decisions/fees.dmn": TABLE.encode(),
}  # fmt: skip


def lists() -> Iterator[str]:
    """The names of all lists of many rows."""
    for operation in operations():
        if operation.method == "GET" and "page" in operation.queries and not operation.arguments:
            yield operation.name


@pytest.fixture
def fill(engine: Engine, repair: Callable[..., str], task_of: Callable[..., int]) -> Callable[[int], None]:
    """`fill(3)` adds at least three of everything that some list tells."""
    engine.deployments.deploy({**practice_files(PRACTICE), **FILES}, SYSTEM)
    made = [0]

    def add(number: int) -> None:
        for _ in range(number):
            made[0] += 1
            engine.deployments.replace({"fees.dmn": TABLE.replace("stairs", f"stairs {made}").encode()}, SYSTEM, "more")
            done = repair("门")
            engine.tasks.complete(task_of(done, CHEN), {"decision": "approve", "cost": "1"}, CHEN)
            engine.instances.start("waiting", {}, LIN)
            engine.instances.start("deciding", {"floor": 5}, LIN)
            for _ in range(2):
                engine.instances.start("printing", {"sheets": 1, "title": "x"}, LIN)
            (task,) = engine.externals.lock("printer", "w", 60, SYSTEM)[:1]
            engine.externals.failed(task.id, "w", Failure("no paper", "", 0, timedelta()), SYSTEM)

    return add


@contextmanager
def rows_read(engine: Engine) -> Iterator[list[int]]:
    """How many rows the driver hands out meanwhile, on SQLite."""
    read = [0]

    class Cursor(sqlite3.Cursor):
        def fetchone(self) -> Any:
            row = super().fetchone()
            read[0] += row is not None
            return row

        def fetchall(self) -> list[Any]:
            rows = super().fetchall()
            read[0] += len(rows)
            return rows

        def __next__(self) -> Any:
            read[0] += 1
            return super().__next__()

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]
            return super().cursor(Cursor)

    def connect(dialect: Any, _record: object, given: list[Any], named: dict[str, Any]) -> Any:
        return dialect.connect(*given, **{**named, "factory": Connection})

    target = engine.machinery.database.engine
    event.listen(target, "do_connect", connect)
    target.dispose()
    with target.connect():
        read[0] = 0
    try:
        yield read
    finally:
        event.remove(target, "do_connect", connect)
        target.dispose()


def test_many_rows_cost_as_much_as_few(rest: Callable[[str], Program], engine: Engine, fill: Any) -> None:
    programs = {"all": rest("shen"), "lin": rest("lin")}
    paths = {each.name: each.path for each in operations()}
    names = [each for each in lists() if each.partition(".")[0] not in OF_THE_HOUSE]
    assert len(names) > 10

    def cost() -> dict[tuple[str, str], tuple[int, int, int]]:
        found = {}
        for name in names:
            query: dict[str, Any] = {"maxResults": 2}
            if name.partition(".")[0] in OF_ONE or name in OF_ONE:
                query["processInstanceId"] = "1"
            for who, program in programs.items():
                asked = program.open("GET", paths[name], query_string=query)  # once before: what is kept is kept
                assert asked.status_code in {200, 403}, (name, asked.get_json())
                with counted(engine) as statements, rows_read(engine) as read:
                    answer = program.open("GET", paths[name], query_string=query)
                found[name, who] = (len(statements), read[0], len(answer.get_json()))
        return found

    fill(3)
    few = cost()
    fill(9)
    many = cost()
    assert {key: (few[key], each) for key, each in many.items() if each != few[key]} == {}
    whole = {name for name in names if few[name, "lin"][2] == 2}
    assert whole >= set(names) - {"execution.list", "history.variable_instances"}
