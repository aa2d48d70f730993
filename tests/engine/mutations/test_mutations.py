"""Valid files, damaged: each is refused clearly or runs; nothing raises, hangs or eats the memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from random import Random

import pytest

from engine.definitions import findings
from tests.conformance.bounded import TooLong, limited
from tests.engine.mutations import judging, worker
from tests.engine.mutations.damage import damaged
from tests.engine.mutations.originals import ROOT, originals


def judged(first: int, last: int) -> tuple[Counter[str], list[str]]:
    """How the mutations of these numbers fared, and everything that is wrong, in a bounded process."""
    command = [sys.executable, "-m", "tests.engine.mutations.worker", str(first), str(last)]
    most = 60 + 2.0 * (last - first)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=most, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [f"mutation {each['seed']} of {each['name']}:\n{each['wrong']}" for each in told if "wrong" in each]
    if done.returncode:
        wrong.append(f"the process died at mutation {told[-1]['seed'] if told else first}:\n{done.stderr}")
    return Counter(each["fared"] for each in told if "fared" in each), wrong


def test_500_damaged_files_are_refused_clearly_or_run() -> None:
    fared, wrong = judged(0, 500)
    assert not wrong, "\n".join(wrong)
    assert fared.total() == 500
    # and they are damages worth the name: most are refused, and many are not seen to be wrong
    assert fared["refused"] > 250
    assert fared["ran"] > 50


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_10_000_damaged_files_are_refused_clearly_or_run(part: int) -> None:
    each = int(os.environ.get("GENDAN_SOAK_MUTATIONS", "1000"))
    _, wrong = judged(100_000 + part * each, 100_000 + (part + 1) * each)
    assert not wrong, "\n".join(wrong)


def test_the_files_are_valid_before_they_are_damaged() -> None:
    # What names others of its practice is refused alone (its groups, what it calls); most are not
    fared = Counter(judging.judge(name, content, Random(0)) for name, content in originals())
    assert fared["ran"] > 0.8 * fared.total()


def test_a_damage_is_the_same_for_the_same_number_and_does_damage() -> None:
    assert [worker.mutation(seed) for seed in range(5)] == [worker.mutation(seed) for seed in range(5)]
    content = originals()[0][1]
    assert len({damaged(Random(seed), content) for seed in range(20)}) > 15


@pytest.mark.parametrize("fault", [KeyError("x"), RecursionError(), MemoryError(), AssertionError()])
def test_a_traceback_would_be_seen(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a check with a fault in it, then it comes through
    def raising(*_: object) -> list[findings.Finding]:
        raise fault

    monkeypatch.setattr(judging, "validate_file", raising)
    with pytest.raises(type(fault)):
        judging.judge(*_diagram(), Random(0))


def test_a_finding_without_a_remedy_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings.Finding("rule", findings.Level.ERROR, "a.bpmn", 3, "t", "", "It is wrong.", "")
    monkeypatch.setattr(judging, "validate_file", lambda _: [found])
    with pytest.raises(judging.Unclear):
        judging.judge(*_diagram(), Random(0))


def test_what_is_accepted_and_does_not_compile_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given checks that find nothing in a diagram that the dialect refuses
    monkeypatch.setattr(judging, "validate_file", lambda _: [])
    name, content = _diagram()
    with pytest.raises(judging.Unclear, match="does not compile"):
        judging.judge(name, content.replace(b"${", b"${)", 1), Random(0))


def test_a_hang_would_be_seen() -> None:
    with pytest.raises(TooLong), limited(0.05):
        threading.Event().wait()


def _diagram() -> tuple[str, bytes]:
    return next((name, content) for name, content in originals() if name.startswith("structured") and b"${" in content)
