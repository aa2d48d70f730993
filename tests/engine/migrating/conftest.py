"""Stories run live and saved, as those of the core; the office on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.core.story import Story
from tests.engine.runtime.office import Office, office_at


@pytest.fixture(params=["live", "saved"])
def story(request: pytest.FixtureRequest) -> Story:
    return Story(saving=request.param == "saved")


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office_at(database_url, tmp_path) as found:
        yield found
