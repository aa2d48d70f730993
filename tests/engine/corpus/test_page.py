"""The page that says what runs is written from the diagrams."""

from __future__ import annotations

from tests.engine.corpus.page import PAGE, page


def test_the_page_is_written_from_the_diagrams() -> None:
    assert PAGE.read_text() == page(), "run: .venv/bin/python -m tests.engine.corpus.page"
