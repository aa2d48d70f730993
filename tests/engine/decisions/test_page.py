"""The page about expressions tells every rule by which decision files are checked."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_page_and_rules_are_equal():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "engine" / "decisions").glob("*.py"))
    page = (ROOT / "docs" / "expressions.md").read_text(encoding="utf-8")
    assert set(re.findall(r'"(dmn-[a-z-]+)"', sources)) == set(re.findall(r"^\| `(dmn-[a-z-]+)`", page, re.M))
