"""gendan test: run scenarios on the real engine."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.opening import practice_files, practice_folder
from engine.errors import Invalid
from engine.scenarios.run import run_scenarios
from engine.scenarios.source import ScenarioFilesInvalid

_UNREADABLE = 2


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--practice", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
              help="Folder of the practice; without it the one the scenarios stand in, else processes/.")  # fmt: skip
@click.option("--only", multiple=True, help="Only scenarios of this name; * stands for any text. May be repeated.")
@click.option("--database", default="", help="Run on this database (a place of its own in it) instead of in memory.")
@click.option("--verbose", is_flag=True, help="Also print how many steps each scenario had, and how long it took.")
def test(paths: tuple[Path, ...], practice: Path | None, only: tuple[str, ...], database: str, verbose: bool) -> None:
    """Run scenarios: all of processes/scenarios/, or the files and folders named by PATHS.

    A line is printed for each; one that fails shows the step, what was expected, what was found and where the tokens
    stand. Exit codes: 0 all hold, 1 one failed, 2 a file cannot be read (with line and column).
    """
    folder = practice or _practice(paths)
    chosen = paths or (folder / "scenarios",)
    failed = count = 0
    try:
        for result in run_scenarios(practice_files(folder), chosen, only, database, folder / "scenarios"):
            count += 1
            failed += not result.held
            took = f"  ({result.steps} steps, {result.seconds:.2f} s)" if verbose else ""
            click.secho("ok   " if result.held else "FAIL ", fg="green" if result.held else "red", nl=False)
            click.echo(f"{result.name} {result.title}".rstrip() + took)
            if not result.held:
                click.echo(result.explain())
    except ScenarioFilesInvalid as wrong:
        for fault in wrong.faults:
            click.secho(str(fault), fg="red", err=True)
        raise SystemExit(_UNREADABLE) from wrong
    if not count:
        raise Invalid("There is no scenario%(only)s in %(paths)s.", only=f" called {', '.join(only)}" if only else "",
                      paths=", ".join(str(each) for each in chosen))  # fmt: skip
    click.secho(f"{count - failed} of {count} scenarios hold.", fg="red" if failed else "green")
    if failed:
        raise SystemExit(FINDINGS)


def _practice(paths: tuple[Path, ...]) -> Path:
    """The practice whose scenarios these are."""
    for path in paths:
        inside = path / "x" if path.is_dir() else path
        found = practice_folder(inside)
        if found.is_dir():
            return found
    return Path("processes")
