"""How a form is filled beforehand, how a posted page becomes a submission, and how a form stands on a page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.forms import parse, prefill, state, validate
from tests.engine.forms.form_surroundings import Surroundings, field, form

AROUND = Surroundings()


def test_a_form_is_filled_by_prefill_else_variable_else_default() -> None:
    made = form(
        field("carrier", "string", default="SF"),
        field("ship", "date", prefill="${agreed}"),
        field("boxes", "integer", default_value="2"),
        field("weight", "number", prefill="false"),
        field("days", "integer", default="${boxes * 2}"),
        field("late", "computed", compute="ship < today()"),
        field("hint", "info", default="Ask ${starter}."),
    )
    names = {"carrier": "DHL", "agreed": date(2026, 11, 1), "weight": Decimal(9), "starter": "anna"}
    assert prefill(made, names, AROUND) == {
        "carrier": "DHL",
        "ship": date(2026, 11, 1),
        "boxes": Decimal(2),
        "weight": None,
        "days": Decimal(4),
        "late": True,
        "hint": "Ask anna.",
    }


def test_a_task_with_no_prefill_takes_no_variable() -> None:
    made = form(field("carrier", "string", default="SF"), field("ship", "date", prefill="${agreed}"))
    found = prefill(made, {"carrier": "DHL", "agreed": date(2026, 11, 1)}, AROUND, variables=False)
    assert found == {"carrier": "SF", "ship": date(2026, 11, 1)}


def test_a_variable_of_another_meaning_fills_nothing() -> None:
    made = form(
        field("ship", "date"), field("kind", "enum", values="a b"), field("rows", "table"), field("rows[].x", "string")
    )
    assert prefill(made, {"ship": "soon", "kind": "z", "rows": "none"}, AROUND) == {
        "ship": None,
        "kind": None,
        "rows": [],
    }


def test_a_posted_page_says_everything_it_asks() -> None:
    made = form(
        field("name", "string"),
        field("urgent", "boolean"),
        field("tags", "enum", values="a b", display="multiple"),
        field("total", "computed", compute="1"),
        field("items", "table"),
        field("items[].code", "string"),
        field("items[].ok", "boolean"),
    )
    raw = {
        "csrf_token": "t",
        "name": "x",
        "urgent": ["off", "on"],
        "total": "99",
        "items[1].code": "A",
        "items[4].code": "B",
        "items[4].ok": "on",
        "items[3].code": "",
    }
    assert parse(made, raw) == {
        "name": "x",
        "urgent": True,
        "tags": [],
        "items": [{"code": "A", "ok": False}, {"code": "B", "ok": True}],
    }
    assert validate(made, parse(made, {}), {"name": "old", "urgent": True}, AROUND)["urgent"] is False


def test_a_form_tells_what_is_asked_with_the_values_so_far() -> None:
    made = form(
        field("late", "boolean"),
        field("reason", "string", visibleWhen="late", requiredWhen="late"),
        field("rows", "table"),
        field("rows[].quantity", "integer"),
        field("rows[].why", "string", visibleWhen="quantity > 5"),
        field("total", "computed", compute="sum(rows.quantity)"),
    )
    found = state(made, {"late": "on", "rows": [{"quantity": "9"}, {"quantity": "4"}]}, {}, AROUND)
    assert {"reason", "rows[1].why"} <= found.visible
    assert "rows[2].why" not in found.visible
    assert found.required == {"reason"}
    assert found.values["total"] == Decimal(13)
    assert "total" in found.readonly
