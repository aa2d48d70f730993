"""How a built-in function is declared: beside its code, with its types and its help in two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.expressions.context import FUNCTIONS, Function, Parameter

_Call = TypeVar("_Call", bound=Callable[..., Any])


def feel(
    group: str, signature: str, result: str, *, en: str, zh: str, variadic: bool = False
) -> Callable[[_Call], _Call]:
    """Declare a function.

    `signature` reads `name(parameter: type, optional?: type)`; types as in `Parameter`.
    """
    name, _, inner = signature.removesuffix(")").partition("(")
    parameters = tuple(_parameter(each) for each in inner.split(",") if each.strip())

    def declare(call: _Call) -> _Call:
        FUNCTIONS.register(Function(name, parameters, result, en, zh, call, variadic=variadic, group=group))
        return call

    return declare


def _parameter(text: str) -> Parameter:
    name, _, type_name = text.partition(":")
    name = name.strip()
    return Parameter(name.removesuffix("?"), type_name.strip(), name.endswith("?"))
