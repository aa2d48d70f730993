"""A name that nothing writes is an incident when the expression is reached; most are misspelt."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject
from engine.validation.uses import Use


def check(subject: Subject) -> Iterator[Found]:
    """Names in expressions that nothing in the process writes and no caller hands in; asked for whole practices."""
    if not subject.whole:
        return
    for use in subject.uses:
        if use.compiled is None:
            continue
        readable = subject.practice.names.of(use.process) | _form_names(use)
        for name in sorted(use.compiled.names - readable):
            yield Found(
                Spot(use.line, use.owner, use.owner_name), "%(what)s reads %(name)s, which nothing writes.",
                "Write it before, or hand it in.%(guess)s",
                {"what": use.what, "name": name, "guess": nearest(name, tuple(sorted(readable)))},
            )  # fmt: skip


def _form_names(use: Use) -> set[str]:
    """Within a form its fields are names, and within a row the columns of its table."""
    if use.node is None or use.field is None:
        return set()
    names = {field.id for field in use.node.form} | {"row", "value"}
    table = use.field.id.partition("[]")[0]
    return names | {field.id.split(".", 1)[1] for field in use.node.form if field.id.startswith(f"{table}[].")}


RULE = Rule("unknown-name", Level.WARNING, check)
