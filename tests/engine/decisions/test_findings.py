"""What is wrong with a decision file: found all at once, each with its place and a remedy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import read_dmn
from engine.definitions.findings import Level
from tests.engine.decisions.models import (
    SPACE,
    decision,
    file_of,
    input_column,
    literal,
    one_column,
    output_column,
    requires_decision,
    table,
)

X, Y = input_column("x"), output_column("y")
GROOVY = '<literalExpression expressionLanguage="groovy"><text>1</text></literalExpression>'


def findings(content):
    return read_dmn(content, "test.dmn")[1]


def rules_of(content):
    return [each.rule for each in findings(content)]


def test_a_sound_file_has_none():
    assert findings(one_column("UNIQUE", [("> 5", '"a"'), ("<= 5", '"b"')])) == []


def test_all_defects_are_told_at_once_with_line_id_and_name():
    content = file_of(
        decision("a", table("NEVER", [input_column("x")], [output_column("y")], [(["> "], ["1 +"])]), name="First"),
        decision("b", literal("“text”")),
        decision("c", "", requires_decision("missing")),
    )
    found = findings(content)
    assert [each.rule for each in found] == [
        "dmn-hit-policy", "dmn-syntax", "dmn-syntax", "dmn-syntax", "dmn-empty", "dmn-reference",
    ]  # fmt: skip
    assert {(each.line, each.element_id, each.element_name) for each in found} == {
        (3, "a", "First"), (4, "b", "b"), (5, "c", "c"),
    }  # fmt: skip
    assert all(each.level is Level.ERROR and each.file == "test.dmn" for each in found)
    assert "full-width" in str(found[3])


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (one_column("UNIQUE", []), "dmn-shape"),
        (one_column("PRIORITY", [("-", "1")]), "dmn-hit-policy"),
        (one_column("FIRST", [("-", "1")], extra='aggregation="SUM"'), "dmn-hit-policy"),
        (one_column("FIRST", [("-", '"a"')], type_ref="nonsense"), "dmn-type"),
        (one_column("FIRST", [("-", '"a"')], answer="number"), "dmn-type"),
        (one_column("FIRST", [("-", "1.5")], answer="integer"), "dmn-type"),
        (one_column("FIRST", [("-", '"c"')], values='"a", "b"'), "dmn-type"),
        (file_of(), "dmn-empty"),
        (file_of(decision("a", "<conditional/>")), "dmn-unsupported"),
        (file_of(decision("a", "<literalExpression/>")), "dmn-empty"),
        (file_of(decision("a", literal("1")), decision("a", literal("2"))), "dmn-reference"),
        (file_of(decision("a", GROOVY)), "dmn-language"),
        (file_of(decision("a", table("FIRST", [X], [Y, Y], [(["-"], ["1", "2"])]))), "dmn-shape"),
        (file_of(decision("a", table("FIRST", [X], [Y], [(["-", "-"], ["1"])]))), "dmn-shape"),
        (file_of(decision("a", table("FIRST", [X], [Y], [(["-"], ["accept"])]))), "dmn-name"),
    ],
)  # fmt: skip
def test_each_defect_has_its_rule(content, rule):
    assert rule in rules_of(content)


def test_requirements_in_a_circle_are_refused():
    content = file_of(
        decision("a", literal("b"), requires_decision("b")), decision("b", literal("a"), requires_decision("a"))
    )
    (found,) = findings(content)
    assert found.rule == "dmn-cycle"
    assert "a → b → a" in str(found)


@pytest.mark.parametrize(
    ("cells", "type_ref", "overlap", "gap"),
    [
        (["> 5", "<= 5"], "number", False, False),
        (["> 5", "< 5"], "number", False, True),
        (["[1..5]", "> 5", "< 1"], "integer", False, False),
        (["[1..5]", "> 6", "< 1"], "integer", False, True),
        (["[1..5]", ">= 6", "< 1"], "integer", False, False),
        (["[1..5]", ">= 6", "< 1"], "number", False, True),
        (["[1..5]", "[5..9]"], "number", True, True),
        (["(1..2)"], "integer", False, True),
        (['"a"', '"b"'], "string", False, False),
        (['"a"', 'not("a")'], "string", False, False),
        (['"a"', 'not("b")'], "string", True, True),
        (["true", "false"], "boolean", False, False),
        (["true"], "boolean", False, True),
        (["true", "-"], "boolean", True, False),
        (["limit", "-"], "number", False, False),
    ],
)
def test_overlaps_and_gaps_of_one_column(cells, type_ref, overlap, gap):
    found = rules_of(one_column("UNIQUE", [(cell, "1") for cell in cells], type_ref=type_ref))
    assert ("dmn-overlap" in found) is overlap
    assert ("dmn-gap" in found) is gap


def test_a_gap_is_shown_by_an_example_and_closed_by_the_inputs_values():
    def content(values):
        inputs = [input_column("kind", "string", values), input_column("size", "integer", label="Size")]
        rules = [(['"a"', ">= 3"], ["1"]), (['"a"', "< 3"], ["2"]), (['"b"', "-"], ["3"])]
        return file_of(decision("d1", table("UNIQUE", inputs, [output_column("y")], rules)))

    assert findings(content("")) == []
    assert findings(content('"a", "b"')) == []
    (found,) = findings(content('"a", "b", "c"'))
    assert found.level is Level.WARNING
    assert 'kind "c"' in str(found)


def test_an_overlap_names_both_rules_and_an_input():
    rules = [(['"a"', "> 1"], ["1"]), (["-", "> 5"], ["2"])]
    inputs = [input_column("kind", "string"), input_column("size", "number")]
    content = file_of(decision("d1", table("UNIQUE", inputs, [output_column("y")], rules)))
    (found,) = (each for each in findings(content) if each.level is Level.ERROR)
    assert 'Rules 1 (r1) and 2 (r2) both match, for instance with kind "a", size > 5' in str(found)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "well-formed"),
        (b"<definitions", "well-formed"),
        (b"<definitions/>", "DMN 1.1 to 1.5"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "DMN 1.1 to 1.5"),
        (b"x" * 5_000_001, "5 MB"),
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]><definitions xmlns="' + SPACE.encode() + b'">&b;</definitions>',
            "document type",
        ),
        (f'<!DOCTYPE a SYSTEM "http://localhost/x.dtd"><definitions xmlns="{SPACE}"/>'.encode(), "document type"),
        (f'<definitions xmlns="{SPACE}">{"<a/>" * 250_000}</definitions>'.encode(), "elements"),
        (f'<definitions xmlns="{SPACE}">{"<a>" * 400}{"</a>" * 400}</definitions>'.encode(), "well-formed"),
    ],
    ids=["empty", "cut", "no namespace", "bpmn", "large", "entity", "dtd", "wide", "deep"],
)
def test_hostile_and_foreign_files_are_one_finding(content, part):
    file, found = read_dmn(content, "bad.dmn")
    assert file.decisions == {}
    assert [each.rule for each in found] == ["dmn-xml"]
    assert part in str(found[0])


def test_diamonds_of_requirements_do_not_unfold():
    layers = [decision("n0", literal("1"))]
    for layer in range(1, 50):
        for side in ("n", "m"):
            below = requires_decision(f"n{layer - 1}") + (requires_decision(f"m{layer - 1}") if layer > 1 else "")
            layers.append(decision(f"{side}{layer}", literal(f"n{layer - 1} + 1"), below))
    file, found = read_dmn(file_of(*layers), "x.dmn")
    assert found == []
    assert len(file.decisions["n49"].chain()) == 98
    assert file.decisions["n49"].names == frozenset()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_file_never_crashes_the_reader(place, byte):
    content = bytearray(one_column("UNIQUE", [("> 5", '"a"'), ("<= 5", '"b"')]))
    content[place % len(content)] = byte
    read_dmn(bytes(content), "damaged.dmn")
