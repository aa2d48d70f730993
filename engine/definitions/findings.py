"""What a check of a file found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs: an error keeps the practice from being deployed."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful, where it stands, and the cure.

    `text` and `remedy` are message templates filled from `fields`; `rule` is the id of the rule that found it.
    """

    rule: str
    level: Level
    file: str
    line: int
    element_id: str
    element_name: str
    text: str
    remedy: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        who = f" {self.element_id} {self.element_name}".rstrip()
        body = self.text % self.fields if self.fields else self.text
        cure = self.remedy % self.fields if self.fields else self.remedy
        return f"{self.file}:{self.line}:{who}: {self.level}: {body} {cure} [{self.rule}]"
