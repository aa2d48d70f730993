"""The office of the stories, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import new_file
from tests.engine.runtime.office import Office, office_at


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office_at(database_url, tmp_path) as found:
        yield found


@pytest.fixture
def sqlite_office(tmp_path: Path) -> Iterator[Office]:
    with office_at(new_file(tmp_path / "one.sqlite3"), tmp_path) as found:
        yield found
