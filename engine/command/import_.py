"""gendan import: start a process once for each row of an Excel file."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.opening import opened
from engine.command.progress import bar
from engine.imports import import_sheet, read_sheet
from engine.views import Actor


@click.command("import")
@click.argument("process")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "person", required=True, help="The person who starts them; needs the right to start the process.")
@click.option("--event", default="", help="Id of the start event, when the process has several.")
def import_(process: str, file: Path, person: str, event: str) -> None:
    """Start PROCESS once for each row of the first sheet of FILE.

    The first row names fields of the start form, by name or label; the column of a table is called "table.column". A
    row that fills only columns of a table is one more row of the table above it. Each row is printed as created,
    repeated (imported before) or refused with its reason. Importing a file again adds nothing.

    The exit code is 1 when a row was refused.
    """
    sheet = read_sheet(file.read_bytes())
    with opened() as engine, bar("Importing") as progress:
        report = import_sheet(engine, process, sheet, Actor(person), event, progress)
        engine.tick(jobs=False)
    for row in report.rows:
        shown = f"row {row.number}: {row.outcome} {row.key}{row.reason}".rstrip()
        click.secho(shown, fg="red" if row.outcome == "refused" else None)
    click.echo(
        f"{report.count('created')} created, {report.count('repeated')} repeated, {report.count('refused')} refused."
    )
    if report.count("refused"):
        raise SystemExit(FINDINGS)
