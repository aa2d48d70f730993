"""What rules about the whole flow say of diagrams that run: of each of the corpus exactly what stands here."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.deployments.checking import check

CORPUS = Path(__file__).parents[1] / "corpus"
RULES = {
    "dead-condition", "idle-timer", "impossible-value", "maybe-unset", "missing-default", "stuck-join", "stuck-token",
    "type-mismatch", "unreachable", "unset-name",
}  # fmt: skip
SAID = {
    "exclusive-gateway/first-that-holds": {("dead-condition", "x1_c")},
    "exclusive-gateway/no-way-out": {("missing-default", "x1"), ("dead-condition", "x1_c")},
    "inclusive-gateway/token-behind-the-join": {("dead-condition", "fork_b")},
    "parallel-gateway/deadlock-is-seen": {("stuck-join", "join"), ("dead-condition", "x_a")},
    "parallel-gateway/excess-token": {("stuck-token", "join")},
}
"""Each is true: the conditions of these diagrams are constants, or they are about what goes wrong."""


@pytest.mark.parametrize("folder", sorted(each.name for each in CORPUS.iterdir() if any(each.glob("*.bpmn"))))
def test_a_diagram_that_runs_gives_no_false_alarm(folder: str) -> None:
    for path in sorted((CORPUS / folder).glob("*.bpmn")):
        found = check({path.name: path.read_bytes()}).findings
        said = {(each.rule, each.element_id) for each in found if each.rule in RULES}
        assert said == SAID.get(f"{folder}/{path.stem}", set()), path.name
