"""Whoever reads the pages in English reads English: every text that diagrams and tables show has a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from webui.practice import diagrams

PRACTICE = Path(__file__).parents[2] / "processes"
FILES = sorted([*PRACTICE.rglob("*.bpmn"), *PRACTICE.rglob("*.dmn")])
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SHOWN = frozenset(("help", "label", "checkMessage", "unit"))
"""Properties that pages show as they stand. What expressions compose is data, in the language it was written in."""


def _texts(path: Path) -> Iterator[str]:
    for element in etree.parse(path).iter(etree.Element):
        tag = etree.QName(element).localname
        if tag == "property":
            named = element.get("id") or element.get("name")
            yield element.get("value", "") if named in _SHOWN else ""
        else:
            yield from (element.get("name", ""), element.get("label", ""))
        if tag in ("documentation", "description"):
            yield (element.text or "").strip()


ENGLISH = diagrams(PRACTICE / "locale")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_a_diagram_or_table_shows_has_its_english(path: Path) -> None:
    assert sorted({text for text in _texts(path) if _CHINESE.search(text)} - set(ENGLISH)) == []
