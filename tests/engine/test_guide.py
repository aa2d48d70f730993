"""The modelling guide names everything that a diagram, a form or a scenario may say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.connectors import CONNECTORS
from engine.scenarios.schema import schema
from engine.validation.dialect import DISPLAYS, FIELD_PROPERTIES, FIELD_TYPES, PROPERTIES
from tests.engine.expressions.page import offered

DOCS = Path(__file__).parents[2] / "docs"


def keys(node: Any) -> Iterator[str]:
    """Every key that the schema knows."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for each in node.values():
            yield from keys(each)
    elif isinstance(node, list):
        for each in node:
            yield from keys(each)


SAID = {
    "modelling.md": {
        "connectors": set(CONNECTORS),
        "their arguments": {name for each in CONNECTORS.values() for name in each.inputs},
        "properties": {name for names in PROPERTIES.values() for name in names},
    },
    "forms.md": {"types": set(FIELD_TYPES), "properties": set(FIELD_PROPERTIES), "displays": set(DISPLAYS)},
    "expressions.md": {"functions": {each.name for each in offered()}},
    "scenarios.md": {"keys": set(keys(json.loads(json.dumps(schema()))))},
}


@pytest.mark.parametrize(("page", "what"), [(page, what) for page, parts in SAID.items() for what in parts])
def test_the_guide_names_all(page: str, what: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    names = sorted(SAID[page][what])
    missing = [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]
    assert missing == []
