"""Values as scenario files write them: constants, expressions and files to upload, made into values when played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, cast

from engine.errors import ExpressionError
from engine.expressions import Compiled, Context, compile_text
from engine.scenarios.source import Place, ScenarioFault, Source
from engine.values import Value

Upload: TypeAlias = Callable[[str, bytes], Value]


class Stopped(Exception):
    """A step cannot go on for a reason that is the scenario's own (an unknown name, no such task, …)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a template sees: names, the calendar's context and how a file is uploaded."""

    names: Mapping[str, Value]
    context: Context
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands as written."""

    value: Value

    def make(self, scope: Scope) -> Value:
        """The value; a moment written without a zone is meant in the calendar's zone."""
        if isinstance(self.value, datetime) and self.value.tzinfo is None:
            return self.value.replace(tzinfo=scope.context.zone())
        return self.value


@dataclass(frozen=True, slots=True)
class Formula:
    """A text with `${…}`."""

    compiled: Compiled = field(compare=False)
    place: Place

    def make(self, scope: Scope) -> Value:
        """The value of the expression; its failure stops the step and tells where it stands."""
        try:
            return self.compiled.evaluate(scope.names, scope.context)
        except ExpressionError as error:
            raise Stopped(f"{self.place}: {error}") from error


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of templates."""

    entries: tuple[Template, ...]

    def make(self, scope: Scope) -> Value:
        """The list of the made values."""
        return [each.make(scope) for each in self.entries]


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping; its keys are taken as written."""

    entries: tuple[tuple[str, Template], ...]

    def make(self, scope: Scope) -> Value:
        """The mapping of the made values."""
        return {name: each.make(scope) for name, each in self.entries}


@dataclass(frozen=True, slots=True)
class FileToUpload:
    """`{file: scan.pdf}`: a file that is made and uploaded when the form is sent."""

    name: Template
    text: Template | None
    place: Place

    def make(self, scope: Scope) -> Value:
        """The file value of the upload."""
        from engine.scenarios.samples import sample_file

        if scope.upload is None:
            raise Stopped(f"{self.place}: A file cannot be given here.")
        name = str(self.name.make(scope))
        text = None if self.text is None else str(self.text.make(scope))
        return scope.upload(name, sample_file(name, text))


Template: TypeAlias = "Constant | Formula | Listing | Record | FileToUpload"
NOTHING = Constant(None)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a form: mappings (or expressions that give one), the later over the earlier."""

    layers: tuple[Template, ...] = ()
    place: Place | None = None

    def make(self, scope: Scope) -> dict[str, Value]:
        """The merged mapping."""
        merged: dict[str, Value] = {}
        for layer in self.layers:
            made = layer.make(scope)
            if made is None:
                continue
            if not isinstance(made, dict):
                raise Stopped(f"{self.place}: values are a mapping of field names to values, not {made!r}.")
            merged.update(made)
        return merged


NO_VALUES = Values()


def template(source: Source) -> Template:
    """The template that a node of a file stands for."""
    if source.is_list:
        return Listing(tuple(template(each) for each in source.items()))
    if source.is_map:
        entries = tuple((name, value) for name, _, value in source.entries())
        if entries and {name for name, _ in entries} <= {"file", "text"} and entries[0][0] == "file":
            given = dict(entries)
            return FileToUpload(
                template(given["file"]), template(given["text"]) if "text" in given else None, source.place
            )
        return Record(tuple((name, template(value)) for name, value in entries))
    value = source.scalar()
    if isinstance(value, str) and "${" in value:
        return formula(value, source)
    return Constant(value)


def text_template(source: Source) -> Template:
    """A text that may contain expressions; what looks like a number or date stays the text as written."""
    text = source.text()
    return formula(text, source) if "${" in text else Constant(text)


def values_template(source: Source | None) -> Values:
    """The `values` of a step: a mapping or a list of mappings and expressions."""
    if source is None:
        return Values()
    for each in source.items():
        if not each.is_map and "${" not in each.text():
            raise each.fault("values are a mapping of field names to values, or a list of these and of ${…}.")
    return Values(tuple(template(each) for each in source.items()), source.place)


def formula(text: str, source: Source) -> Formula:
    """Compile a text with expressions; what cannot be read is a mistake of the file."""
    try:
        return Formula(compile_text(text), source.place)
    except ExpressionError as error:
        raise ScenarioFault(source.place, str(error)) from error


def spoken(made: Value) -> str:
    """A made value where a name or text is wanted: a number without a trailing `.0`, null as nothing."""
    return "" if made is None else str(made)


def as_mapping(value: Value) -> Mapping[str, Value]:
    """A value that is a mapping, or an empty one."""
    return cast("Mapping[str, Value]", value) if isinstance(value, dict) else {}
