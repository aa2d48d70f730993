"""What is refused, and what the refusal says: expression, place, cure."""

from decimal import Decimal

import pytest

from engine.errors import ExpressionError
from engine.expressions import compile_expression, compile_text
from tests.engine.expressions.surroundings import HERE, value_of


def refusal(source, **names):
    with pytest.raises(ExpressionError) as caught:
        value_of(source, **names)
    return caught.value


def test_an_unknown_name_is_named_with_the_nearest_known_one():
    error = refusal("quantitty > 5", quantity=Decimal(1), price=Decimal(2))
    assert error.fields["name"] == "quantitty"
    assert error.fields["nearest"] == "quantity"
    assert error.fields["expression"] == "quantitty > 5"
    assert "Did you mean quantity?" in str(error)


def test_an_unknown_name_inside_a_loop_may_be_meant_for_its_variable():
    assert refusal("for line in lines return lin", lines=[Decimal(1)]).fields["nearest"] == "line"


def test_an_unknown_function_is_named_with_the_nearest_one():
    error = refusal("upper_case(a)", a="x")
    assert error.fields["name"] == "upper_case"
    assert error.fields["nearest"] == "upper case"


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ('"a" + 1', "string(…)"),
        ('1 + (2 - "x")', "number(…)"),
        ("now() < today()", "date(…)"),
        ("if 1 then 2 else 3", "a condition needs true or false"),
        ("1 and true", "true or false"),
        ('"a".b', "no members"),
        ("today().hour", "year, month, day, weekday"),
        ("1 = true", "does not go with"),
        ("[1] = 1", "list contains"),
        ("1 / 0", "division by zero"),
        ('for x in "abc" return x', "a list is needed"),
        ('substring("abc", "b")', "argument 2"),
        ('date("2026-02-30")', "2026-02-30"),
        ('matches("a", "(")', "cannot be read"),
        ("[1, 2] + 1", "does not go with"),
        ("10 ** 9999", "out of range"),
        ("[5][0.5]", "count from 1"),
    ],
)
def test_a_wrong_type_says_what_and_where(source, part):
    assert part in str(refusal(source))


@pytest.mark.parametrize(
    "source",
    [
        '"a" + 1',
        "missing",
        "missing.name",
        "1 / 0",
        '1 < "a"',
        '"a" = 1',
        "list[i - 1]",
        'substring("a", "b")',
        "not(1)",
    ],
)
def test_in_decisions_the_same_is_null(source):
    assert value_of(source, strict=False, list=[Decimal(1)], i=Decimal(1)) is None


def test_the_first_item_is_not_zero():
    error = refusal("list[0]", list=[])
    assert "list[1]" in str(error)


@pytest.mark.parametrize(
    ("source", "character", "plain"),
    [("a ，b", "，", ","), ("“x”", "“", '"'), ("f（1）", "（", "("), ("a ＝ 1", "＝", "="), ("a ≥ 1", "≥", ">=")],
)
def test_full_width_characters_are_named_with_the_right_ones(source, character, plain):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source)
    assert caught.value.fields["character"] == character
    assert caught.value.fields["plain"] == plain


def test_full_width_characters_inside_texts_are_texts():
    assert value_of('"（跟单），“急”"') == "（跟单），“急”"


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("", "empty"),
        ("1 +", "ends too early"),
        ('"abc', "closing one"),
        ("a b", "operator is missing"),
        ("a => b", ">="),
        ("a | b", "and / or"),
        ("a; b", "semicolon"),
        ("list.size()", "count(list)"),
        ("a.b.c(1)", "no methods"),
        ("? > 1", "outside a cell"),
        ("not(1, 2)", "cell of a decision table"),
        ("{a: 1, a: 2}", "twice"),
        ("5days", "cannot be read"),
        ("substring(text: 1)", "no parameter"),
        ('substring("a")', "with 1 arguments"),
        ("today(1)", "today()"),
    ],
)
def test_what_cannot_be_read_says_why(source, part):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source).evaluate({}, HERE)
    assert part in str(caught.value)


@pytest.mark.parametrize("source", ["${a", "${", "a ${ 'b }", "${}"])
def test_a_broken_text_is_refused(source):
    with pytest.raises(ExpressionError):
        compile_text(source)
