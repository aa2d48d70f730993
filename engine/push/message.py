"""What a push says: one notice as it is, several as a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.definitions.practice import Label

_MOST_LINES = 30
_HEADING = Label("%d 条通知", "%d notices")
_MORE = Label("……另有 %d 条", "… and %d more")


@dataclass(frozen=True, slots=True)
class Note:
    """A notice as far as a push repeats it."""

    subject: str
    text: str
    business_key: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    title: str
    body: str


def composed(notes: Sequence[Note], language: str) -> Message:
    """The message of these notices, oldest first, in the language of who gets it."""
    if len(notes) == 1:
        (note,) = notes
        return Message(_line(note), note.text or note.subject)
    lines = [f"· {_line(note)}" for note in notes[:_MOST_LINES]]
    if len(notes) > _MOST_LINES:
        lines.append(_said(_MORE, language) % (len(notes) - _MOST_LINES))
    return Message(_said(_HEADING, language) % len(notes), "\n".join(lines))


def _line(note: Note) -> str:
    key = "" if note.business_key in note.subject else note.business_key
    return " ".join(f"{key} {note.subject}".split())


def _said(label: Label, language: str) -> str:
    return label.zh if language == "zh" else label.en
