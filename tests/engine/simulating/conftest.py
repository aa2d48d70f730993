"""The office on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.runtime.office import Office, office_at


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office_at(database_url, tmp_path) as found:
        yield found
