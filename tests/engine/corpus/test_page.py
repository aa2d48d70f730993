"""The pages that say and show what runs are written from the diagrams."""

from __future__ import annotations

from tests.engine.corpus.diagram import DIAGRAMS
from tests.engine.corpus.guide import GUIDE, guide
from tests.engine.corpus.page import PAGE, page
from tests.engine.corpus.pictures import is_current


def test_the_page_is_written_from_the_diagrams() -> None:
    assert PAGE.read_text() == page(), "run: .venv/bin/python -m tests.engine.corpus.page"


def test_the_drawn_guide_shows_every_construct_as_it_is() -> None:
    written = {path.name: path.read_text() for path in GUIDE.glob("*.md")}
    assert written == guide(), "run: .venv/bin/python -m tests.engine.corpus.page"


def test_every_diagram_has_its_picture() -> None:
    old = [str(each) for each in DIAGRAMS if not is_current(each)]
    assert old == [], "draw them in a modeler, then run: .venv/bin/python -m tests.engine.corpus.pictures"
