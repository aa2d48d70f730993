"""Punctuation typed with a Chinese input method looks right and is not: it is named character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject

_WIDE = {
    "，": ",", "“": '"', "”": '"', "（": "(", "）": ")", "‘": "'", "’": "'", "：": ":", "；": ";", "！": "!", "＝": "=",
    "＞": ">", "＜": "<", "［": "[", "］": "]", "｛": "{", "｝": "}", "＄": "$", "＋": "+", "、": ",", "？": "?",
}  # fmt: skip
_CODE = re.compile(r"\$\{(.*?)\}", re.S)
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_MARK = re.compile(r"[＄$]\s*[｛{]")


def check(subject: Subject) -> Iterator[Found]:
    """Full-width characters in the code of `${…}` (its texts may have them), and `＄｛` written for `${`."""
    for use in subject.uses:
        code = "".join(_TEXT.sub("", part) for part in _CODE.findall(use.text))
        wide = [char for char in dict.fromkeys(code) if char in _WIDE]
        wide += [mark for mark in _MARK.findall(use.text) if mark != "${"]
        if wide:
            yield Found(
                Spot(use.line, use.owner, use.owner_name), "%(what)s has full-width %(wide)s.", "Write %(plain)s.",
                {"what": use.what, "wide": " ".join(wide), "plain": " ".join(_plain(char) for char in wide)},
            )  # fmt: skip


def _plain(found: str) -> str:
    return "".join(_WIDE.get(char, char) for char in found)


RULE = Rule("full-width", Level.ERROR, check)
