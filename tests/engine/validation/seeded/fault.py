"""One small mistake in a file of the project's own practice, and what must be said about it."""

from __future__ import annotations

import re
from typing import NamedTuple

Said = tuple[str, str]
"""A rule and the element at which it speaks."""


class Fault(NamedTuple):
    """`old` becomes `new` within the element `at`. The rule must speak at `found` (the element itself unless it
    is another), and nothing else may be said but `also`: what follows from the same mistake. `every` changes each
    `old` of the element."""

    kind: str
    rule: str
    file: str
    at: str
    old: str
    new: str
    found: str = ""
    also: tuple[Said, ...] = ()
    every: bool = False

    @property
    def expected(self) -> set[Said]:
        """Everything that must be said, and all that may."""
        return {(self.rule, self.found or self.at), *self.also}

    def made(self, text: str) -> str:
        """The file with the mistake in it."""
        start, end = _block(text, self.at)
        block = text[start:end]
        assert self.old in block, f"{self.file} {self.at} does not say {self.old!r}"
        return text[:start] + block.replace(self.old, self.new, -1 if self.every else 1) + text[end:]


def _block(text: str, id: str) -> tuple[int, int]:
    """Where an element begins and ends."""
    opened = re.search(rf'<([\w:]+)(?=[^>]*\sid="{re.escape(id)}")[^>]*?(/?)>', text)
    assert opened, f"no element {id}"
    if opened[2]:
        return opened.span()
    depth, at = 0, opened.start()
    for tag in re.finditer(rf"<(/?){opened[1]}(?=[\s>/])[^>]*?(/?)>", text[at:]):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth == 0:
            return at, at + tag.end()
    raise AssertionError(f"{id} does not end")
