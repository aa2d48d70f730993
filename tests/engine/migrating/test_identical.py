"""A version that says the same: going to it and back is seen nowhere, and the instance runs to the same end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.runtime.core import Execution, Program, compile_program
from engine.values import Value
from tests.engine.token_model.compare import MOST_OFFERS, Comparison
from tests.engine.token_model.diagram import Diagram
from tests.engine.token_model.generate import START, joined, structured, tangled, unstructured
from tests.engine.token_model.side import Engine

KINDS = (structured, unstructured, tangled, joined)


class Migrating(Engine):
    """The engine's side, which after every step goes to a twin of its version and back."""

    twin: Program | None = None
    """Compiled apart, under another digest."""

    def _rest(self) -> None:
        super()._rest()
        own = self._environment.own
        if self.twin is None:
            self.twin = compile_program(replace(own.definition, digest="twin"))
        before = self._execution.snapshot()
        for program in (self.twin, own):
            self._environment.own = program
            assert self._execution.obstacles(self._environment, {}) == ()
            self._execution.rebind(self._environment, {})
            self._execution.run()
            assert self._execution.drain() == ()
            assert self._execution.program is program
            assert _without_digest(self._execution.snapshot()) == _without_digest(before)
            self._execution = Execution.restore(self._execution.snapshot(), self._environment)
        assert self._execution.snapshot() == before


def _without_digest(snapshot: bytes) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(snapshot)
    return {key: value for key, value in found.items() if key != "p"}


def migrated(random: Random, diagram: Diagram, actions: int) -> bool:
    """One run beside the model; whether it ended. Raises Difference when the two disagree."""
    both = Comparison(diagram, save=False)
    variables: dict[str, Value] = {name: Decimal(value) for name, value in START.items()}
    both.engine = Migrating(diagram, variables, save=True)
    for _ in range(actions):
        pairs = both.check()
        if len(pairs) > MOST_OFFERS or not both.act(random, pairs):
            break
    both.check()
    return not both.model.open


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False), draw=st.sampled_from(KINDS))
def test_going_to_a_twin_and_back_changes_nothing_in_any_run(random: Random, draw: Any) -> None:
    migrated(random, draw(random), 12)


@pytest.mark.parametrize("draw", KINDS)
def test_most_of_these_runs_go_to_their_end(draw: Any) -> None:
    ends = [migrated(Random(seed), draw(Random(seed)), 40) for seed in range(12)]
    assert sum(ends) >= 4
