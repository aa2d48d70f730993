"""gendan history: seal it, note its seals, export it as one file, verify such a file without the database."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.opening import opened
from engine.command.progress import bar
from engine.keeping.history_file import read_noted, verify_file, write_history

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def history() -> None:
    """Seal, export and verify the history."""


@history.command()
def seal() -> None:
    """Seal all chains now, beside the daily seal, and print the seal to be noted elsewhere."""
    with opened() as engine:
        click.echo(str(engine.history.seal()))


@history.command()
def seals() -> None:
    """Print all seals, a line each: number, digest, moment. Keep the list where nobody reaches both."""
    with opened() as engine:
        for each in engine.history.seals():
            click.echo(f"{each} {each.at.isoformat(timespec='seconds')}")


@history.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole history to FILE (JSON Lines, gzip)."""
    with opened() as engine, bar("Exporting") as progress:
        found = write_history(engine, file, progress)
    click.echo(f"{file}: {found.rows} rows of {found.instances} instances, {found.seals} seals.")


@history.command()
@click.argument("file", type=_FILE)
@click.option("--key-file", type=_FILE, help="File with the key of the history (history.key): every row is verified.")
@click.option("--seals", "noted", type=_FILE, help="Seals noted elsewhere, as `gendan history seals` prints them.")
def verify(file: Path, key_file: Path | None, noted: Path | None) -> None:
    """Verify an exported FILE; no database is asked.

    With the key every row is compared with its hash. Without it rows are compared with the seals, which say that
    nothing sealed has changed since: as much as the seals can be trusted, so compare them with those that were noted.
    """
    key = key_file.read_text().strip().encode() if key_file is not None else None
    known = read_noted(noted.read_text()) if noted is not None else None
    with bar("Verifying") as progress:
        found = verify_file(file, key, known, progress)
    for finding in found.findings:
        click.secho(str(finding), fg="red")
    click.echo(str(found))
    if key is None:
        click.echo(
            f"Without the key: {found.unsealed} rows are younger than the last seal, only the key vouches for them."
        )
        if known is None:
            click.echo("The seals are those of the file itself. Compare them with noted ones: --seals FILE.")
    if found.findings:
        raise SystemExit(FINDINGS)
