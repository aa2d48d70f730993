"""gendan jobs: what is to happen outside the database, what of it failed, and trying it again."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from engine.command.main import FINDINGS
from engine.command.opening import SYSTEM, opened
from engine.views import JobRow

_STATES = ("waiting", "failed", "done")


@click.group()
def jobs() -> None:
    """Effects outside the database (pushes, calls of other systems): list, retry, show."""


@jobs.command("list")
@click.option("--state", type=click.Choice(_STATES), default=None, help="Only jobs in this state.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many, newest first.")
def list_(state: str | None, limit: int) -> None:
    """List jobs, newest first. The exit code is 1 when any that is shown has failed for good."""
    with opened() as engine:
        found = engine.jobs.list(SYSTEM, state or "", limit=limit)
    if not found:
        click.echo("No jobs.")
        return
    table = Table("id", "state", "kind", "what", "record", "tries", "next", "why")
    for each in found:
        following = _moment(each.due) if each.state == "waiting" else ""
        table.add_row(
            str(each.id), each.state, each.kind, each.label, each.business_key, str(each.tries), following, each.reason
        )
    Console().print(table)
    if any(each.state == "failed" for each in found):
        raise SystemExit(FINDINGS)


@jobs.command()
@click.argument("job_id", type=int)
def show(job_id: int) -> None:
    """Show everything about a job, but for what it sends."""
    with opened() as engine:
        found = engine.jobs.get(job_id, SYSTEM)
    for each in fields(JobRow):
        value = getattr(found, each.name)
        click.echo(f"{each.name}: {_moment(value) if isinstance(value, datetime) else value}")


@jobs.command()
@click.argument("job_id", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Retry every job that has failed for good.")
def retry(job_id: tuple[int, ...], everything: bool) -> None:
    """Let jobs start anew, at once; they run with the next look of the server or worker."""
    if bool(job_id) == everything:
        raise click.UsageError("Name the ids of jobs (gendan jobs list), or --all.")
    with opened() as engine:
        wanted = job_id or tuple(each.id for each in engine.jobs.list(SYSTEM, "failed", limit=1000))
        for each in wanted:
            engine.jobs.retry(each, SYSTEM)
            click.echo(f"{each}: is tried again.")


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}" if at is not None else ""
