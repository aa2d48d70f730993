"""Cutting a text of a diagram into plain pieces and `${…}`, aware of braces and quotes inside."""

from __future__ import annotations

from typing import NamedTuple

from engine.errors import ExpressionError


class Piece(NamedTuple):
    """A plain text, or the inside of `${…}`."""

    text: str
    is_expression: bool


def pieces(source: str) -> list[Piece]:
    """The pieces in order; a text without `${` is one plain piece. `#{…}` of JUEL counts as `${…}`.

    Raises ExpressionError for a `${` that is never closed or holds nothing.
    """
    found: list[Piece] = []
    plain: list[str] = []
    at = 0
    while at < len(source):
        if source[at] == "\\" and source[at + 1 : at + 3] in ("${", "#{"):
            plain.append(source[at + 1 : at + 3])
            at += 3
        elif source[at] in "$#" and source[at + 1 : at + 2] == "{":
            end = _closing(source, at + 2)
            _keep(found, plain)
            found.append(Piece(source[at + 2 : end], True))
            at = end + 1
        else:
            plain.append(source[at])
            at += 1
    _keep(found, plain)
    return found or [Piece("", False)]


def _keep(found: list[Piece], plain: list[str]) -> None:
    if plain:
        found.append(Piece("".join(plain), False))
        plain.clear()


def _closing(source: str, start: int) -> int:
    """The place of the brace that closes `${`."""
    depth, quote, at = 1, "", start
    while at < len(source):
        character = source[at]
        if quote:
            if character == "\\" and quote != "`":
                at += 1
            elif character == quote:
                quote = ""
        elif character in "\"'`":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    raise ExpressionError(
        "%(expression)s opens ${ without closing it. Add the }%(why)s.",
        expression=source, why=" (a quote is still open)" if quote else "",
    )  # fmt: skip
