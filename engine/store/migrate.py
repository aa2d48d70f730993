"""Bringing a database to the schema of this release."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.store.connect import Connection, Database
from engine.store.schema import metadata

_HERE = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Create or upgrade the schema; nothing happens when it is that of this release already."""
    with database.writing() as connection:
        if current(connection) != head():
            command.upgrade(_config(connection), "head")


def current(connection: Connection) -> str | None:
    """The revision the database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision of this release."""
    return ScriptDirectory(str(_HERE)).get_current_head()


def differences(connection: Connection) -> list[object]:
    """What differs between the database and the tables the code speaks to; nothing, when all is well."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def revise(database: Database, message: str, revision: str) -> None:
    """Write the next migration file from the difference (for developers of the engine)."""
    with database.writing() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config
