"""Printing findings and changes of a practice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import shorten

import click

from engine.decisions import TableDifference
from engine.decisions.differences import Cell
from engine.definitions.differences import Part
from engine.definitions.findings import Finding, Level
from engine.runtime.deployments.changes import Change

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "blue"}
_WIDTH = 100
_SIGNS = {"new": "+", "changed": "~", "moved": "~", "removed": "-"}
_SIGN_COLOURS = {"new": "green", "changed": "yellow", "moved": "yellow", "removed": "red"}


def print_findings(findings: Sequence[Finding]) -> None:
    """A line a finding, and how many there are of each level."""
    for finding in findings:
        click.secho(str(finding), fg=_COLOURS[finding.level])
    counts = Counter(finding.level for finding in findings)
    shown = ", ".join(f"{counts[level]} {level}{'s' if counts[level] != 1 else ''}" for level in Level if counts[level])
    click.echo(shown or "No findings.")


def print_changes(changes: Iterable[Change]) -> None:
    """A line a change: + new, ~ changed, - removed; below a process its elements, below an element what it says."""
    shown = False
    for change in changes:
        shown = True
        name = f" {change.name}" if change.name and change.name != change.id else ""
        file = f" ({change.file})" if change.file != change.id else ""
        _sign(change.kind, f"{change.what} {change.id}{name}{file}")
        for element in change.elements:
            _sign(element.kind, f"  {element.tag} {element.id} {element.name}".rstrip())
            for part in element.parts:
                _sign(part.kind, f"    {part.path}{_words(part)}")
        if change.table is not None:
            _print_table(change.table)
        if change.what == "process" and change.kind == "changed" and not change.elements:
            click.echo("    drawn or written otherwise; it means the same")
    if not shown:
        click.echo("Nothing changed.")


def _print_table(table: TableDifference) -> None:
    for cell in table.cells:
        _sign("changed", f"  {cell.column}{_words(cell)}")
    for rule in table.rules:
        _sign(rule.kind, f"  rule {rule.number} {rule.annotation}".rstrip())
        for cell in rule.cells:
            _sign("changed" if rule.kind == "moved" else rule.kind, f"    {cell.column}{_words(cell)}")


def _sign(kind: str, text: str) -> None:
    inside = text.lstrip()
    click.secho(f"{' ' * (len(text) - len(inside))}{_SIGNS[kind]} {inside}", fg=_SIGN_COLOURS[kind])


def _words(part: Part | Cell) -> str:
    told = " → ".join(shorten(each, _WIDTH, placeholder="…") for each in (part.before, part.after) if each)
    return f": {told}" if told else ""
