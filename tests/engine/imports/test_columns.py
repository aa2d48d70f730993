"""A column of a sheet means a field by its name or label, a table's column by both; anything else is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from engine.errors import Invalid
from engine.forms.model import Field, FieldType, Form, Option
from engine.imports.columns import columns_of
from engine.sheets import read_sheet

FORM = Form(
    (
        Field("borrower", "借款人", FieldType.REFERENCE),
        Field("kind", "类别", FieldType.ENUM, options=(Option("short", "短期"), Option("long", "长期"))),
        Field("due", "到期日", FieldType.DATE),
        Field("total", "合计", FieldType.COMPUTED),
        Field("items", "明细", FieldType.TABLE, columns=(Field("amount", "金额", FieldType.MONEY),)),
    )
)


def _workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_names_labels_and_columns_of_tables_are_understood() -> None:
    found = columns_of(["borrower", "类别 *", "明细/金额", "到期日"], FORM)

    assert [(each.table, each.field.name) for each in found] == [
        ("", "borrower"),
        ("", "kind"),
        ("items", "amount"),
        ("", "due"),
    ]


def test_a_column_of_a_table_may_stand_alone_when_its_word_is_free() -> None:
    (column,) = columns_of(["金额"], FORM)

    assert (column.table, column.field.name) == ("items", "amount")


def test_all_unknown_columns_are_told_at_once_with_the_nearest() -> None:
    with pytest.raises(Invalid) as caught:
        columns_of(["borower", "合计", "类别", "kind"], FORM)

    text = str(caught.value)
    assert "“borower” (nearest: borrower)" in text
    assert "“合计”" in text
    assert "“kind” (the same as “类别”)" in text


def test_cells_become_what_the_field_takes() -> None:
    borrower, kind, due = columns_of(["borrower", "kind", "due"], FORM)

    assert borrower.value(Decimal(1001)) == "1001"
    assert kind.value("短期") == "short"
    assert kind.value("unknown") == "unknown"
    assert due.value(datetime(2026, 11, 2)) == date(2026, 11, 2)  # noqa: DTZ001 - Excel knows no zones


def test_rows_keep_their_numbers_and_numbers_their_digits() -> None:
    content = _workbook(["a", "b", None], [0.1, "x", None], [None, None, None], [3.0, date(2026, 11, 2), "beyond"])

    sheet = read_sheet(content)

    assert sheet.headings == ("a", "b")
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, (Decimal("0.1"), "x")),
        (4, (Decimal(3), date(2026, 11, 2))),
    ]


@pytest.mark.parametrize("content", [b"", b"no workbook", _workbook()])
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_sheet(content)
