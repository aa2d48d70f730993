"""What a form is: typed fields with compiled expressions, built once from what the diagram says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.expressions import Compiled


class FieldType(StrEnum):
    """The types a field may have; docs/forms.md says what each holds."""

    STRING = "string"
    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CONFIRM = "confirm"
    ENUM = "enum"
    REFERENCE = "reference"
    USER = "user"
    TABLE = "table"
    FILE = "file"
    PHOTO = "photo"
    COMPUTED = "computed"
    INFO = "info"


NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.MONEY})
MOMENTS = frozenset({FieldType.DATE, FieldType.TIME, FieldType.DATETIME})
TEXTS = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.CODE})
FILES = frozenset({FieldType.FILE, FieldType.PHOTO})
DISPLAYS = ("select", "radio", "outcome", "multiple")


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a choice: what is stored and what is shown."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, or one column of a table (then `name` is the column's).

    Expressions are None when not given. `max_size` is in bytes. `columns` are a table's. `readonly` may be an
    expression; a field with `compute`, and those of type computed and info, are read only always.
    """

    name: str
    label: str
    type: FieldType
    line: int = 0
    required: bool = False
    required_when: Compiled | None = None
    visible_when: Compiled | None = None
    readonly: Compiled | None = None
    compute: Compiled | None = None
    default: Compiled | None = None
    prefill: Compiled | None = None
    prefilled: bool = True
    check: Compiled | None = None
    check_message: Compiled | None = None
    minimum: Compiled | None = None
    maximum: Compiled | None = None
    min_length: int = 0
    max_length: int = 1000
    options: tuple[Option, ...] = ()
    display: str = ""
    reference: str = ""
    accept: tuple[str, ...] = ()
    max_size: int | None = None
    max_count: int | None = None
    multiple: bool = False
    currency_field: str = ""
    shared: bool = False
    unit: str = ""
    help: str = ""
    reason_field: str = ""
    columns: tuple[Field, ...] = ()
    min_rows: int = 0
    fixed_rows: bool = False

    @property
    def derived(self) -> bool:
        """Whether its value is always the engine's own."""
        return self.compute is not None or self.type in (FieldType.COMPUTED, FieldType.INFO)

    @property
    def outcome(self) -> bool:
        """Whether its values are the buttons that complete the task."""
        return self.display == "outcome"

    def option(self, option_id: object) -> Option | None:
        """The option with this id, or None."""
        return next((option for option in self.options if option.id == option_id), None)

    def column(self, name: str) -> Field | None:
        """The column of this name, or None."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form in the order of the diagram; columns stand in their tables."""

    fields: tuple[Field, ...] = ()

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def field(self, name: str) -> Field | None:
        """The field of this name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def outcome(self) -> Field | None:
        """The field whose values are the buttons, or None."""
        return next((field for field in self.fields if field.outcome), None)

    @property
    def shared(self) -> tuple[Field, ...]:
        """The fields that a batch page asks once for all its rows."""
        return tuple(field for field in self.fields if field.shared)


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What is wrong with a form as drawn: for validation, which knows file and element."""

    field: str
    line: int
    text: str
    remedy: str
    fields: tuple[tuple[str, object], ...] = ()
