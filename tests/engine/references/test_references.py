"""Reference lists: one by one and from Excel, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.errors import Forbidden, FormInvalid, Invalid, NotFound
from engine.views import ReferenceItem
from tests.engine.identity.company import ANNA, HUGO, IT, SYSTEM, Company, opened


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with opened(database_url, tmp_path) as made:
        yield made


def item(key: str, active: bool = True, **values: object) -> ReferenceItem:
    return ReferenceItem("borrower", key, "", values, active)  # type: ignore[arg-type]


def sheet(*rows: tuple[object, ...]) -> bytes:
    book, content = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(content)
    return content.getvalue()


def test_first_items_are_there_once_deployed(company: Company) -> None:
    references = company.engine.references
    assert [found.id for found in references.lists()] == ["borrower"]
    found = references.get("borrower", "A01")
    assert (found.label, found.values["size"], found.values["tax_no"]) == ("示例公司", "small", "123")
    with pytest.raises(NotFound):
        references.get("borrower", "A02")
    with pytest.raises(NotFound):
        references.items("lender")


def test_an_editor_puts_items_with_texts_or_typed_values(company: Company) -> None:
    references = company.engine.references
    made = references.put(item("B1", name="Beta", limit="12,500", size="大", since="2026-10-01", advisor="hugo"), ANNA)
    assert made.label == "Beta"
    typed = references.put(item("B2", name="B", limit=Decimal("1.5"), since=date(2026, 1, 1), parent="B1"), IT)
    assert references.get("borrower", "B1").values == {
        "name": "Beta", "size": "large", "tax_no": None, "limit": Decimal(12500), "advisor": "hugo", "parent": None,
        "since": date(2026, 10, 1),
    }  # fmt: skip
    assert typed.values["size"] == "small"
    references.put(item("B1", False, name="Beta"), ANNA)
    assert [(each.key, each.active) for each in references.items("borrower", "beta")] == [("B1", False)]
    assert [each.key for each in references.items("borrower", limit=2)] == ["B2", "A01"]


def test_others_may_not_change_a_list(company: Company) -> None:
    references = company.engine.references
    with pytest.raises(Forbidden):
        references.put(item("B1", name="Beta"), HUGO)
    with pytest.raises(Forbidden):
        references.upload("borrower", sheet(("key", "name"), ("B1", "Beta")), HUGO)


def test_all_errors_of_an_item_come_at_once_by_column(company: Company) -> None:
    references = company.engine.references
    wrong = item(" B", size="huge", tax_no="123", limit="-1", advisor="zoe", parent="X", since="soon", colour="red")
    with pytest.raises(FormInvalid) as caught:
        references.put(wrong, ANNA)
    assert set(caught.value.errors) == {
        "key", "name", "size", "tax_no", "limit", "advisor", "parent", "since", "colour",
    }  # fmt: skip
    (limit,) = caught.value.errors["limit"]
    assert str(limit) == "额度 must be an amount such as 1200.50 at least 0 at most 1000000; found -1."


def test_a_sheet_is_taken_over_row_by_row_and_the_rest_stays(company: Company) -> None:
    references = company.engine.references
    references.put(item("B1", name="Beta", tax_no="77", limit="5"), ANNA)
    report = references.upload(
        "borrower",
        sheet(
            ("代码", "Name", "税号", "since", "启用"),
            ("A01", "示例公司", 123, None, "是"),
            ("B1", "Beta two", None, datetime(2026, 10, 1), "否"),  # noqa: DTZ001
            ("C1", "Gamma", 900.0, None, None),
            (None, "no key", None, None, None),
            ("C1", "again", None, None, None),
            ("D1", None, None, None, None),
            ("E1", "Epsilon", 123, None, None),
            ("F1", "Phi", None, None, "maybe"),
        ),
        ANNA,
    )
    assert (report.added, report.changed, report.same) == (1, 1, 1)
    assert [(row, str(error)) for row, error in report.errors] == [
        (5, "A key has 1 to 100 characters, without blanks around them."),
        (6, "The key C1 stands in row 4 already."),
        (7, "名称 is required."),
        (8, "税号 is the same as in A01."),
        (9, "maybe is neither yes nor no."),
    ]
    beta = references.get("borrower", "B1")
    assert (beta.label, beta.active, beta.values["limit"], beta.values["tax_no"]) == (
        "Beta two",
        False,
        Decimal(5),
        None,
    )
    assert beta.values["since"] == date(2026, 10, 1)
    assert references.get("borrower", "C1").values["tax_no"] == "900"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((("key", "nam"), ("B1", "Beta")), "Did you mean name?"),
        ((("name",), ("Beta",)), "has no column key"),
        ((("key", "name", "名称"), ("B1", "a", "b")), "stands twice"),
    ],
)
def test_a_wrong_heading_refuses_the_whole_sheet(
    company: Company, rows: tuple[tuple[str, ...], ...], text: str
) -> None:
    with pytest.raises(Invalid) as caught:
        company.engine.references.upload("borrower", sheet(*rows), ANNA)
    assert text in str(caught.value)
    assert len(company.engine.references.items("borrower")) == 1


def test_other_bytes_are_refused(company: Company) -> None:
    with pytest.raises(Invalid):
        company.engine.references.upload("borrower", b"PK\x03\x04 nothing", ANNA)
    with pytest.raises(Invalid):
        company.engine.references.upload("borrower", bytes(10 * 1024 * 1024 + 1), ANNA)


def test_items_survive_a_deployment_and_changes_are_in_the_chain(company: Company) -> None:
    references = company.engine.references
    references.put(item("A01", name="Renamed"), ANNA)
    company.engine.deployments.replace({"clauses.yaml": b"clauses: []\n"}, SYSTEM)
    assert references.get("borrower", "A01").label == "Renamed"
    rows = company.engine.machinery.read(lambda connection: list(_audit(connection)))
    (told,) = [row for row in rows if row.kind == "reference-items-put"]
    assert (told.actor, told.subject) == ("anna", "borrower")
    assert "示例公司" in told.data


def test_a_deployment_adds_the_items_a_list_never_had_and_brings_none_back(company: Company) -> None:
    references = company.engine.references
    references.put(item("A01", False, name="示例公司"), ANNA)
    name = next(each for each in company.engine.deployments.files() if each.endswith("borrower.yaml"))
    file = company.engine.deployments.files()[name].decode()
    added = file.replace("items:\n", "items:\n  - {key: C07, name: 新公司}\n").encode()

    company.engine.deployments.replace({name: added}, SYSTEM)

    assert [(each.key, each.active) for each in references.items("borrower")] == [("C07", True), ("A01", False)]


def _audit(connection):  # type: ignore[no-untyped-def]
    from engine.store import history

    return history.audit_rows(connection)
