"""Cells of decision tables."""

from datetime import date
from decimal import Decimal

import pytest

from engine.expressions import compile_unary
from tests.engine.expressions.surroundings import HERE

NAMES = {"limit": Decimal(3), "choices": ["x", "y"], "flag": True}


@pytest.mark.parametrize(
    ("cell", "passing", "failing"),
    [
        ("-", [None, Decimal(1), "x"], []),
        ("> 5", [Decimal(6)], [Decimal(5), None, "6"]),
        ("<= 5", [Decimal(5)], [Decimal(6), None]),
        ("5", [Decimal(5), Decimal("5.0")], [Decimal(6), None, "5"]),
        ("-1", [Decimal(-1)], [Decimal(1)]),
        ('"a", "b"', ["a", "b"], ["c", None]),
        ('not("a")', ["b", None], ["a"]),
        ('not("a", "b")', ["c"], ["a", "b"]),
        ("not(> 5, 3)", [Decimal(4)], [Decimal(3), Decimal(6), None]),
        ("[1..5)", [Decimal(1), Decimal("4.9")], [Decimal(5), None]),
        ("(0..15]", [Decimal(15)], [Decimal(0)]),
        ("]0..15[", [Decimal(1)], [Decimal(0), Decimal(15)]),
        ("< 1, [3..4], 9", [Decimal(0), Decimal(3), Decimal(9)], [Decimal(2), None]),
        ("true", [True], [False, None, "true"]),
        ("null", [None], [Decimal(0), ""]),
        ("not(null)", ["a"], [None]),
        ("> limit", [Decimal(4)], [Decimal(3)]),
        ("limit", [Decimal(3)], [Decimal(4)]),
        ("choices", ["x"], ["z"]),
        ("not(choices)", ["z"], ["x"]),
        ("flag", [True, "anything"], [False]),
        ('contains(?, "b")', ["abc"], ["xyz", None]),
        ("? > limit and ? < 10", [Decimal(5)], [Decimal(2), Decimal(11)]),
        ('[date("2026-01-01")..date("2026-12-31")]', [date(2026, 5, 1)], [date(2027, 1, 1)]),
        ("!= 3", [Decimal(4)], [Decimal(3)]),
        ("missing", [None], [Decimal(1)]),
    ],
)
def test_cells(cell, passing, failing):
    compiled = compile_unary(cell)
    for value in passing:
        assert compiled.test(value, NAMES, HERE), value
    for value in failing:
        assert not compiled.test(value, NAMES, HERE), value


def test_a_cell_tells_its_names():
    assert compile_unary("> limit, other.value").names == {"limit", "other"}
