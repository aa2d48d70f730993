"""`python -m tests.conformance DIR [--json FILE]`: run every model found under a folder, print how each fared; fail
when a result is wrong or anything crashed."""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.decisions import Decision, read_dmn
from tests.conformance.bounded import limited
from tests.conformance.diagrams import run_diagram
from tests.conformance.report import Reported, Verdict, as_json, as_table
from tests.conformance.tables import run_table

SECONDS = 60.0
"""What one model may take."""


def run_folder(folder: Path) -> list[Reported]:
    """The verdict over every `*.dmn` and `*.bpmn` under the folder, by path."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".bpmn", ".dmn") and path.is_file())
    return [_model(path, path.relative_to(folder).as_posix()) for path in paths]


def _model(path: Path, name: str) -> Reported:
    started = time.perf_counter()
    try:
        with limited(SECONDS):
            found = run_table(path, name) if path.suffix == ".dmn" else _diagram(path, name)
    except Exception as error:
        says = f"{type(error).__name__}: {error}"
        found = Reported(name, path.suffix[1:], Verdict.CRASHED, says, tuple(traceback.format_exc().splitlines()))
    return replace(found, milliseconds=round((time.perf_counter() - started) * 1000))


def _diagram(path: Path, name: str) -> Reported:
    return run_diagram(path.read_bytes(), name, _beside(path.parent))


def _beside(folder: Path) -> Mapping[str, Decision]:
    """The decisions of the files beside a diagram."""
    files = [read_dmn(each.read_bytes(), each.name)[0] for each in sorted(folder.glob("*.dmn"))]
    return {key: decision for file in files for key, decision in file.decisions.items()}


def main(arguments: list[str] | None = None) -> int:
    """Run a folder; the exit status: 0 all right, 1 something is wrong or crashed, 2 there is nothing to run."""
    parser = argparse.ArgumentParser(prog="tests.conformance", description="Run the models of others in a folder.")
    parser.add_argument("folder", type=Path, help="where *.bpmn and *.dmn are looked for, at any depth")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was found there too")
    given = parser.parse_args(arguments)
    models = run_folder(given.folder)
    if not models:
        print(f"There is no *.bpmn and no *.dmn under {given.folder}.", file=sys.stderr)
        return 2
    print(as_table(models))
    if given.json is not None:
        given.json.write_text(json.dumps(as_json(models), ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    failed = sum(each.verdict.failed for each in models)
    print(f"{failed} failed" if failed else "ok")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
