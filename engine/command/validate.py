"""gendan validate: check a practice without deploying it; needs no database."""

from __future__ import annotations

from pathlib import Path

import click

from engine.clock import SystemClock
from engine.command.finding_formats import as_json, as_sarif
from engine.command.findings import print_findings
from engine.command.main import FINDINGS
from engine.command.opening import PRACTICE, practice_files, practice_folder, templates_of
from engine.command.rule_pages import known, page
from engine.definitions.findings import Finding, Level
from engine.definitions.practice import nearest
from engine.errors import Invalid
from engine.runtime.deployments.checking import check

_FORMATS = {"json": as_json, "sarif": as_sarif}


def _explain(ctx: click.Context, _: click.Parameter, rule: str | None) -> None:
    """Print the page of a rule before anything else is looked at."""
    if rule is None:
        return
    found = page(rule)
    if not found:
        raise Invalid("There is no rule %(rule)s.%(guess)s", rule=rule, guess=nearest(rule, known()))
    click.echo(found)
    ctx.exit()


@click.command()
@click.argument("path", type=PRACTICE, default="processes")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--format", "form", type=click.Choice(["text", *_FORMATS]), default="text", help="How findings are told.")
@click.option("--explain", metavar="RULE", expose_value=False, is_eager=True, callback=_explain,
              help="Print the page of a rule, and check nothing.")  # fmt: skip
def validate(path: Path, strict: bool, form: str) -> None:
    """Check the diagrams, tables and files of a practice, all findings at once.

    PATH is the folder of the practice, or one file of it: then its folder is checked as a whole, since a diagram
    calls others, and the findings of that file are shown.
    """
    findings = _findings(path)
    if form in _FORMATS:
        click.echo(_FORMATS[form](findings))
    else:
        print_findings(findings)
    if any(each.level is Level.ERROR or (strict and each.level is Level.WARNING) for each in findings):
        raise SystemExit(FINDINGS)


def _findings(path: Path) -> tuple[Finding, ...]:
    folder = practice_folder(path)
    findings = check(practice_files(folder) | templates_of(folder), SystemClock().now()).findings
    if path.is_file():
        name = path.resolve().relative_to(folder.resolve()).as_posix() if folder.is_dir() else path.name
        findings = tuple(each for each in findings if each.file == name)
    return findings
