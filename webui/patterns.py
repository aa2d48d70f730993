"""Every piece of the interface on one page, in debug: what a change of style must still look right in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flask import render_template

from engine.forms import Field, FieldType, Form, FormState, Option
from engine.values import Value
from engine.views import FieldValue, StageView
from webui import controls, times
from webui.access import area
from webui.controls import Drawing

pages = area("patterns")


@pages.get("/patterns")
def show() -> str:
    """The page."""
    now = times.now()
    return render_template(
        "patterns/show.html",
        moments=[
            now - timedelta(days=2),
            now - timedelta(minutes=5),
            now + timedelta(hours=1),
            now + timedelta(days=3),
        ],
        fields=_fields(),
        found_stages=_stages(),
        sheet=controls.sheet(Drawing(_form(), _state())),
    )


def _fields() -> tuple[FieldValue, ...]:
    return (
        FieldValue("text", "Text", "text", "One line"),
        FieldValue("number", "Number", "integer", Decimal(12500)),
        FieldValue("money", "Money", "money", Decimal("111600.5")),
        FieldValue("date", "Date", "date", times.today() + timedelta(days=2)),
        FieldValue("late", "Late date", "date", times.today() - timedelta(days=9)),
        FieldValue("red", "Red", "enum", "a", "A", "red"),
        FieldValue("amber", "Amber", "enum", "b", "B", "amber"),
        FieldValue("grey", "Grey", "enum", "c", "C", "grey"),
        FieldValue("level", "Level", "enum", "2", "Second", "level2"),
    )


def _stages() -> tuple[StageView, ...]:
    return tuple(
        StageView(state, state.title(), state, times.now() if state == "done" else None, "")
        for state in ("done", "now", "next")
    )


def _form() -> Form:
    options = (Option("one", "One"), Option("two", "Two"), Option("three", "Three"))
    plain = [
        Field(
            str(kind),
            str(kind).title(),
            kind,
            options=options if kind is FieldType.ENUM else (),
            help="Help stands here.",
        )
        for kind in FieldType
        if kind not in {FieldType.TABLE, FieldType.REFERENCE, FieldType.USER}
    ]
    rows = Field("rows", "Rows", FieldType.TABLE, columns=(Field("name", "Name", FieldType.STRING),
                                                           Field("count", "Count", FieldType.INTEGER)))  # fmt: skip
    outcome = Field("outcome", "Outcome", FieldType.ENUM, options=options, display="outcome")
    return Form((*plain, Field("radio", "Radio", FieldType.ENUM, options=options, display="radio"), rows, outcome))


def _state() -> FormState:
    form = _form()
    names = {found.name for found in form}
    cells = {f"rows[{at}].{column}" for at in (1, 2) for column in ("name", "count")}
    values: dict[str, Value] = {
        "rows": [{"name": "a", "count": Decimal(1)}, {"name": "b", "count": Decimal(2)}],
        "info": "A hint.",
    }
    return FormState(values, frozenset(names | cells), frozenset({"string"}), frozenset({"computed", "info"}))
