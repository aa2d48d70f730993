"""gendan restore: put a backup back into an empty place."""

from __future__ import annotations

import os
from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.progress import bar
from engine.errors import Invalid
from engine.keeping.restore import check, place_keys
from engine.keeping.restore import restore as put_back
from engine.settings import Settings, data_directory


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Restore the backup SOURCE into the empty database and attachments that the settings name.

    Every file is compared with the manifest before anything is written. An older database is brought to this release,
    then its history is verified. A backup of SQLite may be restored into PostgreSQL.
    """
    with bar("Checking the backup") as progress:
        found = check(source, progress)
    data = data_directory()
    keys = place_keys(source, found, data)
    if not keys and not os.environ.get("GENDAN_HISTORY_KEY") and not (data / "history.key").exists():
        raise Invalid(
            "The backup holds no key. Put the history.key it was written with into %(data)s, or set "
            "GENDAN_HISTORY_KEY, and begin again.",
            data=data,
        )
    with bar("Restoring") as progress:
        done = put_back(source, found, Settings.from_environment(), progress)
    click.echo(f"Restored what was there at {found.at} (release {found.version}, {found.database}).")
    if found.revision != done.revision:
        click.echo(f"The schema was brought from {found.revision} to {done.revision}.")
    click.echo(f"{done.attachments} attachments. {done.verified}")
    for digest in found.missing:
        click.secho(f"attachment {digest}: was missing when the backup was made.", fg="red")
    for finding in done.verified.findings:
        click.secho(str(finding), fg="red")
    if done.verified.findings or found.missing:
        raise SystemExit(FINDINGS)
