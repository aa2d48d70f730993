"""A diagram or table while somebody edits it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeployedFile:
    """What is deployed under a file's name: `digest` names its content, the rest tells who brought that and why."""

    digest: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A file as one person edits it.

    `begun` is the digest of the deployed content it began from (empty: a new file); `saved_at` is None when there is
    no draft and `content` is what is deployed; `deployed` is None when no such file is.
    """

    file: str
    content: bytes
    begun: str
    saved_at: datetime | None
    deployed: DeployedFile | None

    @property
    def overtaken(self) -> bool:
        """Whether the file was deployed anew since this began."""
        return (self.deployed.digest if self.deployed is not None else "") != self.begun


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in its owner's list. `new`: no such file is deployed; `overtaken`: it was deployed anew meanwhile.
    `until`: when it is forgotten unless it is saved again, None for never."""

    file: str
    saved_at: datetime
    new: bool
    overtaken: bool
    until: datetime | None
