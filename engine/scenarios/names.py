"""What a story calls by name: records and instances it started, and the parameters it runs with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.values import Value


@dataclass(frozen=True, slots=True)
class Named:
    """A record (`whole`) or one instance of it. `instance_id` is the main instance of a record."""

    key: str
    instance_id: int
    number: str
    whole: bool


Fields: TypeAlias = Callable[[Named], Mapping[str, Value]]


class Names(Mapping[str, Value]):
    """Names as expressions see them; the fields of a record are asked for when its name is used, and only then."""

    def __init__(self, named: Mapping[str, Named], parameters: Mapping[str, Value], fields: Fields) -> None:
        self._named = named
        self._parameters = parameters
        self._fields = fields

    def __getitem__(self, name: str) -> Value:
        if name in self._parameters:
            return self._parameters[name]
        return dict(self._fields(self._named[name]))

    def __contains__(self, name: object) -> bool:
        return name in self._parameters or name in self._named

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._parameters, *self._named))

    def __len__(self) -> int:
        return len({*self._parameters, *self._named})
