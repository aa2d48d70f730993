"""`python -m webui.catalogue`: gather every message of pages and engine into the Chinese catalogue.

Pages mark their texts with `_`, `gettext` and `ngettext`. The engine's errors and findings are templates that are
translated when they are shown: they are found where errors are raised and findings reported. What has a translation
keeps it; what lacks one is listed, and the exit code is 1.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
CHINESE = ROOT / "webui" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"trimmed": "true"}}
_RAISED = frozenset(
    (
        *("NotFound", "Forbidden", "Conflict", "Invalid", "Refused", "SignInRefused", "Unavailable", "NotKept"),
        *("ModelError", "ExpressionError", "DeploymentRefused"),
    )
)
_REPORTED = frozenset(
    ["report", "Mistake", "Found", "FormProblem", "Finding", "_problem", "_report", "_finding", "_found"]
)
_TEMPLATE = re.compile(r"^[^\n]*%\(\w+\)[sdr][^\n]* [^\n]*\.$")
"""A sentence with places to fill, wherever it stands: some are chosen before they are raised."""
_OF_THE_MACHINE = frozenset({"serve", "provider"})
"""Modules whose errors are met at the command line, by who sets the server up."""
_BEGINNING = datetime(2026, 11, 25, tzinfo=UTC)

Id = str | tuple[str, ...]


def gathered() -> list[Id]:
    """The ids of all messages, those of the pages first."""
    return list(dict.fromkeys([*of_pages(), *of_engine()]))


def of_pages() -> Iterator[Id]:
    """What the pages say, and what is wrong where they raise an error of their own; /engine-rest speaks English."""
    for _file, _line, message, _comments, _context in extract_from_dir(ROOT / "webui", _METHODS, _OPTIONS):
        yield tuple(message) if isinstance(message, list) else message
    for path in sorted((ROOT / "webui").glob("*.py")):
        if path.stem not in _OF_THE_MACHINE:
            yield from templates(path.read_text(encoding="utf-8"), anywhere=False)


def of_engine() -> Iterator[Id]:
    """What the engine's errors and findings say; commands and scenarios speak English."""
    for path in sorted((ROOT / "engine").rglob("*.py")):
        if "command" not in path.parts and "scenarios" not in path.parts:
            yield from templates(path.read_text(encoding="utf-8"))


def templates(source: str, *, anywhere: bool = True) -> Iterator[str]:
    """The templates of errors and findings in a module; sentences with places to fill also `anywhere` else in it."""
    for node in ast.walk(ast.parse(source)):
        if anywhere and isinstance(node, ast.Constant) and isinstance(node.value, str) and _TEMPLATE.search(node.value):
            yield node.value
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _RAISED:
            yield from _sentences(node.args[:1])
        elif name in _REPORTED:
            yield from _sentences(
                [*node.args, *(word.value for word in node.keywords if word.arg in {"text", "remedy"})]
            )


def _sentences(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        for part in ast.walk(node) if isinstance(node, ast.IfExp) else [node]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                yield part.value


def catalogue(path: Path = CHINESE) -> Catalog:
    """The catalogue as it is stored."""
    with path.open("rb") as file:
        return read_po(file, locale="zh")


def renewed(stored: Catalog) -> tuple[Catalog, list[Id]]:
    """A catalogue with the messages of now, and the ids that lack a translation."""
    made = Catalog(locale="zh", project="Gendan", version="0", charset="utf-8", fuzzy=False,
                   header_comment="# The pages of Gendan in Chinese. English stands in the code.",
                   creation_date=_BEGINNING, revision_date=_BEGINNING)  # fmt: skip
    missing: list[Id] = []
    for message_id in gathered():
        known: Message | None = stored.get(message_id)
        text = known.string if known is not None else ""
        if text and (not isinstance(text, tuple) or all(text)):
            made.add(message_id, text)
        else:
            missing.append(message_id)
    return made, missing


def main() -> int:
    """Write the catalogue anew and list what lacks a translation."""
    made, missing = renewed(catalogue())
    for message_id in missing:
        made.add(message_id, "")
        print(message_id)
    with CHINESE.open("wb") as file:
        write_po(file, made, width=120, ignore_obsolete=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
