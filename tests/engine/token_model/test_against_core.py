"""Random diagrams and random runs: the engine's core does what the token model does, stored after each step or not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.definitions.findings import Level
from engine.definitions.reader import read_bpmn
from engine.validation import validate_file
from tests.engine.token_model.compare import Difference, run
from tests.engine.token_model.diagram import Diagram
from tests.engine.token_model.generate import joined, structured, tangled, unstructured
from tests.engine.token_model.generate_eventful import eventful
from tests.engine.token_model.writing import write

KINDS = (structured, unstructured, tangled, joined, eventful)
SOAK = {eventful: 10_000}
"""How many diagrams of a kind `make soak` runs, where it is not 2,000."""
Draw = Callable[[Random], Diagram]


def played(seed: int, draw: Draw, save: bool, faults: frozenset[str] = frozenset()) -> str:
    """One run from a seed."""
    random = Random(seed)
    return run(random, draw(random), save, 40, faults)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False), draw=st.sampled_from(KINDS), save=st.booleans())
def test_any_diagram_runs_as_the_model_says(random: Random, draw: Draw, save: bool) -> None:
    # Given a random diagram; when both sides go through the same random actions, then all that can be seen is equal
    run(random, draw(random), save, 15)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False), save=st.booleans())
def test_events_compensation_and_items_in_one_another_run_as_the_model_says(random: Random, save: bool) -> None:
    run(random, eventful(random), save, 25)


@pytest.mark.parametrize("draw", KINDS)
def test_known_seeds_run_as_the_model_says_with_and_without_saving(draw: Draw) -> None:
    ends = Counter(played(seed, draw, save) for seed in range(25) for save in (False, True))
    # and they are runs worth comparing: most go to their end
    assert ends["completed"] > 25


@pytest.mark.parametrize(
    ("fault", "draw"),
    [
        ("join-at-once", unstructured),
        ("excess-forgotten", joined),
        ("second-clause-missing", tangled),
        ("boundary-not-cancelling", structured),
        ("event-subprocess-not-cancelling", eventful),
        ("any-code-first", eventful),
        ("undone-again", eventful),
        ("first-completed-undone-first", eventful),
    ],
)
def test_a_fault_in_either_would_be_seen(fault: str, draw: Draw) -> None:
    # Given a model with a deliberate mistake, then some of the runs differ
    def differs(seed: int) -> bool:
        try:
            played(seed, draw, False, frozenset({fault}))
        except Difference:
            return True
        return False

    assert any(differs(seed) for seed in range(200))


@pytest.mark.parametrize("draw", KINDS)
def test_the_rules_have_nothing_against_what_is_generated(draw: Draw) -> None:
    # Generated diagrams are such as may be deployed: what is proved here is what runs
    for seed in range(40):
        file, findings = read_bpmn(write(draw(Random(seed))), "case.bpmn")
        errors = [
            found for found in validate_file(file) if found.level is Level.ERROR and found.rule != "unknown-function"
        ]
        assert (findings, errors) == ([], [])


@pytest.mark.soak
@pytest.mark.parametrize("draw", KINDS)
def test_many_seeds_run_as_the_model_says(draw: Draw) -> None:
    ends: Counter[str] = Counter()
    for seed in range(1_000, 1_000 + int(os.environ.get("GENDAN_SOAK_RUNS", SOAK.get(draw, 2_000)))):
        ends.update(played(seed, draw, save) for save in (False, True))
    assert ends["completed"] > sum(ends.values()) // 3
