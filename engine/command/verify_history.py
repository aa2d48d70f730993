"""gendan verify-history: find any changed, missing, reordered or cut-off row."""

from __future__ import annotations

import click

from engine.command.main import FINDINGS
from engine.command.opening import opened
from engine.command.progress import bar


@click.command("verify-history")
def verify_history() -> None:
    """Compute the chain of the whole history again and compare.

    The key (GENDAN_HISTORY_KEY or history.key in the data directory) must be the one it was written with. Every
    difference is a line; the exit code is 1 when there is one.
    """
    with opened() as engine, bar("Verifying") as progress:
        found = engine.history.verify(progress)
    for finding in found.findings:
        click.secho(str(finding), fg="red")
    click.echo(str(found))
    if found.findings:
        raise SystemExit(FINDINGS)
