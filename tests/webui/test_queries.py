"""A page asks the database as often for fifty rows as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from engine.engine import Engine
from tests.webui.browsing import Browser

PAGES = ("/tasks", "/tasks?by=kind", "/records", "/records?type=repair")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    bind = engine.machinery.database.engine
    event.listen(bind, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(bind, "before_cursor_execute", note)


@pytest.mark.parametrize("path", PAGES)
def test_fifty_rows_cost_as_many_statements_as_one(
    chen: Browser, repair: Callable[..., str], engine: Engine, path: str
) -> None:
    repair("灯", wanted="2026-12-01")
    chen.get(path)
    with counted(engine) as one:
        chen.get(path)
    for number in range(49):
        repair(f"灯 {number}", wanted=f"2026-12-{number % 28 + 1:02}", room="R2" if number % 2 else "R1")
    with counted(engine) as fifty:
        assert chen.get(path).get_data(as_text=True).count('<tr class="row"') == 50
    assert len(fifty) == len(one)
