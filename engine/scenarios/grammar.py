"""The words of the scenario language: which keys each block has and what may stand behind them.

The reader takes no other key than these, and the schema for editors is made of them; so neither knows more than the
other. Values are checked by the reader; here stands their shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias


class Plain(Enum):
    """A value without words of the language in it."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    MOMENT = "moment"
    TRUE = "true"
    NOTHING = "nothing"
    ANY = "any"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class Block:
    """A block by its name in `BLOCKS`, or `a step`."""

    name: str


@dataclass(frozen=True, slots=True)
class Many:
    """A list, or one alone."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping of names that the story chooses."""

    to: Shape


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these words."""

    words: tuple[str, ...]


Shape: TypeAlias = "Plain | Block | Many | Named | Either | OneOf"
Keys: TypeAlias = Mapping[str, Shape]

TEXT, NUMBER, FLAG, MOMENT, ANY, MAPPING = (
    Plain.TEXT, Plain.NUMBER, Plain.FLAG, Plain.MOMENT, Plain.ANY, Plain.MAPPING,
)  # fmt: skip
TEXTS: Final = Many(TEXT)
VALUES: Final = Many(Either((MAPPING, TEXT)))
USE: Final = Either((TEXT, Named(MAPPING)))
STATE: Final = OneOf(("open", "ended", "cancelled", "suspended"))
NOTICES: Final = Many(Block("a notification"))
PUSHES: Final = Many(Block("a push"))
EVENTS: Final = Many(Either((TEXT, Block("an event of history"))))
TASKS: Final = Many(Either((TEXT, Named(Either((Block("a task's details"), Plain.NOTHING))))))
PEOPLE_TO_NAMES: Final = Named(TEXTS)

COMMON: Final[Keys] = {
    "by": TEXT,
    "for": TEXT,
    "note": TEXT,
    "expect": Block("expect"),
    "refused": Either((Block("refused"), TEXT)),
}
"""What may stand beside every verb."""

VERBS: Final[Mapping[str, tuple[Shape, Keys]]] = {
    "start": (TEXT, {"values": VALUES, "event": TEXT, "as": TEXT}),
    "do": (TEXT, {"values": VALUES, "outcome": TEXT, "where": MAPPING}),
    "batch": (TEXT, {"shared": VALUES, "rows": Many(Block("a row of a batch")), "rest": Block("rest")}),
    "send": (TEXT, {"values": VALUES, "where": MAPPING, "key": TEXT, "correlation": TEXT}),
    "wait": (MOMENT, {}),
    "claim": (TEXT, {"where": MAPPING}),
    "unclaim": (TEXT, {"where": MAPPING}),
    "delegate": (TEXT, {"to": TEXT, "where": MAPPING}),
    "reassign": (TEXT, {"to": TEXT, "where": MAPPING}),
    "set due": (TEXT, {"to": MOMENT, "where": MAPPING}),
    "comment": (TEXT, {}),
    "hold": (TEXT, {"reason": TEXT, "until": MOMENT}),
    "resume": (TEXT, {"reason": TEXT}),
    "cancel": (TEXT, {"reason": TEXT}),
    "correct": (TEXT, {"reason": TEXT, "values": VALUES}),
    "modify": (TEXT, {"reason": TEXT, "cancel elements": TEXTS, "start before": TEXTS}),
    "retry": (TEXT, {"values": VALUES}),
    "substitute": (TEXT, {"deputy": TEXT, "from": MOMENT, "until": MOMENT, "scope": Block("scope")}),
    "end substitution": (TEXT, {}),
    "read": (TEXT, {}),
    "deactivate": (TEXT, {}),
    "calendar": (Many(Block("an exception of the calendar")), {}),
    "reference": (Named(Many(MAPPING)), {}),
    "import": (
        TEXT,
        {"event": TEXT, "rows": VALUES, "created": NUMBER, "repeated": NUMBER, "refused rows": Named(TEXT)},
    ),
    "deploy": (Many(Block("a changed file")), {}),
    "push": (OneOf(("up", "down")), {}),
    "http": (TEXT, {"status": NUMBER, "body": ANY, "secret": TEXT}),
    "restart": (Plain.TRUE, {}),
    "off": (MOMENT, {}),
    "use": (USE, {"with": MAPPING}),
    "repeat": (ANY, {"steps": Many(Block("a step")), "as": TEXT}),
}
"""Verb → what stands behind it, what may stand beside it. A step with `expect` alone only looks."""

BLOCKS: Final[Mapping[str, Keys]] = {
    "a scenario": {
        "title": TEXT,
        "clauses": TEXTS,
        "parameters": MAPPING,
        "uses": Many(USE),
        "given": Block("given"),
        "steps": Many(Block("a step")),
    },
    "given": {
        "now": MOMENT,
        "people": Many(Block("a person")),
        "substitutes": Many(Block("a substitution")),
        "calendar": Many(Block("an exception of the calendar")),
        "reference": Named(Many(MAPPING)),
        "settings": MAPPING,
        "files": Many(Block("a changed file")),
        "push": TEXTS,
    },
    "a person": {"id": TEXT, "name": TEXT, "groups": TEXTS, "language": OneOf(("zh", "en"))},
    "a substitution": {
        "principal": TEXT,
        "deputy": TEXT,
        "from": MOMENT,
        "until": MOMENT,
        "scope": Block("scope"),
    },
    "scope": {"record": TEXT, "group": TEXT},
    "an exception of the calendar": {"day": TEXT, "periods": TEXTS, "note": TEXT, "calendar": TEXT},
    "a changed file": {"file": TEXT, "replace": TEXT, "with": TEXT},
    "a row of a batch": {
        "for": TEXTS,
        "except": TEXTS,
        "outcome": TEXT,
        "where": MAPPING,
        "values": VALUES,
        "refused": Either((Block("refused"), TEXT)),
    },
    "rest": {
        "except": TEXTS,
        "outcome": TEXT,
        "where": MAPPING,
        "values": VALUES,
        "refused": Either((Block("refused"), TEXT)),
    },
    "refused": {"code": TEXT, "text": TEXT, "field": TEXTS, "rule": TEXT},
    "expect": {
        "for": TEXT,
        "instances": Many(Either((TEXT, Block("an instance")))),
        "no instances": TEXTS,
        "tasks": TASKS,
        "has tasks": TASKS,
        "no tasks": TASKS,
        "status": ANY,
        "fields": MAPPING,
        "variables": MAPPING,
        "state": STATE,
        "end": ANY,
        "notifications": NOTICES,
        "no notifications": NOTICES,
        "pushed": PUSHES,
        "no pushed": PUSHES,
        "decisions": Named(Block("a decision")),
        "history": EVENTS,
        "no history": EVENTS,
        "passed": TEXTS,
        "not passed": TEXTS,
        "sees": TEXTS,
        "does not see": TEXTS,
        "inbox": Named(Many(Either((TEXT, Named(Block("an entry of an inbox")))))),
        "buttons": PEOPLE_TO_NAMES,
        "no buttons": PEOPLE_TO_NAMES,
        "may start": PEOPLE_TO_NAMES,
        "incidents": Either((NUMBER, Many(Block("an incident")))),
        "records": Named(NUMBER),
    },
    "a task's details": {
        "owner": TEXT,
        "groups": TEXTS,
        "due": MOMENT,
        "name": ANY,
        "count": NUMBER,
        "priority": ANY,
        "stage": ANY,
        "number": ANY,
        "suspended": FLAG,
        "may": TEXTS,
        "may not": TEXTS,
        "form": MAPPING,
        "where": MAPPING,
    },
    "an instance": {
        "process": TEXT,
        "state": STATE,
        "end": TEXT,
        "fields": MAPPING,
        "at": TEXTS,
        "count": NUMBER,
        "as": TEXT,
        "number": TEXT,
    },
    "a notification": {
        "to": TEXT,
        "subject": TEXT,
        "text": TEXT,
        "kind": TEXT,
        "receipt": FLAG,
        "read": FLAG,
        "count": NUMBER,
    },
    "a push": {"to": TEXT, "subject": TEXT, "text": TEXT, "count": NUMBER},
    "a decision": {"rule": TEXTS, "output": ANY, "inputs": MAPPING, "count": NUMBER},
    "an event of history": {
        "element": TEXT,
        "by": TEXT,
        "for": TEXT,
        "kind": TEXT,
        "text": TEXT,
        "clause": TEXT,
        "stage": TEXT,
        "values": MAPPING,
        "count": NUMBER,
    },
    "an entry of an inbox": {"for": TEXT, "on behalf of": TEXT, "count": NUMBER},
    "an incident": {"element": TEXT, "code": TEXT, "text": TEXT},
    "coverage": {"elements": NUMBER, "rules": NUMBER, "except": Many(Block("an exception"))},
    "an exception": {"process": TEXT, "elements": TEXTS, "decision": TEXT, "rules": TEXTS, "reason": TEXT},
    "a demonstration": {
        "demo": TEXT,
        "given": Block("given"),
        "begins": MOMENT,
        "stories": Many(Block("a story")),
        "routines": Many(Block("a routine")),
    },
    "a story": {"at": MOMENT, "use": USE, "with": MAPPING, "name": TEXT},
    "a routine": {"at": TEXTS, "until": MOMENT, "steps": Many(Block("a step"))},
}
"""Block → its keys."""

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "a person": ("id",),
    "a substitution": ("principal", "deputy"),
    "an exception of the calendar": ("day",),
    "a changed file": ("file", "replace"),
    "a row of a batch": ("for",),
    "an instance": ("process",),
    "an exception": ("reason",),
    "a demonstration": ("demo", "begins"),
    "a story": ("at", "use"),
    "a routine": ("at", "steps"),
}
"""Block → the keys that must be there."""

VERBS_REQUIRE: Final[Mapping[str, tuple[str, ...]]] = {
    "delegate": ("to",),
    "reassign": ("to",),
    "set due": ("to",),
    "substitute": ("deputy",),
    "import": ("rows",),
    "repeat": ("steps",),
}
"""Verb → the keys that must stand beside it."""

DOCUMENTS: Final[Mapping[str, Shape]] = {
    "scenario": TEXT,
    "fragment": TEXT,
    "always": Either((Block("given"), Plain.NOTHING)),
    "coverage": Block("coverage"),
    "demo": TEXT,
}
"""What a document begins with; what stands beside it is that of `a scenario`, nothing, or `a demonstration`."""


def keys_of(block: str) -> frozenset[str]:
    """Every key that the reader may take from a block."""
    match block:
        case "a document":
            return frozenset({*DOCUMENTS, *BLOCKS["a scenario"]})
        case "a step":
            beside = [key for value in VERBS.values() for key in value[1]]
            return frozenset({*VERBS, *COMMON, *beside})
    return frozenset(BLOCKS[block])
