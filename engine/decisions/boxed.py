"""Reading the logic of a decision: literal expressions, boxed contexts, invocations, lists and relations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lxml import etree

from engine.decisions.model import BoxedContext, BoxedList, Invocation, Literal, Logic, Relation
from engine.decisions.tables import read_table

if TYPE_CHECKING:
    from engine.decisions.reader import Reader

_LOGICS = (
    "decisionTable", "literalExpression", "context", "invocation", "list", "relation", "functionDefinition",
    "conditional", "for", "some", "every", "filter",
)  # fmt: skip


def logic_in(reader: Reader, parent: etree._Element) -> etree._Element | None:
    """The child that holds the logic, whatever its kind."""
    return next((child for child in parent if reader.tag(child) in _LOGICS), None)


def read_logic(reader: Reader, element: etree._Element) -> Logic:
    """The logic of an element; a kind that is not supported is a finding, and null stands for it."""
    read = _READERS.get(reader.tag(element))
    if read is not None:
        return read(reader, element)
    reader.error(
        "dmn-unsupported", element, "A boxed %(kind)s is not supported here.",
        "Write it as a literal expression.", kind=reader.tag(element),
    )  # fmt: skip
    return Literal(reader.nothing)


def _literal(reader: Reader, element: etree._Element) -> Logic:
    if reader.child(element, "importedValues") is not None:
        reader.error("dmn-unsupported", element, "Imported values are not supported.", "Write the values here.")
    reader.check_language(element)
    return Literal(reader.expression(reader.child(element, "text"), element))


def _context(reader: Reader, element: etree._Element) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for entry in reader.children(element, "contextEntry"):
        variable = reader.child(entry, "variable")
        inner = logic_in(reader, entry)
        if inner is None:
            reader.error("dmn-empty", entry, "A context entry has no expression.", "Write one.")
            continue
        logic = read_logic(reader, inner)
        if variable is None:
            result = logic
        else:
            entries.append((variable.get("name", ""), logic))
    return BoxedContext(tuple(entries), result)


def _invocation(reader: Reader, element: etree._Element) -> Logic:
    called = reader.child(element, "literalExpression")
    name = reader.text(reader.child(called, "text")) if called is not None else ""
    bindings = []
    for binding in reader.children(element, "binding"):
        parameter, inner = reader.child(binding, "parameter"), logic_in(reader, binding)
        if parameter is not None and inner is not None:
            bindings.append((parameter.get("name", ""), read_logic(reader, inner)))
    if not name:
        reader.error("dmn-empty", element, "An invocation does not say what it calls.", "Name a knowledge model.")
    return Invocation(name, tuple(bindings))


def _list(reader: Reader, element: etree._Element) -> Logic:
    return BoxedList(tuple(read_logic(reader, child) for child in element if reader.tag(child) in _LOGICS))


def _relation(reader: Reader, element: etree._Element) -> Logic:
    columns = tuple(column.get("name", "") for column in reader.children(element, "column"))
    rows = []
    for row in reader.children(element, "row"):
        cells = tuple(read_logic(reader, cell) for cell in row if reader.tag(cell) in _LOGICS)
        if len(cells) != len(columns):
            reader.error(
                "dmn-shape", row, "A row has %(cells)d cells for %(columns)d columns.", "Fill each column.",
                cells=len(cells), columns=len(columns),
            )  # fmt: skip
            continue
        rows.append(cells)
    return Relation(columns, tuple(rows))


_READERS: dict[str, Callable[[Reader, etree._Element], Logic]] = {
    "decisionTable": read_table,
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
}
