"""gendan test: run scenarios on the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.opening import practice_files, practice_folder
from engine.errors import Invalid
from engine.scenarios.documents import Library
from engine.scenarios.outcome import Result
from engine.scenarios.parallel import cores, run_parallel
from engine.scenarios.proof.coverage import Coverage, Reach, coverage_of, shortfalls
from engine.scenarios.proof.junit import junit
from engine.scenarios.proof.practice import read_proved
from engine.scenarios.proof.report import report
from engine.scenarios.proof.trace import together
from engine.scenarios.run import chosen_scenarios
from engine.scenarios.schema import schema_text
from engine.scenarios.source import ScenarioFilesInvalid

_UNREADABLE = 2
_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Wanted:
    """What is to come out beside a line for each scenario."""

    verbose: bool
    coverage: bool
    junit: Path | None
    html: Path | None


def _schema(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(schema_text())
        ctx.exit()


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--practice", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
              help="Folder of the practice; without it the one the scenarios stand in, else processes/.")  # fmt: skip
@click.option("--only", multiple=True, help="Only scenarios of this name; * stands for any text. May be repeated.")
@click.option("--jobs", "-j", type=click.IntRange(1), default=None, help="How many run at once; without it one a core.")
@click.option("--database", default="", help="Run on this database (a place of its own in it) instead of in memory.")
@click.option("--coverage", is_flag=True, help="Also say what the scenarios reach; too little is a failure.")
@click.option("--junit", "junit_file", type=_FILE, default=None, help="Write the results as JUnit XML.")
@click.option("--html", "html_file", type=click.Path(path_type=Path), default=None,
              help="Write a report with every diagram and table: what was reached and what was not.")  # fmt: skip
@click.option("--verbose", is_flag=True, help="Also print how many steps each scenario had, and how long it took.")
@click.option("--schema", is_flag=True, is_eager=True, expose_value=False, callback=_schema,
              help="Only print the JSON Schema of scenario files, for completion in an editor.")  # fmt: skip
def test(
    paths: tuple[Path, ...],
    practice: Path | None,
    only: tuple[str, ...],
    jobs: int | None,
    database: str,
    coverage: bool,
    junit_file: Path | None,
    html_file: Path | None,
    verbose: bool,
) -> None:
    """Run scenarios: all of processes/scenarios/, or the files and folders named by PATHS.

    A line is printed for each; one that fails shows the step, what was expected, what was found and where the tokens
    stand. Exit codes: 0 all hold, 1 one failed or (with --coverage) too little was reached, 2 a file cannot be read
    (with line and column).
    """
    folder = practice or _practice(paths)
    chosen = paths or (folder / "scenarios",)
    try:
        library, stories = chosen_scenarios(chosen, only, folder / "scenarios")
    except ScenarioFilesInvalid as wrong:
        for fault in wrong.faults:
            click.secho(str(fault), fg="red", err=True)
        raise SystemExit(_UNREADABLE) from wrong
    if not stories:
        raise Invalid("There is no scenario%(only)s in %(paths)s.", only=f" called {', '.join(only)}" if only else "",
                      paths=", ".join(str(each) for each in chosen))  # fmt: skip
    files = practice_files(folder)
    running = run_parallel(files, library, stories, jobs or cores(), database)
    results = list(_told(running, verbose))
    if not _finish(files, library, results, _Wanted(verbose, coverage, junit_file, html_file)):
        raise SystemExit(FINDINGS)


def _told(results: Iterator[Result], verbose: bool) -> Iterator[Result]:
    """A line for each result as it comes."""
    for result in results:
        took = f"  ({result.steps} steps, {result.seconds:.2f} s)" if verbose else ""
        click.secho("ok   " if result.held else "FAIL ", fg="green" if result.held else "red", nl=False)
        click.echo(f"{result.name} {result.title}".rstrip() + took)
        if not result.held:
            click.echo(result.explain())
        yield result


def _finish(files: dict[str, bytes], library: Library, results: list[Result], wanted: _Wanted) -> bool:
    """Write and print what was asked for; whether all is well."""
    held = sum(each.held for each in results)
    well = held == len(results)
    if wanted.junit is not None:
        wanted.junit.write_bytes(junit(results))
    if wanted.coverage or wanted.html is not None:
        practice = read_proved(files)
        reached = coverage_of(practice, together(each.trace for each in results))
        missing = list(shortfalls(reached, library.bounds))
        if wanted.html is not None:
            path = wanted.html / "index.html" if wanted.html.is_dir() else wanted.html
            path.write_text(report(practice, reached, library.bounds, results), encoding="utf-8")
        if wanted.coverage:
            _print_coverage(reached, missing)
            well = well and not missing
    click.secho(f"{held} of {len(results)} scenarios hold.", fg="green" if held == len(results) else "red")
    return well


def _print_coverage(coverage: Coverage, missing: list[str]) -> None:
    ids = [*(each.id for each in coverage.diagrams), *(each.id for each in coverage.tables)]
    width = max(map(len, ids), default=0)
    click.echo(f"\n{'':{width}}  {'elements':>16}  {'flows':>16}")
    for diagram in coverage.diagrams:
        click.echo(f"{diagram.id:{width}}  {_share(diagram.elements)}  {_share(diagram.flows)}")
    click.echo(f"\n{'':{width}}  {'rules':>16}")
    for table in coverage.tables:
        click.echo(f"{table.id:{width}}  {_share(table.rules)}")
    click.echo()
    for each in missing:
        click.secho(each, fg="red")


def _share(reach: Reach) -> str:
    return f"{len(reach.reached):4} of {len(reach.all):3} {reach.percent:3} %"


def _practice(paths: tuple[Path, ...]) -> Path:
    """The practice whose scenarios these are."""
    for path in paths:
        inside = path / "x" if path.is_dir() else path
        found = practice_folder(inside)
        if found.is_dir():
            return found
    return Path("processes")
