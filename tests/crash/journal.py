"""What a client knows for certain: each action is on its disk before it is sent, and its answer when it came."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Action:
    """One post of a form. `answer` is empty until one came: accepted or refused; `sent` says how often it was sent."""

    submission: str
    who: str
    kind: str
    task_id: int = 0
    values: str = ""
    answer: str = ""
    sent: int = 0


class Journal:
    """The file of one client, each line on the disk before it goes on."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def write(self, action: Action) -> None:
        self._file.write(json.dumps(asdict(action)) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def read_journals(directory: Path) -> Iterator[Action]:
    """The last word on every action of all clients."""
    latest: dict[str, Action] = {}
    for path in sorted(directory.glob("*.journal")):
        for line in path.read_text(encoding="utf-8").splitlines():
            action = Action(**json.loads(line))
            latest[action.submission] = action
    yield from latest.values()
