"""gendan migrate: let running instances go on by another version of their process."""

from __future__ import annotations

from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table

from engine.command.main import FINDINGS
from engine.command.opening import SYSTEM, opened
from engine.command.progress import bar
from engine.engine import Engine
from engine.views import Actor, MigrationRow

WHY = {
    "gone": "the other version has no such element",
    "kind": "the element is of another kind there",
    "scope": "the element stands in another subprocess there",
    "loop": "the element is repeated otherwise there",
    "join": "a token came by a flow that is gone there",
    "compensation": "what would undo it is gone there",
    "topic": "the outside step that has begun has another topic there",
    "called": "it calls another process there",
    "events": "of several events some have happened, and they are others there",
    "held": "it is on hold",
    "ended": "it has ended",
    "version": "it runs another version already",
    "moved": "it has moved since",
}
"""Why an instance stays, by code."""
_AS = click.option("--as", "person", default="", help="Act as this person (needs the right to migrate).")
_RENAMED = click.option(
    "--map", "renamed", multiple=True, metavar="OLD=NEW", help="An element that is called otherwise in the new version."
)


@click.group()
def migrate() -> None:
    """Running instances that go on by another version of their process: plan, run, undo, list."""


@migrate.command()
@click.argument("process_id")
@click.argument("before", type=int)
@click.argument("after", type=int)
@_RENAMED
@_AS
def plan(process_id: str, before: int, after: int, renamed: tuple[str, ...], person: str) -> None:
    """Say which open instances of version BEFORE could go to version AFTER. The exit code is 1 when some cannot."""
    with opened() as engine:
        found = engine.migrations.plan(process_id, before, after, _actor(person), _names(renamed))
    table = Table("process", "element", "instances", "")
    for each in found.places:
        table.add_row(each.process_id, f"{each.element_id} {each.name}", str(each.instances), WHY.get(each.code, "ok"))
    Console().print(table)
    click.echo(f"{found.can} can go, {found.cannot} cannot, {found.held} are on hold.")
    if found.more:
        click.echo("There are more; only the first were looked at.")
    if found.cannot:
        raise SystemExit(FINDINGS)


@migrate.command()
@click.argument("process_id")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.option("--reason", required=True, help="Why; kept in the history of each instance.")
@_RENAMED
@_AS
def run(process_id: str, before: int, after: int, reason: str, renamed: tuple[str, ...], person: str) -> None:
    """Let the open instances of version BEFORE go to version AFTER, each in its own transaction.

    Broken off, it is gone on with by the server, a worker or `gendan migrate resume`. The exit code is 1 when some
    stay.
    """
    with opened() as engine:
        actor = _actor(person)
        made = engine.migrations.begin(process_id, before, after, reason, actor, _names(renamed))
        _finish(engine, made, actor)


@migrate.command()
@click.argument("migration_id", type=int)
@_AS
def resume(migration_id: int, person: str) -> None:
    """Go on with a migration that was broken off."""
    with opened() as engine:
        _finish(engine, migration_id, _actor(person))


@migrate.command()
@click.argument("migration_id", type=int)
@click.option("--reason", required=True, help="Why; kept in the history of each instance.")
@_AS
def undo(migration_id: int, reason: str, person: str) -> None:
    """Let the instances that have not moved since be what they were. The exit code is 1 when some stay."""
    with opened() as engine:
        actor = _actor(person)
        engine.migrations.undo(migration_id, reason, actor)
        _finish(engine, migration_id, actor)


@migrate.command("list")
@click.argument("process_id")
@_AS
def list_(process_id: str, person: str) -> None:
    """List the migrations of a process, newest first."""
    with opened() as engine:
        found = engine.migrations.list(process_id, _actor(person))
    table = Table("id", "since", "from", "to", "instances", "reason")
    for each in found:
        at = f"{each.created_at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(str(each.id), at, str(each.before), str(each.after), _told(each), each.reason)
    Console().print(table)


def _finish(engine: Engine, migration_id: int, actor: Actor) -> None:
    """Run its job to the end, and say what became of the instances."""
    with bar("migrating") as told:
        while engine.migrations.carry_on(migration_id, engine.jobs.run):
            row = engine.migrations.get(migration_id, actor)
            told(row.total - row.left, row.total)
    row = engine.migrations.get(migration_id, actor)
    click.echo(f"Migration {row.id}: {_told(row)}.")
    for each in row.failures:
        why = each.text or WHY.get(each.code, each.code)
        place = f" at {each.element_id}" if each.element_id else ""
        click.secho(f"{each.business_key} (instance {each.instance_id}){place}: {why}", fg="red")
    if row.left:
        click.echo("Another one runs it; gendan migrate list tells how far it is.")
    if row.failures:
        raise SystemExit(FINDINGS)


def _told(row: MigrationRow) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(row.counts.items())) or "none"


def _actor(person: str) -> Actor:
    return Actor(person) if person else SYSTEM


def _names(renamed: Iterable[str]) -> dict[str, str]:
    found = {}
    for each in renamed:
        old, sign, new = each.partition("=")
        if not (old and sign and new):
            raise click.BadParameter(f"{each} is not OLD=NEW", param_hint="--map")
        found[old] = new
    return found
