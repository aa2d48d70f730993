"""The board: each measure against a recount, exceptions with owner and age, and nothing of what one may not see."""

# ruff: noqa: E501 - figures of board.yaml read best in one line each

from __future__ import annotations

from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Forbidden, Invalid, NotFound
from engine.runtime.board.measuring import Fact, cell, cells
from engine.views import Actor, Chosen
from tests.engine.definitions.diagrams import extensions, flows, node
from tests.engine.runtime.office import GROUPS, Office, field, form, loan, user_task

BOARD = """
months: 2
dimensions:
  - {id: who, zh: 借款人, en: Borrower, field: borrower}
exceptions:
  - {id: overdue, zh: 逾期, en: Overdue, about: tasks}
  - {id: large, zh: 大额, en: Large, about: instances, processes: [loan], none_of: {amount: ["0"]}, columns: [amount]}
  - {id: stuck, zh: 异常, en: Stuck, about: incidents}
figures:
  - {id: high, zh: 大额, en: High, text_zh: 说明, text_en: Text, process: loan, on: started_at, measure: share, good: amount >= 100}
  - {id: typical, zh: 典型, en: Typical, text_zh: 说明, text_en: Text, process: loan, on: started_at, measure: median, value: amount}
  - {id: total, zh: 合计, en: Total, text_zh: 说明, text_en: Text, process: loan, on: started_at, measure: sum, value: amount}
  - {id: part, zh: 占比, en: Part, text_zh: 说明, text_en: Text, process: loan, on: started_at, measure: ratio, value: amount, out_of: "200"}
  - {id: number, zh: 笔数, en: Number, text_zh: 说明, text_en: Text, process: loan, on: started_at, measure: count, where: amount > 0}
"""
HEL, CY = Actor("hel"), Actor("cy")
_RIGHTS = GROUPS.replace("send_any]", "send_any, board]").replace(
    "{id: empty, zh: 空, en: Nobody}", "{id: empty, zh: 空, en: Nobody, rights: [board]}"
)
facts = st.lists(
    st.builds(
        Fact,
        st.sampled_from(["2026-01", "2026-02"]),
        st.decimals(0, 1000, places=2),
        st.decimals(1, 9, places=1),
        st.fixed_dictionaries({"who": st.sampled_from(["a", "b"])}),
    )
)


def deploy(office: Office, board: str = BOARD, **more: str) -> None:
    asked = extensions(form(field("borrower"), field("amount", "number")))
    drawn = loan(node("startEvent", "begin", asked), user_task("enter", "ann", more='camunda:dueDate="${work_hours(1)}"'),
                 node("endEvent", "done"), flows("begin enter done"), readers="group:clerk", **more)  # fmt: skip
    office.deploy(drawn, **{"groups.yaml": _RIGHTS.encode(), "board.yaml": board.encode()})
    office.engine.people.set_groups("cy", ["empty"], Actor("-"))


def borrow(office: Office, *amounts: int) -> None:
    for place, amount in enumerate(amounts):
        office.start(borrower="ab"[place % 2], amount=Decimal(amount))


@given(facts)
def test_months_and_members_add_up_to_the_whole(found: list[Fact]) -> None:
    counted = cells("sum", found)
    whole = sum((fact.top for fact in found if fact.top is not None), Decimal(0))
    for level in ("2026-01", "2026-02"), ("a", "b"):
        parts = [counted.get(("", "", each), counted.get(("who", each, ""))) for each in level]
        assert sum((each.value or Decimal(0) for each in parts if each), Decimal(0)) == whole
    assert sum(each.rows for (_, _, month), each in counted.items() if month) == 2 * len(found)


@given(facts)
def test_a_figure_does_not_depend_on_the_order_and_lies_among_its_values(found: list[Fact]) -> None:
    for measure in ("share", "ratio", "median", "mean", "sum", "count"):
        assert cell(measure, found) == cell(measure, reversed(found))
    middle = cell("median", found)
    if middle.value is not None and middle.high is not None:
        tops = [fact.top for fact in found if fact.top is not None]
        assert min(tops) <= middle.value <= middle.high <= max(tops)
        assert float(middle.value) == pytest.approx(float(median(tops)), abs=0.001)


def test_each_measure_agrees_with_a_recount_counted_now_and_kept(office: Office) -> None:
    deploy(office)
    borrow(office, 50, 100, 150, 300)
    expected = {"high": Decimal("0.75"), "typical": Decimal(125), "total": Decimal(600), "part": Decimal("0.75"),
                "number": Decimal(4)}  # fmt: skip
    now = office.engine.board.show(HEL)
    assert now.counted_at is None
    assert office.engine.board.count_due() == len(expected)
    kept = office.engine.board.show(HEL)
    assert kept.counted_at == office.clock.now()
    for view in (now, kept):
        assert {each.figure.id: each.cell.value for each in view.figures} == expected
        assert [month for month, _ in view.figures[0].trend] == ["2026-02", "2026-03"]


def test_kept_figures_are_counted_again_when_they_are_old(office: Office) -> None:
    deploy(office)
    borrow(office, 50)
    office.engine.board.count_due()
    borrow(office, 70)
    assert office.engine.board.count_due() == 0
    office.wait(minutes=20)
    assert office.engine.board.count_due() == 5
    assert {each.figure.id: each.cell.value for each in office.engine.board.show(HEL).figures}["total"] == 120


def test_a_figure_is_told_by_member_and_month_and_opens_its_rows(office: Office) -> None:
    deploy(office)
    borrow(office, 50, 100, 150)
    chosen = Chosen("who", "a", "2026-03")
    found = office.engine.board.figure("total", HEL, chosen)
    assert found.view.cell.value == 200
    assert sorted(row.counts for row in found.rows) == [50, 150]
    first = office.engine.board.figure("total", HEL, limit=2)
    rest = office.engine.board.figure("total", HEL, after=first.next, limit=2)
    assert [len(first.rows), len(rest.rows), rest.next] == [2, 1, ""]
    assert not {row.instance_id for row in first.rows} & {row.instance_id for row in rest.rows}
    assert office.engine.board.export("total", HEL)[:2] == b"PK"


def test_exceptions_name_who_has_to_act_and_since_when(office: Office) -> None:
    deploy(office)
    borrow(office, 0, 100)
    office.wait(hours=2)
    overdue, large, stuck = office.engine.board.show(HEL).watches
    assert (overdue.number, large.number, stuck.number) == (2, 1, 0)
    assert overdue.rows[0].owners == ("Ann",)
    assert [field.value for field in large.rows[0].fields] == [100]
    page = office.engine.board.watch("overdue", HEL, limit=1)
    assert office.engine.board.watch("overdue", HEL, page.next, 1).rows[0].row_id != page.rows[0].row_id


def test_nothing_tells_of_a_confidential_case(office: Office) -> None:
    deploy(office, confidential="true")
    borrow(office, 100, 200)
    office.wait(hours=2)
    office.engine.board.count_due()
    for actor in (HEL, CY):  # who may see all sees the case in its lists; a figure never counts it
        assert {each.cell.rows for each in office.engine.board.show(actor).figures} == {0}
        assert office.engine.board.figure("total", actor).rows == ()
    outsider = office.engine.board.show(CY)
    assert [each.number for each in outsider.watches] == [0, 0, 0]
    assert office.engine.board.show(HEL).watches[0].number == 2


def test_who_sees_less_counts_less(office: Office) -> None:
    deploy(office)
    borrow(office, 100)
    office.engine.board.count_due()
    assert {each.cell.rows for each in office.engine.board.show(CY).figures} == {0}


def test_the_board_needs_its_right_and_known_names(office: Office) -> None:
    deploy(office)
    with pytest.raises(Forbidden):
        office.engine.board.show(Actor("ann"))
    with pytest.raises(NotFound):
        office.engine.board.figure("nothing", HEL)
    for chosen in (Chosen(month="1999-01"), Chosen("planet", "x")):
        with pytest.raises(Invalid):
            office.engine.board.show(HEL, chosen)
    with pytest.raises(Invalid):
        office.engine.board.watch("overdue", HEL, "rubbish")


def test_many_rows_cost_as_many_statements_as_few(office: Office) -> None:
    deploy(office)
    counts = []
    for more in (3, 12):
        borrow(office, *range(1, more))
        office.engine.board.show(HEL)
        with office.statements() as seen:
            office.engine.board.show(HEL)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("none_of: {amuont", "amuont"),
        ("processes: [laon]", "laon"),
        ("on: started_on", "started_on"),
        ("on: borrower", "no date"),
        ("good: amount +", "cannot be read"),
        ("good: amount", "must give a boolean"),
        ("good: amuont > 1", "amuont"),
        ("good: fnord(amount) > 1", "fnord"),
        ("measure: mode", "mode"),
        ("elements: [nowhere]", "nowhere"),
    ],
)
def test_validation_names_what_is_wrong_on_the_board(office: Office, wrong: str, told: str) -> None:
    deploy(office)
    key = wrong.partition(":")[0]
    replaced = {"none_of": "none_of: {amount", "processes": "processes: [loan]", "on": "on: started_at",
                "good": "good: amount >= 100", "measure": "measure: share", "elements": "about: tasks"}[key]  # fmt: skip
    text = f"about: tasks, {wrong}" if key == "elements" else wrong
    files = {**office.engine.deployments.files(), "board.yaml": BOARD.replace(replaced, text, 1).encode()}
    found = [str(each) for each in office.engine.deployments.validate(files).findings if each.file == "board.yaml"]
    assert any(told in each for each in found), found
