"""Every page has its word in the documentation."""

from __future__ import annotations

from webui.app import PAGES
from webui.catalogue import ROOT

DOCS = ROOT / "docs" / "pages"


def test_every_page_is_described_and_every_description_has_its_page() -> None:
    described = {path.stem for path in DOCS.glob("*.md")} - {"README"}
    assert described == {*PAGES, "patterns"}


def test_the_list_of_pages_names_them_all() -> None:
    listed = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [page for page in PAGES if f"({page}.md)" not in listed] == []
