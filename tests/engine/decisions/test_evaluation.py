"""Decisions of every kind: computed inputs, types, requirements, knowledge models, boxed expressions."""

import time
from decimal import Decimal

import pytest

from engine.decisions import evaluate, read_dmn
from engine.errors import ExpressionError, ModelError
from engine.expressions import Function
from tests.engine.decisions.models import (
    decision,
    file_of,
    input_column,
    literal,
    one_column,
    output_column,
    requires_decision,
    requires_knowledge,
    table,
)
from tests.engine.expressions.surroundings import HERE, Surroundings


def decide(content, decision_id="", **names):
    file, findings = read_dmn(content, "test.dmn")
    assert not findings, [str(each) for each in findings]
    return evaluate(file, names, HERE, decision_id)


def test_an_input_may_be_computed():
    rules = [(["< 0"], ['"late"']), ([">= 0"], ['"in time"'])]
    inputs = [input_column("available - standard", "integer", label="slack")]
    content = file_of(decision("verdict", table("UNIQUE", inputs, [output_column("verdict", "string")], rules)))
    outcome = decide(content, available=Decimal(5), standard=Decimal(7))
    assert outcome.value == "late"
    assert outcome.inputs == {"slack": Decimal(-2)}


def test_an_unknown_name_is_null():
    assert decide(one_column("FIRST", [("null", '"nothing"'), ("-", '"something"')])).value == "nothing"


@pytest.mark.parametrize(
    ("type_ref", "value"),
    [("number", "5"), ("integer", Decimal("2.5")), ("string", Decimal(1)), ("boolean", "true")],
)
def test_an_input_of_another_type_is_an_error_that_names_it(type_ref, value):
    with pytest.raises(ModelError, match=f"the input x is declared as {type_ref}"):
        decide(one_column("FIRST", [("-", "1")], type_ref=type_ref), x=value)


def test_an_input_outside_its_values_is_an_error():
    inputs = [input_column("x", "string", '"a", "b"')]
    content = file_of(decision("d1", table("FIRST", inputs, [output_column("y")], [(["-"], ["1"])])))
    assert decide(content, x="a").value == 1
    with pytest.raises(ModelError, match='none of "a", "b"'):
        decide(content, x="c")


def test_a_decision_sees_what_it_requires_by_name_and_by_output():
    grade = table("FIRST", [input_column("points")], [output_column("letter")], [(["> 5"], ['"A"']), (["-"], ['"B"'])])
    content = file_of(
        decision("grade", grade, name="The grade"),
        decision("text", literal('"Grade " + The grade + letter'), requires_decision("grade")),
    )
    assert decide(content, "text", points=Decimal(7)).value == "Grade AA"


def test_a_knowledge_model_is_called_or_invoked():
    knowledge = (
        '<businessKnowledgeModel id="k" name="add up"><encapsulatedLogic><formalParameter name="a"/>'
        f'<formalParameter name="b"/>{literal("a + b + (if outside = null then 0 else 100)")}</encapsulatedLogic>'
        "</businessKnowledgeModel>"
    )
    invocation = (
        f"<invocation>{literal('add up')}<binding><parameter name='b'/>{literal('x')}</binding>"
        f"<binding><parameter name='a'/>{literal('1')}</binding></invocation>"
    )
    content = file_of(
        knowledge,
        decision("called", literal("add up(x, 1) * 2"), requires_knowledge("k")),
        decision("invoked", invocation, requires_knowledge("k")),
    )
    # A knowledge model sees its parameters only
    assert decide(content, "called", x=Decimal(2), outside=Decimal(1)).value == 6
    assert decide(content, "invoked", x=Decimal(2)).value == 3


def test_a_knowledge_model_called_in_a_loop_shares_the_budget():
    loop = literal("count(for i in 1..3000 return 1)")
    knowledge = (
        f'<businessKnowledgeModel id="k" name="work"><encapsulatedLogic><formalParameter name="a"/>{loop}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    content = file_of(knowledge, decision("d", literal("for i in 1..9000 return work(i)"), requires_knowledge("k")))
    with pytest.raises(ExpressionError, match="100000 steps"):
        decide(content)


def test_functions_of_the_surroundings_reach_their_own_context():
    class Wider(Surroundings):
        answer = Decimal(42)

    offered = Function("answer", (), "number", "-", "-", lambda context: context.answer)
    file, _ = read_dmn(file_of(decision("d", literal("answer()"))), "x.dmn")
    assert evaluate(file, {}, Wider({"answer": offered})).value == 42


def test_boxed_contexts_lists_and_relations():
    context = (
        f'<context><contextEntry><variable name="a"/>{literal("x + 1")}</contextEntry>'
        f'<contextEntry><variable name="b c"/>{literal("a * 2")}</contextEntry></context>'
    )
    result = context.replace("</context>", f"<contextEntry>{literal('a + b c')}</contextEntry></context>")
    content = file_of(
        decision("context", context),
        decision("result", result),
        decision("list", f"<list>{literal('x')}{literal('2')}</list>"),
        decision(
            "grid", f'<relation><column name="p"/><column name="q"/><row>{literal("1")}{literal("x")}</row></relation>'
        ),
    )
    assert decide(content, "context", x=Decimal(1)).value == {"a": 2, "b c": 4}
    assert decide(content, "result", x=Decimal(1)).value == 6
    assert decide(content, "list", x=Decimal(1)).value == [1, 2]
    assert decide(content, "grid", x=Decimal(5)).value == [{"p": 1, "q": 5}]


def test_an_item_definition_gives_components_and_allowed_values():
    content = file_of(
        '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'
        "</itemDefinition>"
        '<itemDefinition name="tOrder"><itemComponent name="kind"><typeRef>tKind</typeRef></itemComponent>'
        '<itemComponent name="unit price"><typeRef>number</typeRef></itemComponent></itemDefinition>'
        '<inputData id="i" name="my order"><variable name="my order" typeRef="tOrder"/></inputData>',
        decision("d1", literal("my order.unit price * 2")),
        decision(
            "d2", table("FIRST", [input_column("my order.kind", "tKind")], [output_column("y")], [(['"a"'], ["1"])])
        ),
    )
    order = {"kind": "a", "unit price": Decimal(3)}
    assert decide(content, "d1", **{"my order": order}).value == 6
    assert decide(content, "d2", **{"my order": order}).value == 1
    with pytest.raises(ModelError, match="none of"):
        decide(content, "d2", **{"my order": {"kind": "z"}})


def test_cells_may_call_the_value_by_camundas_name():
    inputs = [input_column("x", "number", extra='camunda:inputVariable="cell"')]
    content = file_of(
        decision("d1", table("FIRST", inputs, [output_column("y")], [(["cell > 3 and ? < 9"], ["cell * 2"])]))
    )
    assert decide(content, x=Decimal(5)).value == 10


def test_a_file_with_several_decisions_asks_which():
    content = file_of(decision("a", literal("1")), decision("b", literal("2")))
    file, _ = read_dmn(content, "test.dmn")
    with pytest.raises(ModelError, match="It has: a, b"):
        evaluate(file, {}, HERE)


@pytest.mark.parametrize(
    "space",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_the_standard_is_read(space):
    assert decide(file_of(decision("a", literal("1 + 1")), space=space)).value == 2


def test_equal_decisions_have_equal_digests_and_others_not():
    files = [file_of(decision("a", literal(text))) for text in ("1", "1", "2")]
    one, same, other = (read_dmn(content, "x")[0].decisions["a"].digest for content in files)
    assert one == same != other


def test_a_table_of_a_hundred_rules_and_four_columns_is_quick():
    rules = [([f"[{n}..{n + 1})", f'"k{n % 7}"', "> 1", "-"], [f'"v{n}"']) for n in range(100)]
    inputs = [input_column("a", "number"), input_column("b", "string"), input_column("c", "number"), input_column("d")]
    content = file_of(decision("d1", table("FIRST", inputs, [output_column("y")], rules)))
    file, _ = read_dmn(content, "x.dmn")
    names = {"a": Decimal(99), "b": "k1", "c": Decimal(2), "d": None}
    best = min(_timed(lambda: evaluate(file, names, HERE)) for _ in range(20))
    assert evaluate(file, names, HERE).value == "v99"
    assert best < 0.003  # 0.1 ms on an idle machine


def _timed(call):
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
