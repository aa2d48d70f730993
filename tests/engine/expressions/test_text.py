"""Texts of diagrams: literal, one expression, or mixed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.expressions import compile_text
from tests.engine.expressions.surroundings import HERE

NAMES = {
    "a": Decimal("2.50"), "list": ["x", "y"], "nothing": None, "due": datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
    "day": date(2026, 11, 25), "yes": True, "s": "text",
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${a}", Decimal("2.5")),
        ("#{a}", Decimal("2.5")),
        ("  ${a}\n", Decimal("2.5")),
        ("${list}", ["x", "y"]),
        ("${nothing}", None),
        ("n: ${a}", "n: 2.5"),
        ("${s}${s}", "texttext"),
        ("[${nothing}]", "[]"),
        ("due ${due}, day ${day}", "due 2026-11-25 16:30, day 2026-11-25"),
        ("${list} / ${yes}", "x, y / true"),
        ('${ {x: "}"}.x }', "}"),
        ("${'{' + s}!", "{text!"),
        ("\\${a}", "${a}"),
        ("costs $5 #1 {a}", "costs $5 #1 {a}"),
        ("workshop-${s}", "workshop-text"),
    ],
)
def test_texts(source, expected):
    assert compile_text(source).evaluate(NAMES, HERE) == expected


def test_a_literal_is_constant_and_an_expression_is_not():
    assert compile_text("PT4H").constant
    assert not compile_text("a ${a}").constant
    assert compile_text("${1 + 1}").constant


def test_a_mixed_text_tells_all_its_names():
    compiled = compile_text("${a} of ${count(list)} ${due}")
    assert compiled.names == {"a", "list", "due"}
    assert compiled.functions == {"count"}


def test_the_source_is_kept_as_written():
    assert compile_text(" ${a} ").source == " ${a} "
