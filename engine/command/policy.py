"""gendan policy: what carries out each clause of the policy and what proves it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.opening import practice_files, scenarios_of
from engine.scenarios.proof.heads import heads_of
from engine.scenarios.proof.policy import Cited, Held, PolicyMap, policy_map
from engine.scenarios.proof.practice import read_proved
from engine.scenarios.proof.report import page


@click.command()
@click.argument("practice", type=click.Path(exists=True, file_okay=False, path_type=Path), default="processes")
@click.option("--json", "as_json", is_flag=True, help="Print the map as JSON.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write it as a page.")
def policy(practice: Path, as_json: bool, html: Path | None) -> None:
    """Show each clause of clauses.yaml with the elements, tables, settings and scenarios that name it.

    Exit code 1 when a clause has no element or table, or no scenario, and does not say why (`without`); or when
    something names a clause that does not exist.
    """
    found = policy_map(read_proved(practice_files(practice)), heads_of(scenarios_of(practice)))
    if html is not None:
        html.write_text(page("policy.html").render(policy=found), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    elif html is None:
        _print(found)
    for fault in faults(found):
        click.secho(fault, fg="red", err=True)
    if not found.holds:
        raise SystemExit(FINDINGS)


def faults(found: PolicyMap) -> Iterator[str]:
    """What is wrong, a sentence each."""
    what = {"element": "no element or table carries it out", "scenario": "no scenario proves it"}
    for each in found.clauses:
        for missing in each.missing:
            yield f"{each.clause.id} {each.clause.label}: {what[missing]}."
    for wrong in found.unknown:
        yield f"{wrong.at.kind} {wrong.at.id} ({wrong.at.where}) names {wrong.clause}, which is no clause."


def _print(found: PolicyMap) -> None:
    for section in found.sections:
        click.secho(f"\n{section.label}", bold=True)
        for each in found.of(section):
            click.secho(f"{each.clause.id}  {each.clause.label}", fg="red" if each.missing else None)
            if str(each.clause.without):
                click.echo(f"    without: {each.clause.without}")
            _print_cited(each)
    click.echo()
    if found.holds:
        click.secho(f"{len(found.clauses)} clauses are carried out and proved.", fg="green")


def _print_cited(held: Held) -> None:
    parts = {
        "elements": _by_place(held.elements),
        "tables": [each.id for each in held.tables],
        "settings": [each.id for each in held.settings],
        "scenarios": [each.id for each in held.scenarios],
    }
    for name, cited in parts.items():
        if cited:
            click.echo(f"    {name + ':':<11}{', '.join(cited)}")


def _by_place(cited: tuple[Cited, ...]) -> list[str]:
    """Elements by their diagrams: `order(a b)`."""
    places: dict[str, list[str]] = {}
    for each in cited:
        places.setdefault(each.where, []).append(each.id)
    return [f"{where}({' '.join(ids)})" for where, ids in places.items()]


def _plain(found: PolicyMap) -> dict[str, object]:
    clauses = [
        {
            "id": each.clause.id,
            "section": each.clause.section,
            "zh": each.clause.label.zh,
            "en": each.clause.label.en,
            "gap": each.clause.gap,
            "without": str(each.clause.without),
            "missing": list(each.missing),
            **{
                name: [asdict(cited) for cited in getattr(each, name)]
                for name in ("elements", "tables", "settings", "scenarios")
            },
        }
        for each in found.clauses
    ]
    return {"holds": found.holds, "clauses": clauses, "unknown": [asdict(each) for each in found.unknown]}
