"""A foreign decision file: read, checked, and held to the test cases beside it."""

from __future__ import annotations

from pathlib import Path

from engine.decisions import read_dmn
from engine.definitions.findings import Level
from tests.conformance.report import Reported, Verdict
from tests.conformance.tck import cases_of, run_cases


def run_table(path: Path, name: str) -> Reported:
    """The verdict over one file: its results are right or not; without test cases it is only read."""
    file, findings = read_dmn(path.read_bytes(), name)
    errors = tuple(str(each) for each in findings if each.level is Level.ERROR)
    results = tuple(run_cases(path, file, errors))
    if not cases_of(path):
        verdict = Verdict.REFUSED if errors else Verdict.READ
        return Reported(name, "dmn", verdict, f"{len(file.decisions)} decisions", errors, tuple(findings))
    wrong = tuple(f"case {each.case} {each.node}: {each.wrong}" for each in results if each.wrong)
    says = f"{len(results) - len(wrong)}/{len(results)} results"
    verdict = Verdict.WRONG if wrong or not results else Verdict.RIGHT
    return Reported(name, "dmn", verdict, says, wrong, tuple(findings), results)
