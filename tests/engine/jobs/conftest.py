"""The office of the stories with another system it may call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import new_file
from tests.engine.jobs.outside import Outside, outside
from tests.engine.runtime.office import Office, office_at


@pytest.fixture
def erp() -> Iterator[Outside]:
    with outside() as found:
        yield found


@pytest.fixture
def office(database_url: str, tmp_path: Path, erp: Outside) -> Iterator[Office]:
    with office_at(database_url, tmp_path) as found:
        allow(found, erp)
        yield found


@pytest.fixture
def sqlite_office(tmp_path: Path, erp: Outside) -> Iterator[Office]:
    with office_at(new_file(tmp_path / "one.sqlite3"), tmp_path) as found:
        allow(found, erp)
        yield found


def allow(office: Office, system: Outside, **more: object) -> None:
    """Let the office call this system."""
    office.engine.machinery.settings = replace(office.settings, outside=system.settings(**more))
