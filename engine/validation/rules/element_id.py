"""Tokens, history and messages find elements by id: each needs one, and only one element may have it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.dialect import NODE_TAGS, plain
from engine.validation.rule import Found, Rule, at_written
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Flow nodes and processes without an id, and ids that stand twice in the file."""
    lines: dict[str, int] = {}
    for element in subject.file.written:
        if not element.id and (plain(element.tag) in NODE_TAGS or element.tag == "process"):
            yield Found(at_written(element), "<%(tag)s> has no id.", "Give it one.", {"tag": element.tag})
        if element.id and element.id in lines:
            yield Found(
                at_written(element), "The id %(id)s stands on line %(line)d already.", "Give one of them another id.",
                {"id": element.id, "line": lines[element.id]},
            )  # fmt: skip
        lines.setdefault(element.id, element.line)


RULE = Rule("element-id", Level.ERROR, check)
