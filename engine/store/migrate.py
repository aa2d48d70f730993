"""Bringing a database to the schema of this release."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from engine.errors import Invalid
from engine.store.connect import Connection, Database
from engine.store.schema.whole import metadata

_HERE = Path(__file__).parent / "migrations"
_LOCK = 7_355_608
"""PostgreSQL: who migrates holds this, so that two servers that start at once do not migrate twice."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Create or upgrade the schema; nothing happens when it is that of this release already.

    Raises Invalid when a later release has written the database.
    """
    with database.writing() as connection:
        upgrade_on(connection, revision)


def upgrade_on(connection: Connection, revision: str = "head") -> None:
    """The same in an open transaction."""
    one_at_a_time(connection)
    found = current(connection)
    require_known(found)
    if found != head():
        command.upgrade(_config(connection), revision)


def one_at_a_time(connection: Connection) -> None:
    """Let only one process change the schema at a time, until it commits: many may start at once (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def current(connection: Connection) -> str | None:
    """The revision the database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision of this release."""
    return _scripts().get_current_head()


def require_known(revision: str | None) -> None:
    """Raise Invalid when this release does not know a revision."""
    if revision is not None and revision not in {script.revision for script in _scripts().walk_revisions()}:
        raise Invalid(
            "The database is at revision %(found)s, which this release does not know: it was written by a later one. "
            "Install that release or a newer one.",
            found=revision,
        )


def differences(connection: Connection) -> list[object]:
    """What differs between the database and the tables the code speaks to; nothing, when all is well."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def revise(database: Database, message: str, revision: str) -> None:
    """Write the next migration file from the difference (for developers of the engine)."""
    with database.writing() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_HERE))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config
