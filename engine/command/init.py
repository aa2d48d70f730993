"""gendan init: a database that can be worked with, and maybe the demonstration."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from engine.clock import MovedClock, SystemClock
from engine.command.opening import SYSTEM, new_password, opened, whole_practice
from engine.command.progress import bar
from engine.engine import Engine
from engine.errors import Invalid
from engine.scenarios.demo import Demo, read_demo
from engine.scenarios.demo_run import run_demo
from engine.scenarios.documents import Library, read_library
from engine.scenarios.world import World
from engine.settings import Settings
from engine.store.scratch import contents
from engine.views import Actor, RecordFilter

_SQLITE = "sqlite:///"


@click.command()
@click.argument("practice", type=click.Path(exists=True, file_okay=False, path_type=Path), default="processes")
@click.option("--admin", default="admin", show_default=True, help="Id of the first administrator.")
@click.option("--admin-password", envvar="GENDAN_ADMIN_PASSWORD", default=None,
              help="Without it one is made and printed. [env: GENDAN_ADMIN_PASSWORD]")  # fmt: skip
@click.option("--demo", is_flag=True, help="Fill an empty database with the demonstration of the practice.")
@click.option("--demo-password", envvar="GENDAN_DEMO_PASSWORD", default=None,
              help="Password of the people of the demonstration. [env: GENDAN_DEMO_PASSWORD]")  # fmt: skip
def init(practice: Path, admin: str, admin_password: str | None, demo: bool, demo_password: str | None) -> None:
    """Prepare the database: schema, the practice in the folder PRACTICE, a first administrator.

    Doing it again changes nothing: what is deployed, who is there and a demonstration that has run are left alone.
    An older schema is upgraded.
    """
    if demo:
        _demonstrate(practice, demo_password)
    with opened() as engine:
        engine.migrate()
        with suppress(ImportError):  # without the extra “postgres” there are no workers either
            engine.prepare_workers()
        _deploy_first(engine, practice)
        _first_administrator(engine, admin, admin_password)


def _deploy_first(engine: Engine, practice: Path) -> None:
    if engine.deployments.files():
        return
    made = engine.deployments.deploy(whole_practice(practice), SYSTEM, "init")
    click.echo(f"Deployed {practice}: {sum(change.what == 'process' for change in made.changes)} processes.")


def _first_administrator(engine: Engine, user_id: str, given: str | None) -> None:
    """Somebody must be able to let the others in: made when nobody has the right to administer."""
    people = (person.id for person in engine.people.list(SYSTEM) if person.active)
    if any("administer" in engine.people.rights(Actor(each)) for each in people):
        return
    groups = [group.id for group in engine.people.groups() if "administer" in group.rights]
    if not groups:
        raise Invalid("No group of groups.yaml has the right to administer. Give it to one and deploy.")
    password = given or new_password()
    # One that was printed must be changed; one that was given is known to who installs alone.
    engine.people.create(user_id, user_id, password, groups[:1], SYSTEM, must_change=given is None)
    click.echo(f"Administrator {user_id}" + ("" if given else f", password {password}"))


def _demonstrate(practice: Path, given: str | None) -> None:
    """Run the demonstration where nothing is yet, and say how to sign in, each time."""
    settings = Settings.from_environment()
    note = _password_note(settings)
    if not _empty(settings):
        if note.exists():
            click.echo(f"The people of the demonstration have the password {note.read_text().strip()}")
        return
    library = read_library(each for each in (practice / "scenarios", practice / "demo") if each.is_dir())
    demo = read_demo(library)
    if demo is None:
        raise Invalid("%(folder)s holds no document “demo: NAME”.", folder=practice / "demo")
    password = given or new_password()
    _run(settings, practice, library, demo, password)
    _keep(note, password)
    click.echo(f"The people of the demonstration have the password {password}")
    for person in library.always.then(demo.given).people:
        click.echo(f"  {person.id:<12} {person.name} ({', '.join(person.groups)})")


def _run(settings: Settings, practice: Path, library: Library, demo: Demo, password: str) -> None:
    """Run the demonstration. For an SQLite file it is run in memory and written when it is whole: nobody waits for
    the disk at each step, and one that is interrupted begins anew next time."""
    now = SystemClock().now()
    clock = MovedClock(now)
    in_memory = settings.database_url.startswith(_SQLITE)
    used = replace(settings, database_url="sqlite://") if in_memory else settings
    engine = Engine.open(used, clock)
    try:
        engine.migrate()
        world = World(engine, clock, used, whole_practice(practice), password)
        with bar("Running the demonstration") as progress:
            failures = run_demo(world, library, demo, now, progress)
        if in_memory:
            _write(Path(settings.database_url.removeprefix(_SQLITE)), contents(engine.machinery.database))
    finally:
        engine.close()
    for failure in failures:
        click.secho(f"{failure.place}: a story stopped here: {failure.problems[0]}", fg="yellow", err=True)


def _write(target: Path, held: bytes) -> None:
    partial = target.with_name(target.name + ".partial")
    with partial.open("wb") as file:
        file.write(held)
        file.flush()
        os.fsync(file.fileno())
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    partial.replace(target)


def _empty(settings: Settings) -> bool:
    engine = Engine.open(settings, SystemClock())
    try:
        engine.migrate()
        rows, _ = engine.records.list(SYSTEM, RecordFilter(limit=1))
        return not rows and not list(engine.people.list(SYSTEM))
    finally:
        engine.close()


def _password_note(settings: Settings) -> Path:
    """Beside the attachments, readable by its owner alone: a second `make demo` can say the password again."""
    return settings.attachments_dir.parent / "demo-password"


def _keep(note: Path, password: str) -> None:
    note.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(password + "\n")
