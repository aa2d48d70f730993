"""Where things are."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
PRACTICE = HERE / "practice"
RESULTS = HERE / "results.json"
