"""The cases of all rules."""

from tests.engine.validation.cases import data, events, flow, forms, lint, practice, structure, tasks, ways

CASES = [
    *lint.CASES, *structure.CASES, *events.CASES, *tasks.CASES, *data.CASES, *flow.CASES, *forms.CASES, *practice.CASES,
    *ways.CASES,
]  # fmt: skip
