"""The working sheet on both databases: order, what is late, mine, pages, and nothing of what one may not see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.errors import NotFound
from engine.views import Actor, SheetFilter
from tests.engine.definitions.diagrams import extensions, flows, node
from tests.engine.runtime.office import RECORDS, Office, field, form, loan, user_task

ANN, BOB, HEL, OUT = (Actor(each) for each in ("ann", "bob", "hel", "out"))
SHEET = RECORDS.replace('mark: "○"}', 'mark: "○", stage: intake}').replace(
    "    list: [borrower, amount]",
    """      - {name: due, type: date, zh: 到期, en: Due}
    sheet:
      - {field: borrower}
      - {field: due, urgent: true}
      - {id: left, value: "work_days_between(today(), due)", show: days, zh: 剩余, en: Left}
    list: [borrower, amount]""",
)
_DAY = timedelta(days=1)


@pytest.fixture
def keys(office: Office) -> list[str]:
    """Three loans of Ann's: due in ten days, in five, and never."""
    asked = extensions(form(field("borrower"), field("due", "date")))
    entered = user_task("enter", "ann", more='camunda:dueDate="${work_days(8)}"')
    begun, done = node("startEvent", "begin", asked), node("endEvent", "done")
    drawn = loan(begun, entered, done, flows("begin enter done"), publish="borrower, due")
    office.deploy(drawn, **{"records.yaml": SHEET.encode()})
    return [
        office.start(borrower=name, due=due).business_key
        for name, due in (("later", _today(office) + 10 * _DAY), ("soon", _today(office) + 5 * _DAY), ("never", None))
    ]


def test_rows_stand_by_their_date_and_late_ones_first(office: Office, keys: list[str]) -> None:
    later, soon, never = keys
    assert shown(office, ANN) == [soon, later, never]
    office.clock.move_to(office.clock.now() + 6 * _DAY)
    assert shown(office, ANN, SheetFilter(late=True)) == [soon]
    office.clock.move_to(office.clock.now() + 6 * _DAY)  # all tasks are late by now, and with them all records
    assert shown(office, ANN, SheetFilter(late=True)) == [soon, later, never]


def test_pages_follow_one_another(office: Office, keys: list[str]) -> None:
    later, soon, never = keys
    first = office.engine.sheet.show(ANN, SheetFilter(limit=2))
    assert [row.business_key for row in first.rows] == [soon, later]
    rest = office.engine.sheet.show(ANN, SheetFilter(limit=2, after=first.next))
    assert ([row.business_key for row in rest.rows], rest.next) == ([never], "")


def test_mine_and_all_and_nothing_for_an_outsider(office: Office, keys: list[str]) -> None:
    everything = SheetFilter(mine=False)
    assert shown(office, HEL) == []
    assert sorted(shown(office, HEL, everything)) == sorted(keys)
    assert shown(office, OUT, everything) == []
    assert {count.key: count.number for count in office.engine.sheet.show(OUT, everything).counts} == dict.fromkeys(
        ("mine", "all", "late", "intake"), 0
    )


def test_a_cell_says_what_can_be_worked_out(office: Office, keys: list[str]) -> None:
    del keys
    cells = [row.cells[2] for row in office.engine.sheet.show(ANN).rows]
    assert [cell is None for cell in cells] == [False, False, True]
    with pytest.raises(NotFound):
        office.engine.sheet.show(ANN, SheetFilter("nothing"))


def shown(office: Office, actor: Actor, filter: SheetFilter | None = None) -> list[str]:
    return [row.business_key for row in office.engine.sheet.show(actor, filter).rows]


def _today(office: Office) -> date:
    return office.clock.now().date()
