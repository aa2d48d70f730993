"""Printing findings and changes of a practice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import click

from engine.definitions.findings import Finding, Level
from engine.runtime.deployments import Change

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "blue"}
_SIGNS = {"new": "+", "changed": "~", "removed": "-"}
_SIGN_COLOURS = {"new": "green", "changed": "yellow", "removed": "red"}


def print_findings(findings: Sequence[Finding]) -> None:
    """A line a finding, and how many there are of each level."""
    for finding in findings:
        click.secho(str(finding), fg=_COLOURS[finding.level])
    counts = Counter(finding.level for finding in findings)
    shown = ", ".join(f"{counts[level]} {level}{'s' if counts[level] != 1 else ''}" for level in Level if counts[level])
    click.echo(shown or "No findings.")


def print_changes(changes: Iterable[Change]) -> None:
    """A line a change: + new, ~ changed, - removed."""
    shown = False
    for change in changes:
        shown = True
        name = f" {change.name}" if change.name and change.name != change.id else ""
        file = f" ({change.file})" if change.file != change.id else ""
        click.secho(f"{_SIGNS[change.kind]} {change.what} {change.id}{name}{file}", fg=_SIGN_COLOURS[change.kind])
    if not shown:
        click.echo("Nothing changed.")
