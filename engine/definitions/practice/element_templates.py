""".camunda/element-templates/*.json: templates of the practice's own, which the modelers offer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from engine.definitions.findings import Finding
from engine.definitions.practice.source import MAX_BYTES, Source

FOLDER = ".camunda/element-templates"
"""Where Camunda Modeler looks for them, beside the diagrams."""
_NEEDED = ("id", "name", "appliesTo", "properties")
ElementTemplate = Mapping[str, Any]


def is_template_file(name: str) -> bool:
    """Whether a file of a deployment holds element templates of the practice's own."""
    path = PurePosixPath(name)
    return path.suffix == ".json" and path.parent.name == PurePosixPath(FOLDER).name


def placed(name: str) -> str:
    """Where a file belongs that was dropped by its name alone."""
    return f"{FOLDER}/{name}" if name.endswith(".json") and "/" not in name else name


def read_element_templates(name: str, content: bytes) -> tuple[tuple[ElementTemplate, ...], list[Finding]]:
    """The templates of a file, which holds one or a list of them, and what is wrong in it."""
    source = Source(name)
    return tuple(_read(source, content)), source.findings


def _read(source: Source, content: bytes) -> Iterator[ElementTemplate]:
    if len(content) > MAX_BYTES:
        source.report(1, "The file has %(bytes)d bytes; %(limit)d are allowed.", "Split the file.",
                      bytes=len(content), limit=MAX_BYTES)  # fmt: skip
        return
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        source.report(line, "The element template is no JSON that can be read.", "Mend the line.")
        return
    for each in found if isinstance(found, list) else [found]:
        lacking = [key for key in _NEEDED if not isinstance(each, dict) or not each.get(key)]
        if lacking:
            source.report(1, "An element template lacks %(keys)s.", "Write it as Camunda Modeler's element templates.",
                          keys=", ".join(lacking))  # fmt: skip
        else:
            yield each
