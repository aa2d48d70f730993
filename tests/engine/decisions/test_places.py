"""What goes wrong while a table is evaluated names the decision, the rule and the cell; and how deep decisions go."""

from decimal import Decimal

import pytest

from engine.decisions import evaluate, read_dmn
from engine.errors import ExpressionError, GendanError, ModelError
from tests.engine.decisions.models import (
    decision,
    file_of,
    input_column,
    literal,
    one_column,
    output_column,
    requires_decision,
    table,
)
from tests.engine.expressions.surroundings import HERE


def decide(content, decision_id="", **names):
    file, _ = read_dmn(content, "test.dmn")
    return evaluate(file, names, HERE, decision_id)


@pytest.mark.parametrize(
    ("content", "kind", "place"),
    [
        (
            one_column("FIRST", [("< 0", "1"), ("gone(?)", "1")]),
            ExpressionError, "Decision d1 (d1), rule 2 (r2), column x",
        ),
        (
            one_column("FIRST", [("< 0", "1"), ("-", "gone(x)")]),
            ExpressionError, "Decision d1 (d1), rule 2 (r2), column y",
        ),
        (
            one_column("FIRST", [("< 0", "1"), ("-", 'if x > 0 then "a" else 1')], answer="number"),
            ModelError, "Decision d1 (d1), rule 2 (r2): the answer a is no number, as y",
        ),
        (
            one_column("COLLECT", [("-", "1"), ("-", '"a"')], extra='aggregation="MAX"'),
            ModelError, "Decision d1 (d1): MAX does not go with the answers 1 and a of rules 1 (r1), 2 (r2)",
        ),
        (
            file_of(decision("d1", table("FIRST", [input_column("gone(x)")], [output_column("y")], [(["-"], ["1"])]))),
            ExpressionError, "Decision d1 (d1), column gone(x)",
        ),
        (
            file_of(decision("d1", literal("gone(x)"), name="The verdict")),
            ExpressionError, "Decision d1 (The verdict): ",
        ),
    ],
)  # fmt: skip
def test_the_place_is_named(content, kind, place):
    with pytest.raises(kind) as caught:
        decide(content, x=Decimal(5))
    assert str(caught.value).startswith(place)
    assert isinstance(caught.value, GendanError)


WIDE = [
    output_column("grade", "string", '"high", "low"'),
    output_column("place", "string", '"first", "second"'),
]
ROWS = [(["> 0"], ['"low"', '"first"']), (["> 1"], ['"high"', '"second"']), (["> 2"], ['"high"', '"first"'])]


@pytest.mark.parametrize(
    ("policy", "rules"),
    [("PRIORITY", ("r3",)), ("OUTPUT ORDER", ("r3", "r2", "r1")), ("RULE ORDER", ("r1", "r2", "r3"))],
)
def test_several_outputs_are_ordered_by_the_first_that_differs(policy, rules):
    content = file_of(decision("d1", table(policy, [input_column("x", "number")], WIDE, ROWS)))
    assert decide(content, x=Decimal(5)).rules == rules


def test_any_compares_all_outputs():
    content = file_of(decision("d1", table("ANY", [input_column("x", "number")], WIDE, ROWS)))
    assert decide(content, x=Decimal(1)).value == {"grade": "low", "place": "first"}
    with pytest.raises(ModelError, match=r"1 \(r1\), 2 \(r2\) match with different answers"):
        decide(content, x=Decimal(2))


@pytest.mark.parametrize(("aggregation", "value"), [("MIN", "2026-01-01"), ("MAX", "2026-03-01")])
def test_the_least_and_the_most_of_dates(aggregation, value):
    cells = [("-", 'date("2026-03-01")'), ("-", 'date("2026-01-01")')]
    found = decide(one_column("COLLECT", cells, extra=f'aggregation="{aggregation}"'), x=Decimal(1)).value
    assert found.isoformat() == value


def chain(length, users_first=False):
    """Decisions that each add one to the one before."""
    steps = [decision("d0", literal("x"))]
    steps += [
        decision(f"d{n}", literal(f"d{n - 1} + 1"), requires_decision(f"d{n - 1}")) for n in range(1, length)
    ]  # fmt: skip
    return file_of(*(reversed(steps) if users_first else steps))


@pytest.mark.parametrize("users_first", [False, True])
def test_decisions_may_require_each_other_fifty_deep(users_first):
    assert decide(chain(50, users_first), "d49", x=Decimal(1)).value == 50


@pytest.mark.parametrize("users_first", [False, True])
def test_deeper_than_is_followed_is_refused_with_a_reason_in_whatever_order_they_are_written(users_first):
    _, findings = read_dmn(chain(80, users_first), "deep.dmn")
    assert any("60 deep" in each.said and each.line > 0 for each in findings)
