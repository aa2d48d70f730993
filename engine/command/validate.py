"""gendan validate: check a practice without deploying it; needs no database."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.findings import print_findings
from engine.command.main import FINDINGS
from engine.command.opening import PRACTICE, practice_files, practice_folder
from engine.definitions.findings import Level
from engine.runtime.checking import check


@click.command()
@click.argument("path", type=PRACTICE, default="processes")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def validate(path: Path, strict: bool) -> None:
    """Check the diagrams, tables and files of a practice, all findings at once.

    PATH is the folder of the practice, or one file of it: then its folder is checked as a whole, since a diagram
    calls others, and the findings of that file are shown.
    """
    folder = practice_folder(path)
    findings = check(practice_files(folder)).findings
    if path.is_file():
        name = path.resolve().relative_to(folder.resolve()).as_posix() if folder.is_dir() else path.name
        findings = tuple(each for each in findings if each.file == name)
    print_findings(findings)
    if any(each.level is Level.ERROR or (strict and each.level is Level.WARNING) for each in findings):
        raise SystemExit(FINDINGS)
