"""The expressions of working sheets: what they read must be published, and a row may ask the database nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.connectors.functions import FUNCTIONS as ASKING
from engine.definitions.findings import Finding, Level
from engine.definitions.practice import RecordType, SheetColumn, nearest
from engine.errors import GendanError
from engine.expressions import FUNCTIONS, compile_expression
from engine.validation.subject import Practice

RULE = "practice-file"
_NOT_ALLOWED = frozenset(each.name for each in ASKING if each.name != "setting")


def sheet_findings(practice: Practice) -> list[Finding]:
    """Everything wrong with the columns of a practice's sheets that its file alone does not tell."""
    kinds = practice.surroundings.records.values() if practice.surroundings is not None else ()
    return [found for kind in kinds for column in kind.sheet if column.value for found in _column(kind, column)]


def _column(kind: RecordType, column: SheetColumn) -> Iterator[Finding]:
    try:
        compiled = compile_expression(column.value)
    except GendanError as error:
        yield _finding(column, "%(key)s cannot be read: %(problem)s", "Mend it.", key="value", problem=str(error))
        return
    yield from _known(column, "field", compiled.names, kind.fields)
    yield from _known(column, "function", compiled.functions, FUNCTIONS.keys() - _NOT_ALLOWED)


def _known(column: SheetColumn, what: str, named: Collection[str], known: Collection[str]) -> Iterator[Finding]:
    for name in sorted(named):
        if name not in known:
            yield _finding(column, "%(element)s names the %(what)s %(found)s, which is unknown.",
                           "Add it, or name another.%(guess)s", element=column.id, what=what, found=name,
                           guess=nearest(name, tuple(known)))  # fmt: skip


def _finding(column: SheetColumn, text: str, remedy: str, **fields: object) -> Finding:
    return Finding(RULE, Level.ERROR, column.file, column.line, column.id, "", text, remedy, fields)
