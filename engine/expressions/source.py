"""Making an expression's text ready for the parser, and saying plainly what cannot be read.

Names with spaces (known names, functions of several words) are put in backquotes, comments are blanked. Characters
that only look like the ones of the language, typed with a Chinese input method, are named with their remedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from engine.errors import ExpressionError

MAX_SOURCE = 10_000
"""Characters an expression may have."""

_PIECE = re.compile(
    r"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<code>[^"'`/]+|.)""",
    re.S,
)
_FULL_WIDTH = {
    "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "（": "(", "）": ")", "【": "[", "】": "]", "：": ":", "；": ";",
    "＝": "=", "！": "!", "＞": ">", "＜": "<", "＋": "+", "－": "-", "×": "*", "÷": "/", "。": ".", "｛": "{",
    "｝": "}", "？": "?", "、": ",", "≥": ">=", "≤": "<=", "≠": "!=", "…": "..",
}  # fmt: skip
_SUSPECT = re.compile("[" + "".join(_FULL_WIDTH) + "]")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*\Z")


def prepare(source: str, known: Iterable[str] = (), functions: frozenset[str] = frozenset()) -> str:
    """The text for the parser. Raises ExpressionError for texts that are too long or hold full-width characters."""
    if len(source) > MAX_SOURCE:
        raise ExpressionError(
            "An expression of %(length)d characters is too long; at most %(most)d are read. Split it into steps.",
            length=len(source), most=MAX_SOURCE, expression=source[:60],
        )  # fmt: skip
    join = _joiner(frozenset(known), functions)
    parts = []
    for piece in _PIECE.finditer(source):
        if piece["kept"] is not None:
            parts.append(piece["kept"])
        elif piece["comment"] is not None:
            parts.append(" ")
        else:
            _refuse_full_width(piece["code"], source)
            parts.append(piece["code"])
    if join is None:
        return "".join(parts)
    # Joined over the whole text, not over pieces: a function's bracket may follow in the next piece.
    return join.sub(_quote, "".join(parts))


def _quote(found: re.Match[str]) -> str:
    if found["kept"] is not None:
        return found["kept"]
    return f"`{' '.join(found['name'].split())}`"


@lru_cache(maxsize=256)
def _joiner(known: frozenset[str], functions: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern for names that are not plain ones, longest first, functions only before their bracket."""
    names = sorted((name for name in known if name and not _PLAIN_NAME.match(name)), key=len, reverse=True)
    calls = sorted((name for name in functions if " " in name), key=len, reverse=True)
    choices = [_spaced(name) + r"(?=\s*\()" for name in calls] + [_spaced(name) for name in names]
    if not choices:
        return None
    kept = r"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)"""
    return re.compile(rf"{kept}|(?<!\w)(?P<name>{'|'.join(choices)})(?!\w)", re.S)


def _spaced(name: str) -> str:
    return r"\s+".join(re.escape(word) for word in name.split())


def _refuse_full_width(code: str, source: str) -> None:
    found = _SUSPECT.search(code)
    if found is None:
        return
    character = found.group()
    raise ExpressionError(
        "%(expression)s holds the full-width character %(character)s where the language needs %(plain)s. "
        "Type it with the input method switched to English.",
        expression=source, character=character, plain=_FULL_WIDTH[character],
    )  # fmt: skip


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.S)


def unquote(text: str) -> str:
    """The value of a string literal with its quotes."""
    inner = text[1:-1]
    return _ESCAPE.sub(_unescape, inner) if "\\" in inner else inner


def _unescape(found: re.Match[str]) -> str:
    escape = found.group(1)
    if len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    # An unknown escape stays as written: patterns hold `\d` and the like.
    return _ESCAPES.get(escape, "\\" + escape)
