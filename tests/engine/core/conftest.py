"""Every story runs live, and again with a save and load after each step."""

from __future__ import annotations

import pytest

from tests.engine.core.story import Story


@pytest.fixture(params=["live", "saved"])
def story(request: pytest.FixtureRequest) -> Story:
    return Story(saving=request.param == "saved")
