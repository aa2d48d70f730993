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
        readable = subject.practice.names.of(_process(subject, use)) | use.own
        for name in sorted(use.compiled.names - readable):
            yield Found(
                Spot(use.line, use.owner, use.owner_name), "%(what)s reads %(name)s, which nothing writes.",
                "Write it before, or hand it in.%(guess)s",
                {"what": use.what, "name": name, "guess": nearest(name, tuple(sorted(readable)))},
            )  # fmt: skip


def _process(subject: Subject, use: Use) -> str:
    """The process in whose scope the text is read: what a call hands out is read in the called one."""
    return use.called if use.called in subject.practice.processes else use.process


RULE = Rule("unknown-name", Level.WARNING, check)
