"""gendan export: records as an Excel file."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.opening import SYSTEM, opened
from engine.views import Actor, RecordFilter


@click.group()
def export() -> None:
    """Write data to files: records."""


@export.command()
@click.argument("record_type")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--status", default="", help="Only records in this status.")
@click.option("--text", default="", help="Only records whose number, title or searched fields hold this text.")
@click.option("--as", "person", default="", help="Only what this person may see; without it everything.")
def records(record_type: str, file: Path, status: str, text: str, person: str) -> None:
    """Write the records of a type (of records.yaml) to an Excel FILE, a row a record, a column a published field."""
    actor = Actor(person) if person else SYSTEM
    with opened() as engine:
        content = engine.records.export(actor, RecordFilter(record_type, status, text))
    file.write_bytes(content)
    click.echo(f"Written: {file}")
