"""The practice's tables: whatever is asked, one rule of a UNIQUE table matches, and at least one of another."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import evaluate, read_dmn
from engine.decisions.columns import column_of
from tests.engine.decisions.models import decision, file_of, input_column, output_column, table
from tests.engine.expressions.surroundings import HERE

TABLES = json.loads(Path(__file__).with_name("practice_tables.json").read_text(encoding="utf-8"))
RANGES = {
    "level": st.integers(1, 3), "critical_found": st.integers(0, 20), "quantity": st.integers(1, 10_000),
    "late_wd": st.integers(-5, 30), "needed_within_wd": st.integers(-5, 30), "overdue_days": st.integers(-30, 90),
    "affected_pct": st.decimals(0, 100, places=2), "available_wd": st.integers(-20, 120),
}  # fmt: skip
VALUES = {"level": "1, 2, 3", "critical_found": ">= 0"}


def model_of(name):
    spec = TABLES[name]
    inputs = []
    for at, written in enumerate(spec["inputs"]):
        label, _, expression = written.rpartition(" = ")
        cells = [rule["when"][at] for rule in spec["rules"]]
        inputs.append(input_column(expression, _type(written, cells), VALUES.get(written, ""), label))
    outputs = [output_column(each) for each in spec["outputs"]]
    rules = [(rule["when"], [json.dumps(each, ensure_ascii=False) for each in rule["then"]]) for rule in spec["rules"]]
    return file_of(decision(name, table(spec["hit_policy"], inputs, outputs, rules)))


def _type(name, cells):
    if any('"' in cell for cell in cells):
        return "string"
    if any(cell in ("true", "false") for cell in cells):
        return "boolean"
    return "number" if name == "affected_pct" or cells == ["-"] * len(cells) else "integer"


def answers(file, name):
    """Inputs in range: the texts that the cells name, both truths, numbers around the edges."""
    clauses = file.decisions[name].table.inputs
    cells = [[rule.tests[at] for rule in file.decisions[name].table.rules] for at in range(len(clauses))]
    fields = {}
    for clause, column in zip(clauses, cells, strict=True):
        for free in sorted(clause.expression.names):
            fields[free] = _strategy(free, clause, column)
    return st.fixed_dictionaries(fields)


def _strategy(name, clause, cells):
    pieces = column_of(clause, cells)
    if clause.type.base == "string":
        return st.sampled_from([json.loads(label) for label in pieces.labels if label.startswith('"')])
    if clause.type.base == "boolean":
        return st.booleans()
    return RANGES.get(name, st.integers(-20, 120)).map(Decimal)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_sound(name):
    file, findings = read_dmn(model_of(name), f"{name}.dmn")
    assert [str(each) for each in findings] == []
    assert len(file.decisions[name].table.rules) == len(TABLES[name]["rules"])


@pytest.mark.parametrize("name", TABLES)
def test_whatever_is_asked_rules_answer(name):
    file, _ = read_dmn(model_of(name), f"{name}.dmn")
    unique = TABLES[name]["hit_policy"] == "UNIQUE"

    @settings(max_examples=80, deadline=None)
    @given(answers(file, name))
    def ask(names):
        outcome = evaluate(file, names, HERE)
        assert len(outcome.rules) == 1 if unique else outcome.rules

    ask()
