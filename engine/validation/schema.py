"""What the OMG's own XML schema says about a file: as warnings, beside the rules.

The schema neither finds what matters most (references to nothing) nor accepts all that modelers write (expressions as
called element), so it never refuses. Its files come with SpiffWorkflow, which is found and not imported here.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from lxml import etree

from engine.definitions.findings import Finding, Level
from engine.definitions.xml import Unreadable, parse

RULE = "bpmn-schema"
_NAMESPACE = re.compile(r"\{http[^}]*\}")
_EXPECTED = ("calledElement",)
"""Attributes in which the dialect allows expressions and the schema only names."""
_lock = threading.Lock()  # a schema object keeps the log of its last validation


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema | None:
    found = find_spec("SpiffWorkflow")
    places = (found.submodule_search_locations or []) if found else []
    for place in places:
        path = Path(place, "bpmn", "parser", "schema", "BPMN20.xsd")
        if path.is_file():
            return etree.XMLSchema(file=str(path))
    return None


def schema_findings(content: bytes, name: str) -> list[Finding]:
    """Where a file departs from the schema of BPMN 2.0; nothing for a file that cannot be read at all, or without
    the schema's files."""
    try:
        root = parse(content)
    except Unreadable:
        return []
    with _lock:
        schema = _schema()
        if schema is None or schema.validate(root):
            return []
        entries = [(entry.line, _NAMESPACE.sub("", entry.message)) for entry in cast("Iterable[Any]", schema.error_log)]
    return [
        Finding(
            RULE, Level.WARNING, name, line, "", "", "The schema of BPMN 2.0 says: %(message)s",
            "Save the file with the modeler; other tools may refuse it as it is.", {"message": message},
        )
        for line, message in entries
        if not any(expected in message and "${" in message for expected in _EXPECTED)
    ]  # fmt: skip
