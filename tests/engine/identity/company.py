"""A small company on an empty database: groups, a list, a calendar, three people, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.clock import MovedClock
from engine.engine import Engine
from engine.settings import Settings
from engine.views import Actor

SYSTEM, IT, ANNA, HUGO = Actor("-"), Actor("ivan"), Actor("anna"), Actor("hugo")
START = datetime(2026, 11, 25, 1, tzinfo=UTC)
PASSWORD = "four plain words"

PRACTICE = {
    "groups.yaml": b"""
groups:
  - {id: clerk, zh: a, en: Clerk}
  - {id: head, zh: a, en: Head, rights: [cancel]}
  - {id: it, zh: a, en: IT, rights: [administer, deploy]}
""",
    "records.yaml": b"""
records:
  - id: loan
    zh: a
    en: Loan
    number: "LN{yy}-{seq:4}"
    statuses: [{id: draft, zh: a, en: Draft, mark: "\xe2\x97\x8b"}]
""",
    "calendar.yaml": b"""
default: company
calendars:
  company:
    zh: a
    en: Company
    zone: Asia/Shanghai
    week: {mon: &day ["08:00-12:00", "13:30-17:30"], tue: *day, wed: *day, thu: *day, fri: *day}
""",
    "reference/borrower.yaml": """
id: borrower
zh: 借款人
en: Borrowers
key: {zh: 代码, en: Code}
label: name
columns:
  - {name: name, type: text, zh: 名称, en: Name, required: true}
  - name: size
    type: enum
    zh: 规模
    en: Size
    default: small
    values: [{id: small, zh: 小, en: Small}, {id: large, zh: 大, en: Large}]
  - {name: tax_no, type: text, zh: 税号, en: Tax no., unique: true}
  - {name: limit, type: money, zh: 额度, en: Limit, min: 0, max: 1000000}
  - {name: advisor, type: user, zh: 负责人, en: Advisor}
  - {name: parent, type: reference, reference: borrower, zh: 上级, en: Parent}
  - {name: since, type: date, zh: 起始日, en: Since}
editors: [clerk]
items:
  - {key: A01, name: 示例公司, tax_no: "123"}
""".encode(),
}


@dataclass
class Company:
    engine: Engine
    clock: MovedClock

    def pass_time(self, **passed: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**passed))


@contextmanager
def opened(database_url: str, directory: Path) -> Iterator[Company]:
    clock = MovedClock(START)
    engine = Engine.open(Settings(database_url, directory / "files", b"key of the tests"), clock)
    try:
        engine.migrate()
        engine.deployments.deploy(PRACTICE, SYSTEM)
        for user_id, group in (("ivan", "it"), ("anna", "clerk"), ("hugo", "head")):
            engine.people.create(user_id, user_id.title(), "", [group], SYSTEM)
        yield Company(engine, clock)
    finally:
        engine.close()
