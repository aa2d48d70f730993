"""The first page of the working sheet of who is responsible for 40 records, among few and among very many."""

from __future__ import annotations

from time import perf_counter

from sqlalchemy import text

from bench.among import among
from bench.crowd import add_crowd
from bench.figure import Figure
from bench.system import OTHER, PERSON, WATCHER
from engine.engine import Engine
from engine.views import Actor

_OWN = 40


def sheet(kind: str) -> dict[str, Figure]:
    """The first page of the sheet among 100,000 records that are not over against 1,000."""
    return {"first_sheet_page": among(kind, "records", _fill, _look)}


def _fill(engine: Engine, count: int) -> None:
    for number in range(_OWN):
        _start(engine, WATCHER, f"2027-01-{number % 28 + 1:02}")
    add_crowd(engine, _start(engine, OTHER, "2026-12-30"), count - _OWN - 1)


def _start(engine: Engine, owner: Actor, wanted: str) -> int:
    """Start an instance with this owner: who starts one is responsible for it, and only a clerk may."""
    started = engine.instances.start("dated", {"wanted": wanted}, PERSON).instance_id
    with engine.machinery.database.writing() as connection:
        asked = {"id": started, "owner": owner.user_id, "subject": f"user:{owner.user_id}"}
        connection.execute(text("UPDATE process_instance SET owner = :owner WHERE id = :id"), asked)
        connection.execute(text("UPDATE instance_access SET subject = :subject WHERE instance_id = :id"), asked)
    return started


def _look(engine: Engine) -> float:
    started = perf_counter()
    page = engine.sheet.show(WATCHER)
    took = perf_counter() - started
    assert len(page.rows) == _OWN, "the sheet does not show one's own"
    return took
