"""The office of the stories, with people who may look at the board."""

from __future__ import annotations

from tests.engine.runtime.conftest import office

__all__ = ["office"]
