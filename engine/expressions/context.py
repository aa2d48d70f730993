"""What an expression may ask its surroundings for, and what a function of the language is.

An expression reaches nothing but its names, the built-in functions and the functions its context offers. The
context also tells the time: nothing in this package reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from engine.values import Value


class Parameter(NamedTuple):
    """One parameter of a function.

    `type` is one of `any`, `number`, `string`, `boolean`, `date`, `time`, `date and time`, `duration` (either kind),
    `days and time duration`, `years and months duration`, `list`, `context`; several are joined by `|`.
    A null given for a required parameter of another type than `any` makes the call null, as FEEL does; for an
    optional one it means "not given" and is passed on as None.
    """

    name: str
    type: str
    optional: bool = False


@dataclass(frozen=True)
class Function:
    """A function that expressions may call: its types, its help in two languages, and what computes it.

    `call` takes the context and the values of the arguments in order; optional ones that are not given are left
    out. `working` says that the result is computed on the working calendar, so that a change of the calendar
    computes it again. With `variadic` the last parameter may be given any number of times.
    """

    name: str
    parameters: tuple[Parameter, ...]
    result: str
    help_en: str
    help_zh: str
    call: Callable[..., Value] = field(compare=False)
    working: bool = False
    variadic: bool = False
    group: str = "context"

    @property
    def signature(self) -> str:
        """How the function is written, e.g. `substring(string, start position, [length])`."""
        shown = [f"[{each.name}]" if each.optional else each.name for each in self.parameters]
        return f"{self.name}({', '.join(shown)}{', …' if self.variadic else ''})"


class Context(Protocol):
    """The surroundings of one evaluation."""

    def now(self) -> datetime:
        """The present moment, aware."""
        ...

    def zone(self) -> ZoneInfo:
        """The zone in which dates and clock times are meant."""
        ...

    @property
    def functions(self) -> Mapping[str, Function]:
        """Functions offered beside the built-in ones, by name."""
        ...


class Registry(Mapping[str, Function]):
    """Every function that is known by name: the built-in ones and those that other packages have declared."""

    def __init__(self) -> None:
        self._functions: dict[str, Function] = {}

    def register(self, *functions: Function) -> None:
        """Declare functions. Declaring the same name again replaces it, but a built-in name cannot be taken."""
        for function in functions:
            known = self._functions.get(function.name)
            if known is not None and known.group != "context" and function.group == "context":
                raise ValueError(f"{function.name} is a built-in function and cannot be declared again")
            self._functions[function.name] = function

    def __getitem__(self, name: str) -> Function:
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)


FUNCTIONS = Registry()
"""The functions known to `working`, to validation and to the page of help; `register` adds contextual ones."""
