"""From `camunda:formField` as written to typed fields, with everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from engine import scalars
from engine.definitions.model import FormField
from engine.definitions.practice import nearest
from engine.errors import GendanError, Invalid
from engine.expressions import Compiled, compile_expression, compile_text
from engine.forms.circles import circles
from engine.forms.model import DISPLAYS, FILES, MOMENTS, NUMBERS, Field, FieldType, Form, FormProblem, Option

PROPERTIES = (
    "requiredWhen", "visibleWhen", "compute", "readonly", "default", "reference", "accept", "maxSize", "maxCount",
    "multiple", "currencyField", "shared", "min", "max", "unit", "help", "prefill", "reasonField", "check",
    "checkMessage", "display", "minRows", "fixedRows",
)  # fmt: skip
CONSTRAINTS = ("required", "min", "max", "minlength", "maxlength", "readonly")
_COLUMN = re.compile(r"([^\[\].]+)\[\]\.([^\[\].]+)")
_NAME = re.compile(r"[^\W\d]\w*")
_SIZE = re.compile(r"(\d+)\s*(B|KB|MB|GB)?", re.IGNORECASE)
_UNITS = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
_LENGTHS = {FieldType.TEXT: 20_000}
_ONLY_FOR: Mapping[str, frozenset[FieldType]] = {
    "display": frozenset({FieldType.ENUM}),
    "reasonField": frozenset({FieldType.ENUM}),
    "reference": frozenset({FieldType.REFERENCE, FieldType.USER}),
    "accept": FILES,
    "maxSize": FILES,
    "maxCount": FILES | {FieldType.TABLE, FieldType.ENUM, FieldType.REFERENCE, FieldType.USER},
    "multiple": FILES | {FieldType.REFERENCE, FieldType.USER},
    "currencyField": frozenset({FieldType.MONEY, FieldType.COMPUTED}),
    "min": NUMBERS | MOMENTS,
    "max": NUMBERS | MOMENTS,
    "minRows": frozenset({FieldType.TABLE}),
    "fixedRows": frozenset({FieldType.TABLE}),
}


def build_form(fields: Iterable[FormField]) -> Form:
    """The form of these fields. Raises Invalid with the first problem; a deployed form has none."""
    form, problems = read_form(fields)
    for problem in problems:
        raise Invalid(f"{problem.text} {problem.remedy}", **dict(problem.fields))
    return form


def read_form(fields: Iterable[FormField]) -> tuple[Form, tuple[FormProblem, ...]]:
    """The form, and everything that is wrong with it, in the order of the fields."""
    problems: list[FormProblem] = []
    tables: dict[str, list[Field]] = {}
    built: list[Field] = []
    seen: set[str] = set()
    for written in fields:
        report = _reporter(problems, written)
        if written.id in seen:
            report("The field %(field)s stands twice.", "Give one of them another id.")
            continue
        seen.add(written.id)
        column = _COLUMN.fullmatch(written.id)
        if column and column[1] in tables:
            tables[column[1]].append(_Builder(written, column[2], report).build())
            continue
        if column:
            report("The column %(field)s stands before or without its table.", "Put it after a field of type table.")
            continue
        field = _Builder(written, written.id, report).build()
        if field.type is FieldType.TABLE:
            tables[field.name] = []
        built.append(field)
    form = Form(tuple(_with_columns(field, tables.get(field.name, ()), problems) for field in built))
    problems.extend(_relations(form))
    return form, tuple(problems)


Report = Callable[..., None]


def _reporter(problems: list[FormProblem], written: FormField) -> Report:
    def report(text: str, remedy: str, **fields: object) -> None:
        given = {"field": written.id, **fields}
        problems.append(FormProblem(written.id, written.line, text, remedy, tuple(given.items())))

    return report


class _Builder:
    """One field being read."""

    def __init__(self, written: FormField, name: str, report: Report) -> None:
        self.written = written
        self.name = name
        self.report = report
        self.type = self._type()

    def build(self) -> Field:
        """The field; what cannot be read is reported and left at its default."""
        self._check_names()
        given = self.written.properties
        display = given.get("display", "")
        if display and display not in DISPLAYS:
            self.report("The field %(field)s has the display %(found)s.", "Use one of: %(known)s.", found=display,
                        known=", ".join(DISPLAYS))  # fmt: skip
        prefill = given.get("prefill", "")
        field = Field(
            name=self.name,
            label=self.written.label,
            type=self.type,
            line=self.written.line,
            required=self._constrained("required") or self.type is FieldType.CONFIRM,
            required_when=self._expression("requiredWhen"),
            visible_when=self._expression("visibleWhen"),
            readonly=self._readonly(),
            compute=self._expression("compute"),
            default=self._text(given.get("default", "") or self.written.default, "default"),
            prefill=None if prefill == "false" else self._text(prefill, "prefill"),
            prefilled=prefill != "false" and display != "outcome" and self.type is not FieldType.CONFIRM,
            check=self._expression("check"),
            check_message=self._text(given.get("checkMessage", ""), "checkMessage"),
            minimum=self._bound("min"),
            maximum=self._bound("max"),
            min_length=self._number(self.written.constraints.get("minlength", ""), "minlength") or 0,
            max_length=self._number(self.written.constraints.get("maxlength", ""), "maxlength")
            or _LENGTHS.get(self.type, 1000),
            options=tuple(Option(value.id, value.label) for value in self.written.values),
            display=display if display in DISPLAYS else "",
            reference=given.get("reference", ""),
            accept=self._accept(),
            max_size=self._size(),
            max_count=self._number(given.get("maxCount", ""), "maxCount"),
            multiple=self._flag("multiple") or display == "multiple",
            currency_field=given.get("currencyField", ""),
            shared=self._flag("shared"),
            unit=given.get("unit", ""),
            help=given.get("help", ""),
            reason_field=given.get("reasonField", ""),
            min_rows=self._number(given.get("minRows", ""), "minRows") or 0,
            fixed_rows=self._flag("fixedRows"),
        )
        self._check_sense(field)
        return field

    def _type(self) -> FieldType:
        try:
            return FieldType(self.written.type)
        except ValueError:
            known = tuple(FieldType)
            self.report(
                "The field %(field)s has the type %(found)s.", "Use one of: %(known)s.%(guess)s",
                found=self.written.type, known=", ".join(known), guess=nearest(self.written.type, known),
            )  # fmt: skip
            return FieldType.STRING

    def _check_names(self) -> None:
        if not _NAME.fullmatch(self.name):
            self.report("The id %(field)s is no name.", "Use letters, digits and _, a letter first.")
        for what, found, known in (
            ("property", self.written.properties, PROPERTIES),
            ("constraint", self.written.constraints, CONSTRAINTS),
        ):
            for name in found:
                if name not in known:
                    self.report(
                        "The field %(field)s has the unknown %(what)s %(found)s.", "Use one of: %(known)s.%(guess)s",
                        what=what, found=name, known=", ".join(known), guess=nearest(name, known),
                    )  # fmt: skip
        for name in self.written.properties:
            if name in _ONLY_FOR and self.type not in _ONLY_FOR[name]:
                self.report(
                    "The field %(field)s of type %(type)s has the property %(found)s.",
                    "It belongs to: %(types)s.", type=self.type, found=name, types=", ".join(sorted(_ONLY_FOR[name])),
                )  # fmt: skip

    def _check_sense(self, field: Field) -> None:
        given = self.written.properties
        if field.type is FieldType.ENUM and not field.options and not (field.derived or field.readonly):
            self.report("The choice %(field)s has no values.", "Add values.")
        if len({option.id for option in field.options}) != len(field.options):
            self.report("The choice %(field)s has a value twice.", "Keep one of them.")
        if field.type is FieldType.REFERENCE and not field.reference:
            self.report("The field %(field)s names no list.", "Give it the property reference.")
        if field.type is FieldType.COMPUTED and field.compute is None:
            self.report("The field %(field)s computes nothing.", "Give it the property compute.")
        if given.get("checkMessage") and field.check is None:
            self.report("The field %(field)s has a checkMessage and no check.", "Give it the property check.")
        if field.check is not None and field.check_message is None:
            self.report("The field %(field)s has a check and no checkMessage.", "Say what to do when it fails.")

    def _expression(self, name: str) -> Compiled | None:
        text = self.written.properties.get(name, "").strip()
        return self._compile(compile_expression, text, name) if text else None

    def _text(self, text: str, name: str) -> Compiled | None:
        return self._compile(compile_text, text, name) if text else None

    def _bound(self, name: str) -> Compiled | None:
        text = self.written.properties.get(name, "") or self.written.constraints.get(name, "")
        return self._compile(compile_text, text, name) if text else None

    def _compile(self, compiler: Callable[[str], Compiled], text: str, name: str) -> Compiled | None:
        try:
            return compiler(text)
        except GendanError as error:
            self.report("The %(what)s of the field %(field)s cannot be read: %(error)s", "Mend the expression.",
                        what=name, error=str(error))  # fmt: skip
            return None

    def _readonly(self) -> Compiled | None:
        text = self.written.properties.get("readonly", "").strip()
        if self._constrained("readonly"):
            return compile_expression("true")
        return self._compile(compile_expression, text, "readonly") if text and text != "false" else None

    def _constrained(self, name: str) -> bool:
        return name in self.written.constraints and self.written.constraints[name].strip().lower() != "false"

    def _flag(self, name: str) -> bool:
        text = self.written.properties.get(name, "")
        if text not in ("", "true", "false"):
            self.report("%(what)s of the field %(field)s is %(found)s.", "Write true or false.", what=name, found=text)
        return text == "true"

    def _number(self, text: str, name: str) -> int | None:
        try:
            return int(scalars.integer(text)) if text else None
        except ValueError:
            self.report("%(what)s of the field %(field)s is %(found)s.", "Write a whole number.", what=name, found=text)
            return None

    def _accept(self) -> tuple[str, ...]:
        text = self.written.properties.get("accept", "")
        found = tuple(part.strip().lower() for part in text.split(",") if part.strip())
        return found or (("image/*",) if self.type is FieldType.PHOTO else ())

    def _size(self) -> int | None:
        text = self.written.properties.get("maxSize", "").strip()
        found = _SIZE.fullmatch(text)
        if text and not found:
            self.report("maxSize of the field %(field)s is %(found)s.", "Write a size such as 10MB.", found=text)
        return int(found[1]) * _UNITS[(found[2] or "B").upper()] if found else None


def _with_columns(field: Field, columns: Iterable[Field], problems: list[FormProblem]) -> Field:
    found = tuple(columns)
    for column in found:
        if column.type in (FieldType.TABLE, FieldType.INFO) or column.outcome or column.shared:
            problems.append(_problem(field, column, "The column %(column)s of %(field)s cannot be a table, an info, "
                                     "an outcome or shared.", "Use another type or property."))  # fmt: skip
    if field.type is FieldType.TABLE and not found and not (field.derived or field.readonly):
        problems.append(_problem(field, None, "The table %(field)s has no columns.", "Add fields %(field)s[].column."))
    return replace(field, columns=found) if found else field


def _relations(form: Form) -> Iterable[FormProblem]:
    outcomes = [field for field in form if field.outcome]
    for field in outcomes[1:]:
        yield _problem(field, None, "The form has a second outcome %(field)s.", "Keep one field of display outcome.")
    for field in outcomes:
        if field.reason_field and form.field(field.reason_field) is None:
            yield _problem(field, None, "reasonField of %(field)s names no field of the form.", "Name a field.")
    for name, path in circles(form):
        found = form.field(name) or form.fields[0]
        yield _problem(found, None, f"The field %(field)s depends on itself ({path}).", "Break the circle.")


def _problem(field: Field, column: Field | None, text: str, remedy: str) -> FormProblem:
    line, name = (column.line, f"{field.name}[].{column.name}") if column else (field.line, field.name)
    return FormProblem(name, line, text, remedy, (("field", field.name), ("column", column.name if column else "")))
