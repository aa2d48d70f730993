"""gendan deploy: show what changes, and deploy it, all or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.findings import print_changes, print_findings
from engine.command.main import FINDINGS
from engine.command.opening import PRACTICE, SYSTEM, opened, practice_folder, whole_practice
from engine.engine import Engine
from engine.views import Actor


@click.command()
@click.argument("path", type=PRACTICE, default="processes")
@click.option("--note", default="", help="Why; stored with the deployment.")
@click.option("--dry-run", is_flag=True, help="Only show what would change and what is found.")
@click.option(
    "--as", "person", default="", help="Act as this person (needs the right to deploy); without it as the system."
)
def deploy(path: Path, note: str, dry_run: bool, person: str) -> None:
    """Deploy a practice: PATH is its folder, or one file that replaces the one deployed last.

    What changed and all findings are shown. With an error nothing is deployed, and the exit code is 1. Running
    instances stay on their versions; new ones run the new one. A set that is deployed already is not checked again.
    """
    with opened() as engine:
        files = files_of(engine, path)
        if not dry_run and engine.deployments.holding(files) is not None:
            print_changes(())
            return
        report = engine.deployments.validate(files)
        print_changes(report.changes)
        if report.findings:
            print_findings(report.findings)
        if not report.deployable:
            click.secho("Nothing was deployed.", fg="red", err=True)
            raise SystemExit(FINDINGS)
        if dry_run:
            return
        made = engine.deployments.deploy(files, Actor(person) if person else SYSTEM, note)
        if made.changes:
            click.secho(f"Deployed as number {made.id}.", fg="green")


def files_of(engine: Engine, path: Path) -> dict[str, bytes]:
    """The set to deploy: a folder's own, or the last set with one file replaced."""
    if path.is_dir():
        return whole_practice(path)
    deployed = engine.deployments.files()
    folder = practice_folder(path)
    name = path.resolve().relative_to(folder.resolve()).as_posix() if folder.is_dir() else path.name
    if name not in deployed:
        same = [each for each in deployed if Path(each).name == path.name]
        name = same[0] if len(same) == 1 else name
    return {**deployed, name: path.read_bytes()}
