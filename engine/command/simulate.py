"""gendan simulate: what a new version would change, before it is deployed."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.deploy import files_of
from engine.command.findings import print_findings
from engine.command.main import FINDINGS
from engine.command.opening import PRACTICE, SYSTEM, opened, practice_folder
from engine.definitions.findings import Level
from engine.definitions.practice import is_scenario_file
from engine.scenarios.parallel import cores
from engine.scenarios.regressions import proofs
from engine.scenarios.run import chosen_scenarios
from engine.views import Actor
from engine.views.simulation import ProcessSimulation

WHY = {
    "removed": "their contents were removed",
    "migrated": "they were migrated on the way",
    "modified": "their tokens were moved, or a failed step was tried again, by hand",
    "held": "they were on hold on the way",
    "answer": "what a step was answered is not kept",
    "stuck": "a step fails",
    "differs": "by their own version the history does not come about again",
    "start": "they began otherwise",
}
"""Why instances could not be replayed, by code."""


@click.command()
@click.argument("path", type=PRACTICE, default="processes")
@click.option("--most", type=click.IntRange(1), default=300, show_default=True,
              help="So many finished instances of each process, the latest first.")  # fmt: skip
@click.option("--seconds", type=click.IntRange(1), default=60, show_default=True, help="No longer than this in all.")
@click.option("--scenarios/--no-scenarios", default=True, help="Also run the scenarios.")
@click.option("--histories/--no-histories", default=True, help="Also replay finished instances.")
@click.option("--only", multiple=True, help="Only scenarios of this name; * stands for any text. May be repeated.")
@click.option("--as", "person", default="", help="Act as this person (needs the right to deploy).")
def simulate(
    path: Path, most: int, seconds: int, scenarios: bool, histories: bool, only: tuple[str, ...], person: str
) -> None:
    """Run a practice (its folder, or one file that replaces the one deployed last) against its scenarios and against
    the histories of finished instances, in memory. Nothing is changed.

    Scenarios that fail now are told, and how many instances would have taken another way, and where. The exit code is
    1 when a scenario fails that held before, or an instance parts.
    """
    with opened() as engine:
        files = files_of(engine, path)
        report = engine.deployments.validate(files)
        if not report.deployable:
            print_findings([each for each in report.findings if each.level is Level.ERROR])
            raise SystemExit(FINDINGS)
        changed = False
        if histories:
            found = engine.simulations.histories(files, Actor(person) if person else SYSTEM, most, seconds)
            for each in found:
                _print(each)
                changed = changed or bool(each.departed)
            if not found:
                click.echo("No process is changed: no instance could take another way.")
        deployed = engine.deployments.files()
    folder = practice_folder(path) / "scenarios"
    if scenarios and folder.is_dir():
        changed = _scenarios(_run(files), _run(deployed), folder, only) or changed
    if changed:
        raise SystemExit(FINDINGS)


def _run(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not is_scenario_file(name)}


def _scenarios(files: dict[str, bytes], deployed: dict[str, bytes], folder: Path, only: tuple[str, ...]) -> bool:
    """Run them; whether one fails that held before."""
    library, stories = chosen_scenarios([folder], only)
    failed, new = 0, 0
    for proof in proofs(files, deployed, library, stories, cores()):
        if proof.result.held:
            continue
        failed += 1
        new += proof.before is not False
        told = "fails as it did before" if proof.before is False else "fails now"
        click.secho(f"{proof.result.name} {proof.result.title}: {told}", fg="red")
        click.echo(proof.result.explain())
    click.echo(f"{len(stories) - failed} of {len(stories)} scenarios hold; {new} fail that held before.")
    return bool(new)


def _print(found: ProcessSimulation) -> None:
    name = f"{found.process_id} {found.name}"
    colour = "yellow" if found.departed else "green"
    click.secho(f"{name}: {found.departed} of {found.replayed} past ones would have taken another way.", fg=colour)
    for each in found.departures:
        keys = ", ".join(each.keys)
        click.echo(f"  {each.instances} from {each.element_id} {each.name} ({each.process_id}) on: {keys}")
    for why in found.not_replayed:
        place = f" at {why.element_id}" if why.element_id else ""
        text = f" ({why.text})" if why.text else ""
        click.echo(f"  {why.instances} not replayed: {WHY.get(why.code, why.code)}{place}{text}: {', '.join(why.keys)}")
    if found.left:
        click.echo(f"  {found.left} not looked at.")
