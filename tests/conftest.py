"""What every test may ask for: a database of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS, empty_database, postgres_server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The address of a PostgreSQL server that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return postgres_server(base if worker_id == "master" else base.parent)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once on each kind."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    with empty_database(request.param, tmp_path, server) as url:
        yield url
