"""The pages of the rules: docs/rules of the sources, or where an installed package has put them."""

from __future__ import annotations

import sys
from pathlib import Path

_PLACES = (Path(__file__).parents[2] / "docs" / "rules", Path(sys.prefix) / "share" / "gendan" / "rules")


def page(rule: str) -> str:
    """The page of a rule as Markdown; empty when there is none of this id."""
    return _pages()[rule].read_text(encoding="utf-8") if rule in _pages() else ""


def sentence(rule: str) -> str:
    """What the page says first: why there is this rule."""
    paragraphs = page(rule).split("\n\n")
    return paragraphs[2].strip() if len(paragraphs) > 2 else ""


def known() -> tuple[str, ...]:
    """The ids of all rules that have a page, in order."""
    return tuple(sorted(_pages()))


def _pages() -> dict[str, Path]:
    folder = next((each for each in _PLACES if each.is_dir()), None)
    return {each.stem: each for each in folder.glob("*.md") if each.stem != "README"} if folder else {}
