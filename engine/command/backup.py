"""gendan backup: everything that is needed to begin again, taken while others work."""

from __future__ import annotations

from pathlib import Path

import click

from engine.command.main import FINDINGS
from engine.command.opening import opened
from engine.command.progress import bar
from engine.keeping.backup import back_up


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="Put the keys of history and sessions into it too; guard it like them.")
def backup(target: Path, with_keys: bool) -> None:
    """Write a backup to the new directory TARGET while the system runs: one moment of the database, its attachments.

    The key of the history is not in it unless asked for: keep history.key (or GENDAN_HISTORY_KEY) elsewhere. Without it
    the backup cannot be restored.
    """
    with opened() as engine, bar("Backing up") as progress:
        found = back_up(engine, target, with_keys, progress)
    size = sum(part.size for part in found.parts)
    click.echo(
        f"{target}: {found.counts['process_instance']} instances, {found.counts['history_event']} rows of history, "
        f"{len(found.parts)} files, {size} bytes."
    )
    for digest in found.missing:
        click.secho(f"attachment {digest}: its bytes are missing or damaged in the store.", fg="red")
    if found.missing:
        raise SystemExit(FINDINGS)
