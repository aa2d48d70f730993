"""Whatever is written, an evaluation ends, soon and small."""

import contextlib
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ExpressionError, GendanError
from engine.expressions import compile_expression, compile_text, compile_unary
from tests.engine.expressions.surroundings import HERE, value_of


@pytest.mark.parametrize(
    "source",
    [
        "for a in 1..1000, b in 1..1000 return 1",
        "some a in 1..1000, b in 1..1000 satisfies a + b > 9000",
        "for a in 1..99999999999 return a",
        "count(for a in 1..300 return for b in 1..300 return for c in 1..300 return c)",
        "{a: [1,2,3,4,5,6,7,8,9,10], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c],"
        " e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e]}",
        "{a: [1,2,3,4,5,6,7,8,9,10], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c],"
        " e: [d,d,d,d,d,d,d,d,d,d], f: count(flatten([e,e,e,e,e,e,e,e,e,e]))}.f",
        "{a: [1,2,3,4,5,6,7,8,9,10], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c],"
        " e: [d,d,d,d,d,d,d,d,d,d], f: string([e,e,e,e,e,e,e,e,e,e])}.f",
        "{a: [1,2,3,4,5,6,7,8,9,10], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c],"
        " e: [d,d,d,d,d,d,d,d,d,d], f: [d,d,d,d,d,d,d,d,d,d], g: e = f}.g",
        "{" + "a0: \"" + "x" * 1000 + "\"" + "".join(f", a{n}: a{n - 1} + a{n - 1}" for n in range(1, 30)) + "}.a29",
        "{a: string join(for i in 1..9000 return \"0123456789abcdef\"), b: replace(a, \"0\", a)}.b",
    ],
)  # fmt: skip
def test_hostile_expressions_end_with_an_error(source):
    started = time.perf_counter()
    with pytest.raises(ExpressionError):
        value_of(source)
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize("source", ["(" * 4000 + "1" + ")" * 4000, "-" * 3000 + "1", "[" * 2000 + "]" * 2000])
def test_deep_nesting_ends(source):
    with contextlib.suppress(ExpressionError):
        value_of(source)


@pytest.mark.parametrize(
    ("opening", "inner", "closing"),
    [("list[", "item = 1", "]"), ("list[", "i", "]"), ("is defined(", "i", ".a)"), ("for x in list return ", "1", ""),
     ("if true then ", "1", " else 1"), ("list[some x in ", "list", " satisfies x > 0]"), ("{a: ", "1", "}"),
     ("coalesce(", "1", ")")],
)  # fmt: skip
def test_nesting_costs_what_it_is_long(opening, inner, closing):
    started = time.perf_counter()
    with contextlib.suppress(ExpressionError):
        value_of(opening * 45 + inner + closing * 45, list=[Decimal(1)], i=Decimal(1))
    assert time.perf_counter() - started < 2


def test_long_sums_and_long_sources_are_refused():
    with pytest.raises(ExpressionError, match="nested"):
        compile_expression("+".join(["1"] * 3000))
    with pytest.raises(ExpressionError, match="too long"):
        compile_expression("1" * 20_000)


def test_patterns_run_in_linear_time():
    started = time.perf_counter()
    assert value_of('matches(text, "^(a+)+$")', text="a" * 50_000 + "b") is False
    assert time.perf_counter() - started < 1


PIECES = st.sampled_from(
    ["a", "b.c", "1", "2.5", '"x"', "true", "null", "+", "-", "*", "/", "**", "=", "!=", "<", "(", ")", "[", "]", "{",
     "}", ",", ":", "?", " if ", " then ", " else ", " for ", " in ", " return ", " and ", " or ", " not ", "..",
     "count(", "substring(", "date(", "@", " between ", " empty ", "${", ">= ", "%", "`n m`"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14), st.booleans())
def test_any_mixture_of_pieces_gives_a_value_or_an_answer(parts, strict):
    source = "".join(parts)
    names = {"a": Decimal(3), "b": {"c": [Decimal(1), "t", None]}}
    for compiled in (compile_expression, compile_text):
        with contextlib.suppress(GendanError):
            compiled(source).evaluate(names, HERE, strict)
    with contextlib.suppress(GendanError):
        compile_unary(source).test(Decimal(1), names, HERE)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(source):
    for compiled in (compile_expression, compile_text, compile_unary):
        with contextlib.suppress(GendanError):
            compiled(source)


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


@given(NUMBERS, NUMBERS)
def test_numbers_order_and_add_as_decimals_do(one, other):
    names = {"a": one, "b": other}
    assert value_of("a < b", **names) is (one < other)
    assert value_of("a + b - b = a", **names) is True
    assert value_of("string(a)", **names) == value_of("string(number(string(a)))", **names)


@given(st.lists(st.sampled_from([True, False, None]), min_size=2, max_size=6))
def test_and_and_or_are_dual(values):
    names = {f"v{at}": value for at, value in enumerate(values)}
    conjunction = value_of(" and ".join(names), **names)
    disjunction = value_of(" or ".join(f"not({name})" for name in names), **names)
    assert conjunction == (None if disjunction is None else not disjunction)
    assert conjunction == value_of("all(list)", list=list(values))
