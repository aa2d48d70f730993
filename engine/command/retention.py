"""gendan retention: remove contents whose time is over, and hold what must stay."""

from __future__ import annotations

import click

from engine.command.opening import SYSTEM, opened
from engine.command.progress import bar


@click.group(invoke_without_command=True)
@click.option("--dry-run", is_flag=True, help="List the records whose contents would go, and remove nothing.")
@click.option("--apply", "applied", is_flag=True, help="Remove their contents.")
@click.pass_context
def retention(context: click.Context, dry_run: bool, applied: bool) -> None:
    """Remove the contents of records that have been over for as long as they are kept.

    How long: `keep_years` of a record type in records.yaml, else GENDAN_KEEP_YEARS; without either nothing ever goes.
    That something happened, when and by whom stays, and history verifies as before.
    """
    if context.invoked_subcommand is not None:
        return
    if dry_run == applied:
        raise click.UsageError("Say --dry-run or --apply.")
    with opened() as engine:
        found = engine.retention.expired()
        if dry_run:
            for each in found:
                click.echo(f"{each.business_key} {each.record_type} over since {each.ended_at:%Y-%m-%d}")
            click.echo(f"{len(found)} records would lose their contents.")
            return
        done = 0
        with bar("Removing") as progress:
            for place, each in enumerate(found, 1):
                done += engine.retention.remove(each.business_key)
                progress(place, len(found))
    click.echo(f"The contents of {done} records are removed.")


@retention.command()
@click.argument("key")
@click.option("--reason", required=True, help="Why it must stay; kept in the chain of administration.")
def hold(key: str, reason: str) -> None:
    """Let the record KEY stay, however long it is over."""
    with opened() as engine:
        engine.retention.hold(key, reason, SYSTEM)
    click.echo(f"{key} stays.")


@retention.command()
@click.argument("key")
@click.option("--reason", required=True, help="Why it need not stay any more.")
def release(key: str, reason: str) -> None:
    """Let the record KEY go when its time comes."""
    with opened() as engine:
        engine.retention.release(key, reason, SYSTEM)
    click.echo(f"{key} may go when its time comes.")


@retention.command("holds")
def listed() -> None:
    """List the records that must stay."""
    with opened() as engine:
        for each in engine.retention.holds(SYSTEM):
            click.echo(f"{each.business_key} since {each.placed_at:%Y-%m-%d}: {each.reason}")
