"""gendan incidents: what failed, and trying it again."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from engine.command.main import FINDINGS
from engine.command.opening import SYSTEM, opened


@click.group()
def incidents() -> None:
    """Steps that failed and wait to be tried again: list, retry."""


@incidents.command("list")
def list_() -> None:
    """List open incidents. The exit code is 1 when there are any."""
    with opened() as engine:
        found = engine.incidents.list(SYSTEM)
        if not found:
            click.echo("No incidents.")
            return
        table = Table("id", "since", "record", "process", "element", "what")
        for each in found:
            at = f"{each.at.astimezone():%Y-%m-%d %H:%M}"
            element = f"{each.element_id} {each.element_name}"
            table.add_row(str(each.id), at, each.business_key, each.process_id, element, f"[{each.code}] {each.text}")
        Console().print(table)
    raise SystemExit(FINDINGS)


@incidents.command()
@click.argument("incident_id", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Retry every open incident.")
def retry(incident_id: tuple[int, ...], everything: bool) -> None:
    """Try incidents again, after what they complain of has been mended."""
    if bool(incident_id) == everything:
        raise click.UsageError("Name the ids of incidents (gendan incidents list), or --all.")
    failed = False
    with opened() as engine:
        wanted = incident_id or tuple(each.id for each in engine.incidents.list(SYSTEM))
        for each in wanted:
            engine.incidents.retry(each, SYSTEM)
        still = {each.id: each for each in engine.incidents.list(SYSTEM)}
        for each in wanted:
            if each in still:
                failed = True
                click.secho(f"{each}: failed again: {still[each].text}", fg="red")
            else:
                click.echo(f"{each}: done.")
    if failed:
        raise SystemExit(FINDINGS)
