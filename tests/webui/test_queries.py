"""A page asks the database as often for fifty rows as for one."""

# ruff: noqa: E501 - the pages read best in full lines

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from sqlalchemy import event

from engine.engine import SYSTEM, Engine
from engine.store.prepared import observers
from engine.views import Actor
from tests.webui.browsing import Browser
from tests.webui.conftest import CHEN, LIN

PAGES = (
    "/tasks", "/tasks?by=kind", "/tasks?owner=all", "/tasks?text=灯", "/records", "/records?type=repair", "/records?text=灯",
    "/records/export", "/sheet", "/sheet?of=all&text=灯", "/sheet/export", "/records/{key}", "/records/{key}?order=time", "/records/{key}/print/slip", "/tasks/{task}", "/tasks/batch/repair/visit",
    "/processes", "/processes/clauses", "/processes/repair", "/processes/repair/edit", "/processes/repair/compare", "/processes/drafts", "/processes/repair/elements/review", "/people", "/people/me", "/notifications",
    "/notifications?box=all", "/notifications?box=sent", "/incidents", "/references", "/references/room",
    "/references/room/options", "/tasks/export", "/notifications/export?box=all", "/references/room/export", "/people/export",
    "/incidents/export", "/start", "/start/repair", "/start/question?key={key}",
    "/records/{key}/replay/1",
)  # fmt: skip


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    bind = engine.machinery.database.engine
    event.listen(bind, "before_cursor_execute", note)
    observers.append(said.append)
    try:
        yield said
    finally:
        observers.remove(said.append)
        event.remove(bind, "before_cursor_execute", note)


@pytest.fixture
def fill(engine: Engine, repair: Callable[..., str], task_of: Callable[..., int]) -> Callable[[int], None]:
    """`fill(3)` adds three of everything that some page lists, and to what the first record lists."""

    def add(number: int) -> None:
        first = next(iter(sorted(row.business_key for row in engine.records.list(LIN)[0])), "")
        for at in range(number):
            key = repair(f"灯 {at}", wanted=f"2026-12-{at % 28 + 1:02}", room="R2" if at % 2 else "R1")
            visited = repair(f"门 {at}", room="R2" if at % 2 else "R1")
            engine.tasks.complete(task_of(visited, CHEN), {"decision": "approve", "cost": "1"}, CHEN)
            first = first or key
            engine.instances.start("question", {"text": f"疑问 {at}"}, CHEN, key=first)
            engine.tasks.comment(first, f"说 {at}", LIN)
            engine.tasks.attach(BytesIO(b"x%d" % at), f"{at}.txt", LIN, first)
            engine.notifications.send(["lin", "chen"], f"通知 {at}", receipt=bool(at % 2), actor=CHEN)
            user = f"p{len(engine.people.list())}"
            engine.people.create(user, f"人 {at}", "", ["clerk"], SYSTEM)
            engine.people.add_substitution(user, "zhou", None, None, SYSTEM)
            engine.people.set_groups("chen", [], SYSTEM)  # nobody reviews: an incident at each
            engine.people.set_groups("chen", ["head"], SYSTEM)

    return add


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["chen", "lin"])
def test_many_rows_cost_as_many_statements_as_few(
    login: Callable[[str], Browser],
    engine: Engine,
    fill: Callable[[int], None],
    task_of: Callable[[str, Actor], int],
    path: str,
    who: str,
) -> None:
    fill(2)
    key = min(row.business_key for row in engine.records.list(LIN)[0])
    address = path.format(key=key, task=task_of(key, CHEN))
    browser = login(who)
    status = browser.get(address).status_code
    assert status in {200, 404}, address
    with counted(engine) as few:
        browser.get(address)
    fill(12)
    browser.get(address)
    with counted(engine) as many:
        browser.get(address)
    assert len(many) == len(few), [each for each in many if many.count(each) > few.count(each)][:3]


def test_reading_all_notifications_is_one_statement(lin: Browser, engine: Engine, fill: Callable[[int], None]) -> None:
    def pressed() -> int:
        with counted(engine) as said:
            lin.post("/notifications/read")
        return len(said)

    fill(1)
    lin.token()
    pressed()
    fill(1)
    few = pressed()
    fill(9)
    assert pressed() == few
