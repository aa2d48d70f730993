"""What a table answers under each hit policy, and how Camunda maps it."""

from decimal import Decimal

import pytest

from engine.decisions import evaluate, map_result, read_dmn
from engine.errors import ModelError
from tests.engine.decisions.models import decision, file_of, input_column, one_column, output_column, table
from tests.engine.expressions.surroundings import HERE


def decide(content, decision_id="", **names):
    file, _ = read_dmn(content, "test.dmn")
    return evaluate(file, names, HERE, decision_id)


STEPS = [("> 1", '"a"'), ("> 2", '"b"'), ("> 3", '"a"'), ("> 9", '"c"')]


@pytest.mark.parametrize(
    ("policy", "x", "value", "rules"),
    [
        ("UNIQUE", 2, "a", ("r1",)),
        ("UNIQUE", 0, None, ()),
        ("ANY", 2, "a", ("r1",)),
        ("FIRST", 5, "a", ("r1",)),
        ("PRIORITY", 5, "b", ("r2",)),
        ("OUTPUT ORDER", 10, ["c", "b", "a", "a"], ("r4", "r2", "r1", "r3")),
        ("RULE ORDER", 5, ["a", "b", "a"], ("r1", "r2", "r3")),
        ("COLLECT", 5, ["a", "b", "a"], ("r1", "r2", "r3")),
        ("COLLECT", 0, [], ()),
    ],
)
def test_each_policy_has_its_answer(policy, x, value, rules):
    outcome = decide(one_column(policy, STEPS, values='"c", "b", "a"'), x=Decimal(x))
    assert outcome.value == value
    assert outcome.rules == rules
    assert outcome.inputs == {"x": Decimal(x)}
    assert len(outcome.digest) == 64


def test_a_unique_table_names_the_rules_that_match_at_once():
    with pytest.raises(ModelError, match=r"rules 1 \(r1\), 2 \(r2\) match at once") as caught:
        decide(one_column("UNIQUE", STEPS), x=Decimal(3))
    assert caught.value.fields["decision"] == "d1"


def test_an_any_table_takes_equal_answers_only():
    content = one_column("ANY", [("> 1", '"a"'), ("> 2", '"a"'), ("> 3", '"b"')])
    assert decide(content, x=Decimal(3)).value == "a"
    with pytest.raises(ModelError, match=r"1 \(r1\), 3 \(r3\)"):
        decide(content, x=Decimal(4))


@pytest.mark.parametrize(
    ("aggregation", "value", "none"),
    [("SUM", 60, None), ("MIN", 10, None), ("MAX", 30, None), ("COUNT", 3, 0)],
)
def test_collect_aggregates(aggregation, value, none):
    cells = [("> 1", "10"), ("> 2", "20"), ("> 3", "30")]
    content = one_column("COLLECT", cells, extra=f'aggregation="{aggregation}"')
    outcome = decide(content, x=Decimal(5))
    assert outcome.value == value
    assert outcome.rows == ({"y": value},)
    assert decide(content, x=Decimal(0)).value == none


def test_a_sum_of_texts_is_refused():
    content = one_column("COLLECT", [("-", '"a"'), ("-", "1")], extra='aggregation="SUM"')
    with pytest.raises(ModelError, match="SUM does not go"):
        decide(content, x=Decimal(1))


def test_several_outputs_are_a_context_and_defaults_fill_in():
    outputs = [output_column("a", "string", default='"none"'), output_column("b", "number", default="0")]
    content = file_of(
        decision(
            "d1", table("UNIQUE", [input_column("x", "string")], outputs, [(['"k"'], ['"v"', "x = null ? 1 : 2"])])
        )
    )
    assert decide(content, x="k").value == {"a": "v", "b": Decimal(2)}
    assert decide(content, x="other").value == {"a": "none", "b": Decimal(0)}
    assert decide(content, x="other").rules == ()


@pytest.mark.parametrize(
    ("policy", "x", "kind", "expected"),
    [
        ("FIRST", 5, "singleEntry", "a"),
        ("FIRST", 0, "singleEntry", None),
        ("FIRST", 5, "singleResult", {"y": "a"}),
        ("FIRST", 0, "singleResult", None),
        ("FIRST", 5, "", [{"y": "a"}]),
        ("RULE ORDER", 3, "collectEntries", ["a", "b"]),
        ("RULE ORDER", 0, "collectEntries", []),
        ("RULE ORDER", 3, "resultList", [{"y": "a"}, {"y": "b"}]),
    ],
)
def test_results_are_mapped_as_camunda_does(policy, x, kind, expected):
    assert map_result(decide(one_column(policy, STEPS), x=Decimal(x)), kind) == expected


def test_more_than_a_mapping_takes_is_an_error():
    several = decide(one_column("RULE ORDER", STEPS), x=Decimal(5))
    for kind in ("singleEntry", "singleResult"):
        with pytest.raises(ModelError, match="3 rows"):
            map_result(several, kind)
    outputs = [output_column("a"), output_column("b")]
    wide = decide(file_of(decision("d1", table("FIRST", [input_column("x")], outputs, [(["-"], ["1", "2"])]))), x=None)
    for kind in ("singleEntry", "collectEntries"):
        with pytest.raises(ModelError, match="2 outputs"):
            map_result(wide, kind)
    with pytest.raises(ModelError, match="no mapping"):
        map_result(wide, "other")
