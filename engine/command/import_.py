"""gendan import: start a process once for each row of an Excel file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.opening import opened
from engine.command.progress import bar
from engine.imports import import_sheet, read_sheet
from engine.sheets import write_sheet
from engine.views import Actor


@click.command("import")
@click.argument("process")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "person", required=True, help="The person who starts them; needs the right to start the process.")
@click.option("--event", default="", help="Id of the start event, when the process has several.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the results to this Excel file.")
def import_(process: str, file: Path, person: str, event: str, report: Path | None) -> None:
    """Start PROCESS once for each row of the first sheet of FILE.

    The first row names fields of the start form, by name or label; the column of a table is called "table.column". A
    row that fills only columns of a table is one more row of the table above it. Each row is printed as created,
    repeated (imported before) or refused with its reason. Importing a file again adds nothing.

    The exit code is 1 when a row was refused.
    """
    sheet = read_sheet(file.read_bytes())
    with opened() as engine, bar("Importing") as progress:
        found = import_sheet(engine, process, sheet, Actor(person), event, progress)
        engine.tick(jobs=False)
    if report is not None:
        lines = ((Decimal(row.number), row.outcome, row.key, row.reason) for row in found.rows)
        report.write_bytes(write_sheet("import", ["row", "outcome", "key", "reason"], lines))
    for row in found.rows:
        shown = f"row {row.number}: {row.outcome} {row.key}{row.reason}".rstrip()
        click.secho(shown, fg="red" if row.outcome == "refused" else None)
    click.echo(
        f"{found.count('created')} created, {found.count('repeated')} repeated, {found.count('refused')} refused."
    )
    if found.count("refused"):
        raise SystemExit(FINDINGS)
