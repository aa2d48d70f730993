"""An expression that cannot be read fails when it is reached; it is read now."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Every expression that does not compile, and conditions that are plain text and so never true or false."""
    for use in subject.uses:
        spot = Spot(use.line, use.owner, use.owner_name)
        if use.error is not None:
            said = {"what": use.what, "error": str(use.error)}
            yield Found(spot, "%(what)s: %(error)s", "Correct the expression.", said)
        elif use.condition and "${" not in use.text:
            fields = {"what": use.what, "text": use.text, "meant": _meant(use.text)}
            yield Found(spot, "%(what)s is the plain text %(text)s.", "Write ${%(meant)s}.", fields)


def _meant(text: str) -> str:
    """What other engines write as `= …` (FEEL) or `#{…}`, without that."""
    inner = text.strip()
    if inner.startswith("#{") and inner.endswith("}"):
        return inner[2:-1].strip()
    return inner.removeprefix("=").strip()


RULE = Rule("expression-syntax", Level.ERROR, check)
