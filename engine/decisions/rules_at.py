"""Which rule of a table a line of its file belongs to: a finding names its line, a page shows the row."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.decisions.source import Unreadable, line_of, load


def rules_at(content: bytes) -> Mapping[int, str]:
    """Line → id of the rule that has a part beginning there; empty for a file that cannot be read."""
    try:
        root = load(content)
    except Unreadable:
        return {}
    found: dict[int, str] = {}
    for rule in root.iter():
        if etree.QName(rule).localname == "rule" and rule.get("id"):
            found |= {line_of(part): str(rule.get("id")) for part in rule.iter()}
    return found
