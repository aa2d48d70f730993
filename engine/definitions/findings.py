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

    @property
    def said(self) -> str:
        """What is wrong, filled in."""
        return self.text % self.fields if self.fields else self.text

    @property
    def cure(self) -> str:
        """What to do, filled in."""
        return self.remedy % self.fields if self.fields else self.remedy

    def __str__(self) -> str:
        who = f" {self.element_id} {self.element_name}".rstrip()
        return f"{self.file}:{self.line}:{who}: {self.level}: {self.said} {self.cure} [{self.rule}]"
