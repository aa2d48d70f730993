"""A submission is checked against its form: everything at once, and nothing from outside that is not asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.errors import FormInvalid
from engine.forms import Form, validate
from engine.values import Value
from tests.engine.forms.form_surroundings import PDF, PHOTO, Surroundings, field, form

AROUND = Surroundings()


def accepted(made: Form, values: dict[str, Any], **names: Value) -> dict[str, Value]:
    return validate(made, values, names, AROUND)


def refused(made: Form, values: dict[str, Any], **names: Value) -> dict[str, list[str]]:
    with pytest.raises(FormInvalid) as caught:
        validate(made, values, names, AROUND)
    return {path: [str(error) for error in errors] for path, errors in caught.value.errors.items()}


@pytest.mark.parametrize(
    ("type_", "raw", "value"),
    [
        ("string", "  a\r\nb ", "a b"),
        ("text", " a\r\nb\x00 ", "a\nb"),
        ("code", "LINE-7", "LINE-7"),
        ("integer", "12,500", Decimal(12500)),
        ("integer", 12, Decimal(12)),
        ("number", "０．５", Decimal("0.5")),
        ("number", 0.1, Decimal("0.1")),
        ("money", "1200.50", Decimal("1200.50")),
        ("date", "2026-10-01", date(2026, 10, 1)),
        ("date", "2026年10月1日", date(2026, 10, 1)),
        ("date", datetime(2026, 10, 1), date(2026, 10, 1)),  # noqa: DTZ001 - as a spreadsheet gives a day
        ("date", datetime(2026, 9, 30, 20, tzinfo=UTC), date(2026, 10, 1)),
        ("time", "17:30", time(17, 30)),
        ("datetime", "2026-10-01T17:30", datetime(2026, 10, 1, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))),
        ("datetime", "2026-10-01T17:30:00Z", datetime(2026, 10, 1, 17, 30, tzinfo=UTC)),
        ("boolean", "on", True),
        ("boolean", "否", False),
        ("boolean", "", False),
        ("string", "", None),
        ("integer", ["3"], Decimal(3)),
    ],
)
def test_texts_and_typed_values_mean_the_same(type_: str, raw: object, value: Value) -> None:
    made = form(field("answer", type_))
    assert accepted(made, {"answer": raw}) == {"answer": value}


@pytest.mark.parametrize(
    ("type_", "raw", "text"),
    [
        ("integer", "1.5", "Answer must be a whole number; you entered 1.5."),
        ("number", "abc", "Answer must be a number; you entered abc."),
        ("number", "1,50", "Answer must be a number; you entered 1,50."),
        ("number", Decimal("1e999999"), "must be a number"),
        ("number", Decimal("NaN"), "must be a number"),
        ("number", float("inf"), "must be a number"),
        ("number", True, "must be a number"),
        ("date", "2026-02-30", "Answer must be a date such as 2026-10-01; you entered 2026-02-30."),
        ("date", "0001-01-01", "must be a date"),
        ("time", "25:00", "Answer must be a time such as 17:30"),
        ("datetime", "2026-10-01", "Answer must be a date and time"),
        ("boolean", "maybe", "Answer must be yes or no; you entered maybe."),
        ("string", "x" * 1001, "Answer must have at most 1,000 characters; it has 1,001."),
        ("string", {"a": 1}, "Answer must be a text."),
        ("integer", ["1", "2"], "Answer takes one answer; 2 were given."),
    ],
)
def test_what_does_not_fit_its_type_is_refused_in_words(type_: str, raw: object, text: str) -> None:
    (found,) = refused(form(field("answer", type_)), {"answer": raw})["answer"]
    assert text in found


def test_bounds_name_both_ends_and_what_was_entered() -> None:
    made = form(
        field("quantity", "integer", c_min="1", c_max="10000"),
        field("share", "number", max="${limit}"),
        field("day", "date", min="${today()}"),
    )
    assert refused(made, {"quantity": "12500", "share": "31", "day": "2026-11-24"}, limit=Decimal(30)) == {
        "quantity": ["Quantity must be 1 to 10,000; you entered 12,500."],
        "share": ["Share must be at most 30; you entered 31."],
        "day": ["Day must be at least 2026-11-25; you entered 2026-11-24."],
    }


def test_all_errors_come_at_once_with_unknown_fields_and_their_nearest_name() -> None:
    made = form(field("name", "string", required=True), field("agreed", "confirm"), field("amount", "money"))
    assert refused(made, {"amuont": 3, "amount": "x", "agreed": "false"}) == {
        "amuont": ["There is no field amuont in this form. Did you mean amount?"],
        "name": ["Name is required."],
        "agreed": ["Agreed must be confirmed."],
        "amount": ["Amount must be a number; you entered x."],
    }


def test_a_hidden_field_is_not_asked_not_required_and_not_stored() -> None:
    made = form(
        field("decision", "enum", values="approve return", display="outcome", required=True),
        field("reason", "string", required=True, visibleWhen='${decision = "return"}'),
    )
    assert accepted(made, {"decision": "approve", "reason": "x" * 5000}) == {"decision": "approve"}
    assert refused(made, {"decision": "return", "reason": " "}) == {"reason": ["Reason is required."]}
    assert accepted(made, {"decision": "return", "reason": "late"}) == {"decision": "return", "reason": "late"}


def test_required_when_follows_other_fields_and_variables() -> None:
    made = form(field("cause", "string", requiredWhen="late > 0 and severity != null"), field("late", "integer"))
    assert accepted(made, {"late": "3"}) == {"cause": None, "late": Decimal(3)}
    assert refused(made, {"late": "3"}, severity="S1") == {"cause": ["Cause is required."]}


def test_outcomes_and_confirmations_are_never_taken_from_variables() -> None:
    made = form(
        field("decision", "enum", values="approve return", display="outcome", required=True), field("sure", "confirm")
    )
    found = refused(made, {}, decision="approve", sure=True)
    assert set(found) == {"decision", "sure"}


def test_what_is_not_sent_stays_as_prefilled() -> None:
    made = form(
        field("carrier", "string"), field("boxes", "integer", default="1"), field("ship", "date", prefill="${agreed}")
    )
    stored = accepted(made, {"carrier": "SF"}, carrier="old", boxes=Decimal(4), agreed=date(2026, 12, 1))
    assert stored == {"carrier": "SF", "boxes": Decimal(4), "ship": date(2026, 12, 1)}
    assert accepted(made, {"boxes": ""}) == {"carrier": None, "boxes": None, "ship": None}


def test_computed_and_readonly_fields_are_never_taken_from_outside() -> None:
    made = form(
        field("total", "computed", compute="${net + tax}"),
        field("tax", "money", compute="net * 0.1"),
        field("net", "money"),
        field("limit", "money", c_readonly=""),
    )
    stored = accepted(made, {"net": "100", "tax": "0", "total": "0", "limit": "1"}, limit=Decimal(500))
    assert stored == {"total": Decimal(110), "tax": Decimal(10), "net": Decimal(100)}


def test_a_check_over_several_fields_says_the_diagrams_text() -> None:
    made = form(
        field("begin", "date"),
        field("end", "date", check="end >= begin", checkMessage="End is before begin (100% wrong)."),
    )
    assert refused(made, {"begin": "2026-10-02", "end": "2026-10-01"}) == {"end": ["End is before begin (100% wrong)."]}
    assert accepted(made, {"begin": "", "end": "2026-10-01"})["end"] == date(2026, 10, 1)


def test_choices_are_checked_and_several_are_a_list_without_repeats() -> None:
    made = form(
        field("kind", "enum", values="order sample"),
        field("departments", "enum", values="quality planning", display="multiple", maxCount="1"),
    )
    assert refused(made, {"kind": "oder", "departments": ["quality", "planning"]}) == {
        "kind": ["Kind must be one of Order, Sample; you entered oder."],
        "departments": ["Departments takes at most 1; 2 were given."],
    }
    assert accepted(made, {"departments": ["quality", "quality", ""]})["departments"] == ["quality"]


def test_references_people_and_records_are_looked_up() -> None:
    made = form(
        field("customer", "reference", reference="customer"),
        field("head", "user", reference="group:head"),
        field("team", "user", multiple="true"),
        field("sample", "reference", reference="record:sample"),
    )
    good = {"customer": "C1", "head": "hugo", "team": ["anna", "user:hugo"], "sample": "S26-001"}
    assert accepted(made, good) == {**good, "team": ["anna", "hugo"]}
    assert set(refused(made, {"customer": "C9", "head": "anna", "team": ["zoe"], "sample": "C1"})) == set(good)


def test_files_are_stored_uploads_of_the_right_kind_and_size() -> None:
    made = form(
        field("scan", "file", accept=".pdf", maxSize="1MB"),
        field("photo", "photo", multiple="true"),
        field("more", "file"),
    )
    assert refused(made, {"scan": "ab12", "photo": ["ab12"], "more": "gone"}) == {
        "scan": ["Scan takes files up to 1.0 MB; scan.pdf has 1.9 MB."],
        "photo": ["Photo takes image/*; scan.pdf is application/pdf."],
        "more": ["More: the file is not there any more. Upload it again."],
    }
    assert accepted(made, {"photo": ["cd34"], "more": {"file": "ab12", "name": "forged.exe"}}) == {
        "scan": None, "photo": [PHOTO], "more": PDF,
    }  # fmt: skip


def items() -> Form:
    return form(
        field("items", "table", required=True),
        field("items[].product", "string", required=True),
        field("items[].quantity", "integer", c_min="1", c_max="10000"),
        field("items[].price", "money"),
        field("items[].amount", "computed", compute="quantity * price * rate"),
        field("items[].note", "string", visibleWhen="quantity > 100"),
        field("total", "computed", compute="${sum(items.amount)}"),
    )


def test_rows_are_checked_cell_by_cell_computed_and_summed() -> None:
    rows = [
        {"product": "A", "quantity": "3", "price": "1.5", "note": "hidden"},
        {"product": "B", "quantity": 200, "price": Decimal(2), "amount": 1, "note": "big"},
    ]
    stored = accepted(items(), {"items": rows}, rate=Decimal(1))
    assert stored["total"] == Decimal("404.5")
    assert stored["items"] == [
        {"product": "A", "quantity": Decimal(3), "price": Decimal("1.5"), "amount": Decimal("4.5"), "note": None},
        {"product": "B", "quantity": Decimal(200), "price": Decimal(2), "amount": Decimal(400), "note": "big"},
    ]


def test_errors_in_rows_carry_table_row_and_column() -> None:
    rows = [{"quantity": "0"}, {"product": "B", "quantity": "x", "colour": "red"}]
    assert refused(items(), {"items": rows}) == {
        "items[1].product": ["Items[].product is required."],
        "items[1].quantity": ["Items[].quantity must be 1 to 10,000; you entered 0."],
        "items[2].quantity": ["Items[].quantity must be a whole number; you entered x."],
        "items[2].colour": ["There is no field colour in this form."],
    }
    assert refused(items(), {"items": []}) == {"items": ["Items needs at least 1 rows."]}
    assert refused(items(), {"items": "x"}) == {"items": ["Items must be rows."]}


def test_fixed_rows_keep_their_readonly_cells_and_what_the_form_does_not_show() -> None:
    made = form(
        field("lots", "table", fixedRows="true"),
        field("lots[].lot", "string", readonly="true"),
        field("lots[].checked", "boolean"),
    )
    before: list[Value] = [{"lot": "L1", "secret": "s1"}, {"lot": "L2", "secret": "s2"}]
    stored = accepted(made, {"lots": [{"lot": "forged", "checked": "on"}, {"checked": False}]}, lots=before)
    assert stored["lots"] == [
        {"lot": "L1", "checked": True, "secret": "s1"}, {"lot": "L2", "checked": False, "secret": "s2"}
    ]  # fmt: skip
    assert refused(made, {"lots": [{}]}, lots=before) == {"lots": ["Lots has 2 rows; 1 were given."]}


def test_a_row_that_tells_where_it_comes_from_keeps_the_rest_of_it() -> None:
    made = form(field("items", "table"), field("items[].quantity", "integer"))
    before: list[Value] = [{"quantity": Decimal(1), "code": "A"}, {"quantity": Decimal(2), "code": "B"}]
    stored = accepted(made, {"items": [{"$row": "2", "quantity": "5"}, {"quantity": "7"}]}, items=before)
    assert stored["items"] == [{"quantity": Decimal(5), "code": "B"}, {"quantity": Decimal(7)}]


def test_an_info_stores_nothing_and_a_readonly_table_is_left_alone() -> None:
    made = form(
        field("hint", "info", default="Call ${name} first."),
        field("opinions", "table", readonly="true"),
        field("opinions[].by", "string"),
    )
    assert accepted(made, {"hint": "x", "opinions": [{"by": "forged"}]}, name="Li", opinions=[{"by": "a"}]) == {}


def test_in_its_own_expressions_a_field_is_what_it_was_before() -> None:
    made = form(
        field("reason", "string", c_readonly="", visibleWhen="reason != null"),
        field("round", "integer", compute="if round = null then 1 else round + 1"),
        field("shown", "computed", compute="reason"),
    )
    assert accepted(made, {}) == {"round": Decimal(1), "shown": None}
    assert accepted(made, {}, reason="late", round=Decimal(2)) == {"round": Decimal(3), "shown": "late"}
