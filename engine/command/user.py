"""gendan user: people, their passwords and groups."""

from __future__ import annotations

from datetime import timedelta

import click
from rich.console import Console
from rich.table import Table

from engine.command.opening import SYSTEM, new_password, opened
from engine.watching import pseudonym


@click.group()
def user() -> None:
    """People who may sign in: add, list, password, token, reset-second-factor, groups, deactivate."""


@user.command("list")
@click.option("--all", "everybody", is_flag=True, help="Also those who have left.")
def list_(everybody: bool) -> None:
    """List people with their groups."""
    with opened() as engine:
        table = Table("id", "name", "groups", "")
        for person in engine.people.list(SYSTEM):
            if person.active or everybody:
                table.add_row(person.id, person.name, ", ".join(person.groups), "" if person.active else "inactive")
        Console().print(table)


@user.command()
@click.argument("user_id")
def log_id(user_id: str) -> None:
    """Print what stands for a person in the logs, which hold no names."""
    with opened() as engine:
        click.echo(pseudonym(engine.machinery.settings.history_key, user_id))


@user.command()
@click.argument("user_id")
@click.option("--name", default="", help="Name as others see it; without it the id.")
@click.option("--group", "groups", multiple=True, help="Group of groups.yaml; may be given several times.")
@click.option("--password", default=None, help="Without it one is made and printed.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def add(user_id: str, name: str, groups: tuple[str, ...], password: str | None, language: str) -> None:
    """Add a person. The password must be changed at the first sign-in."""
    chosen = password or new_password()
    with opened() as engine:
        engine.people.create(user_id, name or user_id, chosen, groups, SYSTEM, language)
    click.echo(f"Added {user_id}." + ("" if password else f" Password: {chosen}"))


@user.command()
@click.argument("user_id")
@click.option("--password", default=None, help="Without it one is made and printed.")
def password(user_id: str, password: str | None) -> None:
    """Give a person a new password, to be changed at the next sign-in; a lock-out and all sessions end."""
    chosen = password or new_password()
    with opened() as engine:
        engine.people.set_password(user_id, chosen, SYSTEM)
    click.echo(f"The password of {user_id} is changed." + ("" if password else f" It is: {chosen}"))


@user.command()
@click.argument("user_id")
@click.option("--name", default="gendan user token", show_default=True, help="What it is for, as the person sees it.")
@click.option("--days", type=click.IntRange(1, 3650), default=None, help="It ends after so many; without it never.")
def token(user_id: str, name: str, days: int | None) -> None:
    """Make a token for a program that acts as a person; it is printed this one time. The person can end it."""
    with opened() as engine:
        expires = None if days is None else engine.machinery.clock.now() + timedelta(days=days)
        made = engine.identity.create_token(name, SYSTEM, user_id, expires)
    click.echo(made)


@user.command()
@click.argument("user_id")
def reset_second_factor(user_id: str) -> None:
    """The phone is lost: take a person's second factor away; all sessions end."""
    with opened() as engine:
        engine.second_factor.reset(user_id, SYSTEM)
    click.echo(f"The second factor of {user_id} is reset.")


@user.command()
@click.argument("user_id")
@click.argument("group", nargs=-1)
def groups(user_id: str, group: tuple[str, ...]) -> None:
    """Put a person into exactly these groups (none: into no group)."""
    with opened() as engine:
        engine.people.set_groups(user_id, group, SYSTEM)
    click.echo(f"{user_id} is in: {', '.join(group) or 'no group'}.")


@user.command()
@click.argument("user_id")
def deactivate(user_id: str) -> None:
    """A person leaves: may not sign in or act any more. What he did stays his."""
    with opened() as engine:
        engine.people.deactivate(user_id, SYSTEM)
    click.echo(f"{user_id} is deactivated.")
