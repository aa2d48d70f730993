"""reference/*.yaml: the reference lists that forms choose from, with their columns and first items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine import scalars
from engine.definitions.practice.source import Entry, Label, nearest, unique
from engine.definitions.practice.typed import Choice, choices, expected, read_value, typed
from engine.values import Value

COLUMN_TYPES = ("text", "integer", "number", "money", "date", "boolean", "enum", "reference", "user")


@dataclass(frozen=True, slots=True)
class Column:
    """A typed column of a list. `minimum` and `maximum` bound numbers; `reference` names another list."""

    name: str
    type: str
    label: Label
    required: bool = False
    unique: bool = False
    default: Value = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    values: tuple[Choice, ...] = ()
    reference: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FirstItem:
    """An item that is put in when it is deployed and the list never had it."""

    key: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A list. `key` is what its keys are called, `label_column` the column shown for an item; `editors` may change
    it, `readers` see its page."""

    id: str
    label: Label
    key: Label
    label_column: str
    columns: tuple[Column, ...]
    readers: tuple[str, ...]
    editors: tuple[str, ...]
    items: tuple[FirstItem, ...] = ()
    file: str = ""
    line: int = 0

    def column(self, name: str) -> Column | None:
        """The column of this name, or None."""
        return next((column for column in self.columns if column.name == name), None)


def read_reference(root: Entry) -> ReferenceList:
    """The list of the file; a file whose name differs from its id is a finding."""
    columns = _columns(root)
    found = ReferenceList(
        id=root.name("id"),
        label=root.label(),
        key=_key_label(root),
        label_column=root.text("label", next(iter(columns), "")),
        columns=tuple(columns.values()),
        readers=root.texts("readers"),
        editors=root.texts("editors"),
        items=_items(root, columns),
        file=root.source.file,
        line=root.line,
    )
    if not columns:
        root.report("columns", "The list has no columns.", "Add columns.")
    elif found.label_column not in columns:
        root.report(
            "label",
            "label names the column %(found)s, which is unknown.",
            "Use one of: %(known)s.%(guess)s",
            found=found.label_column,
            known=", ".join(columns),
            guess=nearest(found.label_column, tuple(columns)),
        )
    if found.id and not root.source.file.endswith(f"{found.id}.yaml"):
        root.report(
            "id",
            "The list %(found)s stands in a file of another name.",
            "Name the file %(found)s.yaml.",
            found=found.id,
        )
    root.finish()
    return found


def _key_label(root: Entry) -> Label:
    entry = root.entry("key")
    if entry is None:
        return Label("代码", "Code")
    label = entry.label()
    entry.finish()
    return label


def _columns(root: Entry) -> dict[str, Column]:
    found = [_column(entry) for entry in root.entries("columns", "name")]
    unique(root.source, "Column", [(column.name, column.line) for column in found])
    return {column.name: column for column in found}


def _column(entry: Entry) -> Column:
    type_ = entry.one_of("type", COLUMN_TYPES)
    values = choices(entry, type_)
    column = Column(
        name=entry.name("name"),
        type=type_,
        label=entry.label(),
        required=entry.boolean("required"),
        unique=entry.boolean("unique"),
        default=typed(entry, "default", type_),
        minimum=entry.value("min", scalars.number, None, "a number"),
        maximum=entry.value("max", scalars.number, None, "a number"),
        values=values,
        reference=entry.text("reference", None if type_ == "reference" else ""),
        line=entry.line,
    )
    if column.name == "key":
        entry.report("name", "A column cannot be called key.", "The key of an item is always there; rename the column.")
    entry.finish()
    return column


def _items(root: Entry, columns: Mapping[str, Column]) -> tuple[FirstItem, ...]:
    found: list[FirstItem] = []
    lines: list[tuple[str, int]] = []
    for entry in root.entries("items", "key"):
        values = {column.name: _cell(entry, column) for column in columns.values()}
        found.append(FirstItem(entry.text("key"), values))
        lines.append((found[-1].key, entry.line))
        entry.finish()
    unique(root.source, "Item", lines)
    return tuple(found)


def _cell(entry: Entry, column: Column) -> Value:
    if not entry.has(column.name):
        if column.required and column.default is None:
            entry.text(column.name)
        return column.default
    try:
        return read_cell(column, entry.text(column.name))
    except ValueError:
        entry.report(
            column.name,
            "%(key)s of %(element)s is %(found)s, which is not %(expected)s.",
            "Write %(expected)s.",
            found=entry.text(column.name),
            expected=expected_cell(column),
        )
        return None


def read_cell(column: Column, text: str) -> Value:
    """The value a text stands for in this column. Raises ValueError when it stands for none or is out of bounds.

    A value of an enumeration may be written as its id or as its label in either language.
    """
    if column.type == "enum":
        for choice in column.values:
            if text.strip() in (choice.id, choice.label.zh, choice.label.en):
                return choice.id
        raise ValueError(text)
    value = read_value(column.type, text)
    if isinstance(value, Decimal) and not (
        (column.minimum is None or value >= column.minimum) and (column.maximum is None or value <= column.maximum)
    ):
        raise ValueError(text)
    return value


def expected_cell(column: Column) -> str:
    """What a text in this column must be, in words."""
    if column.type == "enum":
        return "one of " + ", ".join(choice.id for choice in column.values)
    bounds = [
        f"{word} {bound}"
        for word, bound in (("at least", column.minimum), ("at most", column.maximum))
        if bound is not None
    ]
    return " ".join([expected(column.type), *bounds])
