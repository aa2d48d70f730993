"""Functions of texts. Patterns are RE2's, which run in linear time and have no look-around."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import re2

from engine.expressions.context import Context
from engine.expressions.frame import MAX_TEXT, Unfit
from engine.expressions.functions.declare import feel
from engine.expressions.showing import show_value

_GROUP = "string"
_MAX_PATTERN = 1_000
_FLAGS = "imsx"


@feel(
    _GROUP, "substring(string: string, start position: number, length?: number)", "string",
    en="The part from a position, counted from 1 or from the end when negative.",
    zh="从第几个字符起截取；从 1 数起，负数从末尾数。",
)  # fmt: skip
def _substring(_: Context, text: str, start: Decimal, length: Decimal | None = None) -> str:
    begin = int(start)
    if begin == 0:
        raise Unfit("positions in a text count from 1.")
    begin = begin - 1 if begin > 0 else max(len(text) + begin, 0)
    return text[begin:] if length is None else text[begin : begin + max(int(length), 0)]


@feel(_GROUP, "string length(string: string)", "number", en="How many characters a text has.", zh="文本的字符数。")
def _length(_: Context, text: str) -> Decimal:
    return Decimal(len(text))


@feel(_GROUP, "upper case(string: string)", "string", en="The text in capitals.", zh="转成大写。")
def _upper(_: Context, text: str) -> str:
    return text.upper()


@feel(_GROUP, "lower case(string: string)", "string", en="The text in small letters.", zh="转成小写。")
def _lower(_: Context, text: str) -> str:
    return text.lower()


@feel(_GROUP, "trim(string: string)", "string", en="The text without blanks around it.", zh="去掉首尾空白。")
def _trim(_: Context, text: str) -> str:
    return text.strip()


@feel(
    _GROUP, "is blank(string: string)", "boolean",
    en="Whether a text holds nothing but blanks.", zh="文本是否为空或只有空白。",
)  # fmt: skip
def _is_blank(_: Context, text: str) -> bool:
    return not text.strip()


@feel(
    _GROUP, "substring before(string: string, match: string)", "string",
    en="What stands before the first match; empty without one.", zh="第一个匹配之前的部分；没有匹配则为空文本。",
)  # fmt: skip
def _before(_: Context, text: str, match: str) -> str:
    found = text.find(match)
    return text[:found] if found > 0 else ""


@feel(
    _GROUP, "substring after(string: string, match: string)", "string",
    en="What stands after the first match; empty without one.", zh="第一个匹配之后的部分；没有匹配则为空文本。",
)  # fmt: skip
def _after(_: Context, text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@feel(
    _GROUP, "contains(string: string, match: string)", "boolean",
    en="Whether a text holds another.", zh="文本是否包含另一文本。",
)  # fmt: skip
def _contains(_: Context, text: str, match: str) -> bool:
    return match in text


@feel(
    _GROUP, "starts with(string: string, match: string)", "boolean",
    en="Whether a text begins with another.", zh="文本是否以另一文本开头。",
)  # fmt: skip
def _starts(_: Context, text: str, match: str) -> bool:
    return text.startswith(match)


@feel(
    _GROUP, "ends with(string: string, match: string)", "boolean",
    en="Whether a text ends with another.", zh="文本是否以另一文本结尾。",
)  # fmt: skip
def _ends(_: Context, text: str, match: str) -> bool:
    return text.endswith(match)


@feel(
    _GROUP, "matches(input: string, pattern: string, flags?: string)", "boolean",
    en="Whether a pattern (RE2) is found in the text; flags i, m, s, x.", zh="文本中是否能找到该模式（RE2）。",
)  # fmt: skip
def _matches(_: Context, text: str, pattern: str, flags: str | None = None) -> bool:
    return _pattern(pattern, flags or "").search(text) is not None


@feel(
    _GROUP, "replace(input: string, pattern: string, replacement: string, flags?: string)", "string",
    en="Replaces each match of a pattern (RE2); $1 is its first group.", zh="替换所有匹配；$1 表示第一个分组。",
)  # fmt: skip
def _replace(_: Context, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    compiled = _pattern(pattern, flags or "")
    parts = _replacement(replacement)
    made: list[str] = []
    length = at = 0
    for found in compiled.finditer(text):
        filled = "".join(part if isinstance(part, str) else _group(found, part) for part in parts)
        made += [text[at : found.start()], filled]
        length += found.start() - at + len(filled)
        at = found.end()
        if length > MAX_TEXT:
            raise Unfit(f"the text becomes longer than {MAX_TEXT} characters.")
    return "".join([*made, text[at:]])


def _replacement(text: str) -> list[str | int]:
    """The literal parts and group numbers of a replacement; `\\$` is a dollar sign (XPath's fn:replace)."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        character, following = text[at], text[at + 1 : at + 2]
        if character == "$" and following.isdigit():
            parts.append(int(following))
            at += 2
        elif character == "\\" and following in {"$", "\\"}:
            parts.append(following)
            at += 2
        else:
            parts.append(character)
            at += 1
    return parts


def _group(found: Any, number: int) -> str:
    return (found.group(number) or "") if number <= found.re.groups else ""


@feel(
    _GROUP, "split(string: string, delimiter: string)", "list",
    en="The parts of a text between matches of a pattern (RE2).", zh="按模式（RE2）切分成列表。",
)  # fmt: skip
def _split(_: Context, text: str, delimiter: str) -> list[Any]:
    if not delimiter:
        raise Unfit("an empty delimiter splits nothing.")
    return list(_pattern(delimiter, "").split(text))


@feel(
    _GROUP, "string join(list: list, delimiter?: string, prefix?: string, suffix?: string)", "string",
    en="The texts of a list in one, nulls left out.", zh="把列表中的文本连成一个，空值略过。",
)  # fmt: skip
def _join(
    _: Context, items: list[Any], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> str:
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        raise Unfit("string join needs a list of texts. Write string(…) around the others.")
    joined = (delimiter or "").join(texts) if sum(map(len, texts)) <= MAX_TEXT else None
    if joined is None:
        raise Unfit(f"the text becomes longer than {MAX_TEXT} characters.")
    return f"{prefix or ''}{joined}{suffix or ''}"


@feel(_GROUP, "string(from: any)", "string", en="A value as text.", zh="把值转成文本。")
def _string(_: Context, value: Any) -> str | None:
    return None if value is None else show_value(value)


@lru_cache(maxsize=512)
def _pattern(pattern: str, flags: str) -> Any:
    if len(pattern) > _MAX_PATTERN or any(flag not in _FLAGS for flag in flags):
        raise Unfit(f"a pattern has at most {_MAX_PATTERN} characters and flags are of {_FLAGS}.")
    if "x" in flags:
        pattern, flags = "".join(pattern.split()), flags.replace("x", "")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(f"(?{flags}){pattern}" if flags else pattern, options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
        raise Unfit(f"the pattern {pattern} cannot be read: {reason}.") from None
