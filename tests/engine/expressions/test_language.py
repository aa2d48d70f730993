"""What expressions mean: operators, null, paths, filters, loops, tests."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.errors import ExpressionError
from engine.expressions import compile_expression
from engine.values import YearsMonths
from tests.engine.expressions.surroundings import HERE, value_of

ITEMS = [{"name": "p", "quantity": Decimal(4)}, {"name": "q", "quantity": Decimal(9)}]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("0.1 + 0.2 = 0.3", True),
        ("10 / 4", Decimal("2.5")),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("-2 ** 2", 4),
        ("2 ** -1", Decimal("0.5")),
        ("10--5", 15),
        ("7 % 3", 1),
        ("-7 % 3", -1),
        ("modulo(-7, 3)", 2),
        ('"a" + "b"', "ab"),
        ("1.5e3", 1500),
        (".5", Decimal("0.5")),
    ],
)
def test_arithmetic_is_decimal(source, expected):
    assert value_of(source) == expected


@pytest.mark.parametrize(
    ("camunda", "feel"),
    [
        ("a == 1 && !b", "a = 1 and not(b)"),
        ("a != 1 || b", "a != 1 or b"),
        ("a eq 1 and b ne true", "a = 1 and b != true"),
        ("a gt 0 and a lt 2 and a ge 1 and a le 1", "a > 0 and a < 2 and a >= 1 and a <= 1"),
        ("a == 1 ? 'yes' : 'no'", 'if a = 1 then "yes" else "no"'),
        ("empty list", "count(list) = 0"),
        ("not empty list", "count(list) > 0"),
        ('c["x"]', "c.x"),
        ("c.x div 2", "c.x / 2"),
        ("${a + 1}", "a + 1"),
    ],
)
def test_spellings_of_camunda_and_feel_mean_the_same(camunda, feel):
    for names in ({"a": Decimal(1), "b": False}, {"a": Decimal(2), "b": True}):
        all_names = {**names, "list": [Decimal(1)], "c": {"x": Decimal(3)}}
        assert value_of(camunda, **all_names) == value_of(feel, **all_names)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("null + 1", None),
        ("null < 1", None),
        ("null = null", True),
        ("null = 1", False),
        ("null != 1", True),
        ("true and null", None),
        ("false and null", False),
        ("null and false", False),
        ("true or null", True),
        ("null or true", True),
        ("null or false", None),
        ("not(null)", None),
        ("if null then 1 else 2", 2),
        ("null.name", None),
        ("null[1]", None),
        ("upper case(null)", None),
        ("for x in null return x", None),
        ("null in (1, null)", True),
        ("empty null", True),
        ('empty ""', True),
        ("empty 0", False),
    ],
)
def test_null_is_carried_and_never_guessed(source, expected):
    assert value_of(source) is expected or value_of(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("items[1].name", "p"),
        ("items[-1].name", "q"),
        ("items[3]", None),
        ("items[i].name", "q"),
        ("items[quantity > 5].name", ["q"]),
        ("items[item.quantity > 5][1].name", "q"),
        ("items.quantity", [4, 9]),
        ("sum(items.quantity)", 13),
        ("items[quantity > limit].name", ["q"]),
        ("[1, 2, 3][item >= 2]", [2, 3]),
        ("[1, 2, 3][count([1, 2, 3])]", 3),
        ("[][1]", None),
        ("[true, false][item]", [True]),
        ("{a: 1, b: a + 1}.b", 2),
        ('{"two words": 2}["two words"]', 2),
        ("{first name: 1}.`first name`", 1),
        ('order["customer"].id', "C1"),
        ("order[key].id", "C1"),
        ("order.nothing", None),
    ],
)
def test_paths_and_filters(source, expected):
    names = {
        "items": ITEMS, "i": Decimal(2), "limit": Decimal(5), "order": {"customer": {"id": "C1"}}, "key": "customer",
    }  # fmt: skip
    assert value_of(source, **names) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for x in [1, 2] return x * 2", [2, 4]),
        ("for x in 1..3 return x", [1, 2, 3]),
        ("for x in 3..1 return x", [3, 2, 1]),
        ("for x in (1..3) return x", [2]),
        ("for x in [1, 2], y in [x, 10] return x * y", [1, 10, 4, 20]),
        ('for d in [@"2026-01-31"..@"2026-02-01"] return d.day', [31, 1]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("some x in [1, null] satisfies x > 1", None),
        ("every x in [] satisfies x > 1", True),
        ("for i in [1] return for j in [2] return i + j", [[3]]),
        ("if 1 > 2 then 1 else if true then 2 else 3", 2),
        ("1 + if true then 1 else 2", 2),
    ],
)
def test_loops_and_choices(source, expected):
    assert value_of(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x in [1..5]", True),
        ("x in (1..3)", False),
        ("x in ]1..3]", True),
        ("x in [1..3[", False),
        ("x in (1, 2, 3)", True),
        ("x in (< 2, > 3)", False),
        ("x in > 2", True),
        ("x in [1, 2]", False),
        ("x in ([1..2], [3..4])", True),
        ("x between 1 and 3", True),
        ("x between 1 and 2 and true", False),
        ("x in [low..high.value]", True),
        ("not(x in (1, 2))", True),
    ],
)
def test_membership(source, expected):
    assert value_of(source, x=Decimal(3), low=Decimal(1), high={"value": Decimal(3)}) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('date("2026-11-25") + duration("P1D")', date(2026, 11, 26)),
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('date("2026-11-25") - date("2026-11-20")', timedelta(days=5)),
        ('@"PT1H" * 2.5', timedelta(hours=2, minutes=30)),
        ('@"PT3H" / @"PT2H"', Decimal("1.5")),
        ('@"P1Y" + @"P6M"', YearsMonths(18)),
        ('time("16:30") + @"PT8H"', time(0, 30)),
        ('time("16:30") - time("08:00")', timedelta(hours=8, minutes=30)),
        ("due - start", timedelta(hours=2)),
        ("due.hour", 18),
        ("due.date", date(2026, 11, 25)),
        ("date(due) = today()", True),
        ("today().weekday", 3),
        ("due > now()", True),
        ('@"P2DT4H".hours', 4),
        ('date and time("2026-11-25T18:00") = due', True),
        ('date and time(today(), time("18:00")) = due', True),
    ],
)
def test_dates_are_meant_on_the_clock_of_the_place(source, expected):
    names = {"due": datetime(2026, 11, 25, 10, tzinfo=UTC), "start": datetime(2026, 11, 25, 8, tzinfo=UTC)}
    assert value_of(source, **names) == expected


def test_an_hour_is_an_hour_when_clocks_change():
    # Given a moment before Berlin's clocks go back, in Berlin time
    source = 'date and time("2026-10-25T01:30:00@Europe/Berlin") + @"PT3H"'
    # Then three hours later the clock shows 03:30
    assert value_of(f"string({source})") == "2026-10-25T03:30:00+01:00"


def test_the_right_side_is_not_asked_when_the_left_decides():
    assert value_of("false and missing > 1") is False
    assert value_of("true or missing > 1") is True


def test_known_names_may_hold_spaces_and_signs():
    compiled = compile_expression("Full Name + code-1", known=("Full Name", "Name", "code-1"))
    assert compiled.names == {"Full Name", "code-1"}
    assert compiled.evaluate({"Full Name": "a", "code-1": "b"}, HERE) == "ab"


def test_words_of_operators_may_begin_names():
    assert value_of("notes and ordered", notes=True, ordered=True) is True
    assert value_of("lt + 1", lt=Decimal(1)) == 2


def test_comments_are_read_over():
    assert value_of("1 + /* one */ 2 // and more") == 3


def test_what_validation_asks():
    compiled = compile_expression(
        "sum(items[quantity > lim].price) + o.x.y + work_hours(b) + count(for q in l return q + z)"
    )
    assert compiled.names == {"items", "o", "b", "l", "z"}
    assert compiled.maybe == {"quantity", "lim"}
    assert "o.x.y" in compiled.paths
    assert compiled.functions == {"sum", "work_hours", "count"}
    assert not compiled.constant
    assert compile_expression("1 + 2").constant


def test_is_defined_asks_without_an_error():
    assert value_of("is defined(missing)") is False
    assert value_of("is defined(a.b)", a={"b": None}) is True
    assert value_of("is defined(a.c)", a={}) is False
    assert compile_expression("is defined(missing)").names == frozenset()


def test_plain_whole_numbers_from_outside_are_numbers():
    assert value_of("loopCounter + 1 = 3 and loopCounter in [1..2]", loopCounter=2) is True


@pytest.mark.parametrize("source", ["[1..3]", "{a: [1..3]}", "[[1..3]]"])
def test_a_range_never_leaves_an_expression(source):
    with pytest.raises(ExpressionError, match="range"):
        value_of(source)
