"""Every built-in function by examples; none may be without one."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.errors import ExpressionError
from engine.expressions import FUNCTIONS, Function, Parameter, Registry, compile_expression
from engine.values import YearsMonths
from tests.engine.expressions.surroundings import HERE, Surroundings, value_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
EXAMPLES = [
    ('substring("foobar", 3)', "obar"),
    ('substring("foobar", 3, 2)', "ob"),
    ('substring("foobar", -2)', "ar"),
    ('substring(string: "foobar", start position: 3, length: 1)', "o"),
    ('string length("跟单")', 2),
    ('upper case("ab")', "AB"),
    ('lower case("AB")', "ab"),
    ('trim(" a ")', "a"),
    ('is blank("  ")', True),
    ('substring before("foobar", "bar")', "foo"),
    ('substring before("foobar", "x")', ""),
    ('substring after("foobar", "ob")', "ar"),
    ('contains("foobar", "ob")', True),
    ('starts with("foobar", "fo")', True),
    ('ends with("foobar", "r")', True),
    ('matches("WT26-001", "^WT\\d{2}-\\d+$")', True),
    ('matches("ABC", "b", "i")', True),
    ('replace("banana", "a", "o")', "bonono"),
    ('replace("2026-11", "(\\d+)-(\\d+)", "$2/$1")', "11/2026"),
    ('replace("a.b", "\\.", "\\$")', "a$b"),
    ('split("a; b;c", ";\\s*")', ["a", "b", "c"]),
    ('string join(["a", null, "b"], ", ", "<", ">")', "<a, b>"),
    ("string(1.50)", "1.5"),
    ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
    ('string(date("2026-11-25"))', "2026-11-25"),
    ('string(@"P1DT2H3M4.5S")', "P1DT2H3M4.5S"),
    ('string(@"-P14M")', "-P1Y2M"),
    ('string(date and time("2026-11-25T16:30"))', "2026-11-25T16:30:00+08:00"),
    ('string(time("16:30:00Z"))', "16:30:00Z"),
    ("decimal(2.5, 0)", 2),
    ("decimal(1 / 3, 2)", Decimal("0.33")),
    ("floor(-1.5)", -2),
    ("ceiling(1.234, 2)", Decimal("1.24")),
    ("round up(-1.1)", -2),
    ("round down(-1.9)", -1),
    ("round half up(2.345, 2)", Decimal("2.35")),
    ("round half up(1234, -2)", 1200),
    ("round half down(2.345, 2)", Decimal("2.34")),
    ("abs(-3)", 3),
    ('abs(@"-PT1H")', timedelta(hours=1)),
    ('abs(@"-P1M")', YearsMonths(1)),
    ("modulo(-12, 5)", 3),
    ("modulo(12, -5)", -3),
    ("sqrt(16)", 4),
    ("decimal(log(10), 4)", Decimal("2.3026")),
    ("decimal(exp(1), 4)", Decimal("2.7183")),
    ("odd(-3)", True),
    ("even(4)", True),
    ('number("1 000,5", " ", ",")', Decimal("1000.5")),
    ('number("1,000.5", ",", ".")', Decimal("1000.5")),
    ("includes([1..5], 5)", True),
    ("count([1, null])", 2),
    ("sum([1, 2])", 3),
    ("sum(1, 2, 3)", 6),
    ('sum([@"PT1H", @"PT2H"])', timedelta(hours=3)),
    ("sum([])", None),
    ("product(2, 3)", 6),
    ("mean([1, 2, 6])", 3),
    ("median(8, 2, 5, 3, 4)", 4),
    ("median([6, 1, 2, 3])", Decimal("2.5")),
    ("min(3, 1, 2)", 1),
    ('min(["b", "a"])', "a"),
    ("max([3, 1])", 3),
    ('max([@"2026-01-01", @"2026-02-01"])', date(2026, 2, 1)),
    ("all([true, null])", None),
    ("all([])", True),
    ("any([false, true, null])", True),
    ("list contains([1, {a: 2}], {a: 2})", True),
    ("list contains([1, null], null)", True),
    ("index of([1, 2, 1], 1)", [1, 3]),
    ("sublist([4, 5, 6], 1, 2)", [4, 5]),
    ("sublist([4, 5, 6], -1)", [6]),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1, 2], [3])", [1, 2, 3]),
    ("union([1, 2], [2, 3])", [1, 2, 3]),
    ('distinct values([1, 1.0, "1", [2], [2], null, null])', [1, "1", [2], None]),
    ("insert before([1, 3], 2, 2)", [1, 2, 3]),
    ("insert before([1], 2, 2)", [1, 2]),
    ("remove([1, 2, 3], -1)", [1, 2]),
    ("list replace([1, 2], 2, 9)", [1, 9]),
    ("reverse([1, 2])", [2, 1]),
    ("flatten([[1, [2]], 3])", [1, 2, 3]),
    ("sort([3, 1, null, 2])", [1, 2, 3, None]),
    ('sort([{a: 2}, {a: 1}], "a")', [{"a": 1}, {"a": 2}]),
    ('sort([{a: 1}, {a: 2}], "a", true).a', [2, 1]),
    ('get value({a: 1}, "a")', 1),
    ("get entries({a: 1})", [{"key": "a", "value": 1}]),
    ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
    ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
    ('context([{key: "a", value: 1}])', {"a": 1}),
    ("is defined(1)", True),
    ("get or else(null, 1)", 1),
    ("coalesce(null, null, 3)", 3),
    ("is(1, 1.0)", True),
    ('is(1, "1")', False),
    ('date("2026-11-25")', date(2026, 11, 25)),
    ("date(2026, 11, 25)", date(2026, 11, 25)),
    ('date(date and time("2026-11-24T20:00:00Z"))', date(2026, 11, 25)),
    ('time("16:30")', time(16, 30)),
    ("time(16, 30, 0)", time(16, 30)),
    ("time(now())", time(16)),
    ('date and time("2026-11-25T16:30")', datetime(2026, 11, 25, 16, 30, tzinfo=SHANGHAI)),
    ('date and time(date("2026-11-25"), time("16:30"))', datetime(2026, 11, 25, 16, 30, tzinfo=SHANGHAI)),
    ('date and time("2026-11-25")', datetime(2026, 11, 25, tzinfo=SHANGHAI)),
    ('duration("P2W")', timedelta(weeks=2)),
    ('duration("P1Y2M")', YearsMonths(14)),
    ('years and months duration(date("2025-11-26"), date("2026-11-25"))', YearsMonths(11)),
    ('years and months duration(date("2026-11-25"), date("2025-11-26"))', YearsMonths(-11)),
    ('day of week(date("2026-11-25"))', "Wednesday"),
    ('day of year(date("2026-02-01"))', 32),
    ('week of year(date("2026-01-01"))', 1),
    ('month of year(date("2026-11-25"))', "November"),
    ('last day of month(date("2028-02-03"))', date(2028, 2, 29)),
    ("now()", datetime(2026, 11, 25, 16, tzinfo=SHANGHAI)),
    ("today()", date(2026, 11, 25)),
]


@pytest.mark.parametrize(("source", "expected"), EXAMPLES, ids=[source for source, _ in EXAMPLES])
def test_examples(source, expected):
    assert value_of(source) == expected


def test_every_built_in_function_has_an_example_and_help_in_both_languages():
    called = {name for source, _ in EXAMPLES for name in compile_expression(source).functions} | {"is defined"}
    built_in = {name for name, each in FUNCTIONS.items() if each.group != "context"} | {"now", "today"}
    assert built_in <= called
    for function in FUNCTIONS.values():
        assert function.help_en
        assert function.help_zh


def hours_later(context, count, start=None):
    return (start or context.now()) + timedelta(hours=int(count))


HOURS_LATER = Function(
    "hours_later", (Parameter("n", "number"), Parameter("from", "date and time", True)), "date and time",
    "So many hours later.", "若干小时之后。", hours_later, working=True,
)  # fmt: skip


def test_a_context_offers_functions_of_its_own():
    here = Surroundings({"hours_later": HOURS_LATER})
    compiled = compile_expression("hours_later(4)")
    assert compiled.functions == {"hours_later"}
    assert compiled.evaluate({}, here) == HERE.now() + timedelta(hours=4)
    assert compile_expression("hours_later(from: now(), n: 1)").evaluate({}, here) == HERE.now() + timedelta(hours=1)
    assert compile_expression("hours_later(null)").evaluate({}, here) is None
    with pytest.raises(ExpressionError, match="argument 1"):
        compile_expression('hours_later("4")').evaluate({}, here)
    with pytest.raises(ExpressionError, match="no function here"):
        compiled.evaluate({}, HERE)


def test_a_registry_keeps_the_built_in_names():
    registry = Registry()
    built_in = FUNCTIONS["sum"]
    registry.register(built_in, HOURS_LATER)
    assert registry["hours_later"].working
    with pytest.raises(ValueError, match="built-in"):
        registry.register(Function("sum", (), "number", "", "", hours_later))
