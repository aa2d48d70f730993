"""What every test may ask for: a database of each kind. And what makes all of them quicker and none of them weaker."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.identity import passwords
from tests.databases import KINDS, empty_database, new_database, postgres_server
from tests.passwords import CHEAP

_IN_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30


def pytest_configure() -> None:
    """Files of tests lie in memory where there is room: they wait for no disk. Passwords cost little."""
    if _IN_MEMORY.is_dir() and _fits(os.statvfs(_IN_MEMORY)):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))
    passwords._HASHER = CHEAP


def _fits(found: os.statvfs_result) -> bool:
    """Whether there is room, and what a test writes may be run."""
    return found.f_bavail * found.f_frsize > _ROOM and not found.f_flag & os.ST_NOEXEC


def pytest_collection_finish() -> None:
    """What collection made stays to the end: looking through it again and again finds nothing to throw away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The address of a PostgreSQL server that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return postgres_server(base if worker_id == "master" else base.parent)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this release with nothing in it, once on each kind."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    with new_database(request.param, tmp_path, server) as url:
        yield url


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any tables, once on each kind."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    with empty_database(request.param, tmp_path, server) as url:
        yield url
