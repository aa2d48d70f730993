"""Print how our readers and our evaluation fare with a folder of foreign models; fail when one is not handled."""

from __future__ import annotations

import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path

from engine.definitions.findings import Finding, Level
from engine.definitions.reader import read_bpmn
from engine.dialect.program import compile_program
from engine.errors import GendanError
from engine.validation import validate_file
from tests.conformance.tck import run_model


def main(folder: Path) -> int:
    """Run `dmn/*/` and `bpmn/*.bpmn` under the folder; 0 when all results are right and nothing crashed."""
    failed = _decisions(folder / "dmn") + _diagrams(folder / "bpmn")
    print("ok" if not failed else f"{failed} failed")
    return 1 if failed else 0


def _decisions(folder: Path) -> int:
    models = results = right = right_models = 0
    for model in sorted(each for each in folder.glob("*/") if any(each.glob("*.dmn"))):
        found = list(run_model(model))
        wrong = [each for each in found if each.wrong]
        models, results, right = models + 1, results + len(found), right + len(found) - len(wrong)
        right_models += not wrong
        for each in wrong:
            print(f"DMN  {each.model} case {each.case} {each.node}: {each.wrong}")
    print(f"DMN  {right_models}/{models} models, {right}/{results} results")
    return results - right


def _diagrams(folder: Path) -> int:
    """A foreign diagram is read and checked, and runs or is refused with reasons; anything else is a failure.

    Every process is taken as executable: so it is seen what keeps it from running here.
    """
    failed = 0
    for path in sorted(folder.glob("*.bpmn")):
        started = time.perf_counter()
        try:
            findings, built, count = _diagram(path)
        except Exception:
            failed += 1
            print(f"BPMN {path.name}: crashed\n{traceback.format_exc()}")
            continue
        spent = (time.perf_counter() - started) * 1000
        counts = ", ".join(f"{sum(each.level is level for each in findings)} {level}s" for level in Level)
        print(f"BPMN {path.name}: {counts}; {built}/{count} processes built, {spent:.0f} ms")
        for each in findings:
            if each.level is Level.ERROR:
                print(f"     {each}")
    return failed


def _diagram(path: Path) -> tuple[list[Finding], int, int]:
    """The findings, and how many of the processes were built. What has no error must be built."""
    file, findings = read_bpmn(path.read_bytes(), path.name)
    processes = tuple(replace(each, executable=True) for each in file.processes)
    findings += validate_file(replace(file, processes=processes))
    clean, built = not any(each.level is Level.ERROR for each in findings), 0
    for process in processes:
        try:
            compile_program(process)
            built += 1
        except GendanError:
            if clean:
                raise
    return findings, built, len(processes)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where the models are: python -m tests.conformance DIR")
    sys.exit(main(Path(sys.argv[1])))
