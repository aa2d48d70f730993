"""What a story calls by name: records and instances it started, and the parameters it runs with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.expressions import Context
from engine.scenarios.templates import Scope, Stopped, Template, Upload
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Named:
    """A record (`whole`) or one instance of it. `instance_id` is the main instance of a record."""

    key: str
    instance_id: int
    number: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Late:
    """A parameter that uses what is not there yet (a form, its uploads, a name given later).

    It is made where it is used, with the names of where it was given.
    """

    template: Template
    names: Names
    context: Context


Parameters: TypeAlias = Mapping[str, "Value | Late"]
Fields: TypeAlias = Callable[[Named], Mapping[str, Value]]
NO_FORM: Mapping[str, Value] = {}


def parameter(template: Template, names: Names, context: Context) -> Value | Late:
    """A parameter's value, or what will make it once everything it uses is there."""
    try:
        return template.make(Scope(names, context))
    except Stopped:
        return Late(template, names, context)


class Names(Mapping[str, Value]):
    """Names as expressions see them; the fields of a record are asked for when its name is used, and only then.

    `form` are the names that hold while a form is filled, over all others; `upload` is where its files go.
    """

    def __init__(
        self,
        named: Mapping[str, Named],
        parameters: Parameters,
        fields: Fields,
        form: Mapping[str, Value] = NO_FORM,
        upload: Upload | None = None,
    ) -> None:
        self._named = named
        self._parameters = parameters
        self._fields = fields
        self._form = form
        self._upload = upload

    def __getitem__(self, name: str) -> Value:
        if name in self._form:
            return self._form[name]
        if name in self._parameters:
            found = self._parameters[name]
            return self._made(found) if isinstance(found, Late) else found
        return dict(self._fields(self._named[name]))

    def _made(self, late: Late) -> Value:
        names = Names(late.names._named, late.names._parameters, self._fields, self._form, self._upload)
        return late.template.make(Scope(names, late.context, self._upload))

    def __contains__(self, name: object) -> bool:
        return name in self._form or name in self._parameters or name in self._named

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._form, *self._parameters, *self._named))

    def __len__(self) -> int:
        return len({*self._form, *self._parameters, *self._named})
