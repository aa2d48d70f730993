"""A name that is set on one way and read behind another is an incident, but only sometimes: the worst to find."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.dataflow import Flow
from engine.validation.names import written
from engine.validation.reading import certain
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject
from engine.validation.uses import Use


def check(subject: Subject) -> Iterator[Found]:
    """Names that are certainly read and that a way from the start leaves unset, with that way."""
    if not subject.whole:
        return
    for use in subject.uses:
        if use.compiled is None or use.node is None or use.called or use.tolerant:
            continue
        flow = subject.practice.flows[use.process]
        settable, given = (find(use.node, use.after, use.inputs) for find in (flow.can_be_set, flow.is_set))
        if given is None:
            continue
        known = subject.practice.names.of(use.process) if settable is None else settable
        for name in sorted((certain(use.compiled) & known) - given):
            if not _decided(flow, use, name):
                yield Found(
                    Spot(use.line, use.owner, use.owner_name),
                    "%(what)s reads %(name)s, which is not set on the way %(way)s.",
                    "Set it before the ways part (a compute step can), or ask is defined(%(name)s).",
                    {"what": use.what, "name": name, "way": " → ".join(flow.way_without(name, use.node))},
                )  # fmt: skip


def _decided(flow: Flow, use: Use, name: str) -> bool:
    """Whether a condition on the way here tells of what was done where the name is set: it reads what decides there,
    or what is set there together with the name."""
    if use.node is None:
        return False
    writers = flow.writers(name)
    told = frozenset().union(*(flow.guards(each) | set(written(each)) for each in writers))
    return not told.isdisjoint(flow.guards(use.node))


RULE = Rule("maybe-unset", Level.WARNING, check)
