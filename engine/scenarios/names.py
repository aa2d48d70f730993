"""What a story calls by name: records and instances it started, and the parameters it runs with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.scenarios.templates import Scope, Template, reads
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
    """A parameter that speaks of the form it is used in: it is made there, with the names of where it was given."""

    template: Template
    scope: Scope

    def make(self, form_and_task: Mapping[str, Value]) -> Value:
        """Its value in this form."""
        return self.template.make(self.scope.beside(form_and_task))


OF_THE_FORM = frozenset({"form", "task"})
Parameters: TypeAlias = Mapping[str, "Value | Late"]
Fields: TypeAlias = Callable[[Named], Mapping[str, Value]]


def parameter(template: Template, scope: Scope) -> Value | Late:
    """A parameter's value, or what will make it when it speaks of a form."""
    if reads(template) & OF_THE_FORM and not OF_THE_FORM & scope.names.keys():
        return Late(template, scope)
    return template.make(scope)


class Names(Mapping[str, Value]):
    """Names as expressions see them; the fields of a record are asked for when its name is used, and only then."""

    def __init__(self, named: Mapping[str, Named], parameters: Parameters, fields: Fields) -> None:
        self._named = named
        self._parameters = parameters
        self._fields = fields

    def __getitem__(self, name: str) -> Value:
        if name in self._parameters:
            found = self._parameters[name]
            return found.make(self._of_the_form()) if isinstance(found, Late) else found
        return dict(self._fields(self._named[name]))

    def _of_the_form(self) -> dict[str, Value]:
        found = {name: self._parameters.get(name) for name in OF_THE_FORM}
        return {name: value for name, value in found.items() if value is not None and not isinstance(value, Late)}

    def __contains__(self, name: object) -> bool:
        return name in self._parameters or name in self._named

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._parameters, *self._named))

    def __len__(self) -> int:
        return len({*self._parameters, *self._named})
