"""Four eyes names the tasks whose doers may not do this one: a task that does not exist excludes nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_DONE = {Kind.USER_TASK, Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT, Kind.RECEIVE_TASK}


def check(subject: Subject) -> Iterator[Found]:
    """Ids in `fourEyes` that are no element of the practice that a person does."""
    processes = subject.practice.processes.values() if subject.whole else subject.processes
    known = tuple(node.id for process in processes for node in process.scope.walk() if node.kind in _DONE)
    for place in subject.places:
        for name in place.node.properties.get("fourEyes", "").split(","):
            if name.strip() and name.strip() not in known:
                yield Found(
                    at(place.node), "fourEyes names %(name)s, which is no task or start.",
                    "Use the ids of tasks.%(guess)s", {"name": name.strip(), "guess": nearest(name.strip(), known)},
                )  # fmt: skip


RULE = Rule("four-eyes", Level.ERROR, check)
