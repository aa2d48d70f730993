"""Business keys that a caller chooses himself (a program that starts a process by its own key).

Whether a key is taken is told to who chooses it. So that nobody learns by trying which records there are, a key may not
look like one that is given by number, and a confidential process takes none.
"""

from __future__ import annotations

import re

from engine.errors import Invalid
from engine.runtime.deployed.practice import DeployedProcess, Practice

_LONGEST = 100


def require_free(practice: Practice, process: DeployedProcess, key: str) -> None:
    """The key may be chosen for a new instance of this process. Raises Invalid."""
    if len(key) > _LONGEST or not key.isprintable() or key != key.strip():
        raise Invalid("A business key has at most %(most)d printable characters and no space around.", most=_LONGEST)
    if process.traits.confidential:
        raise Invalid("“%(process)s” is confidential: its key is given, not chosen.", process=process.name)
    patterns = [kind.number for kind in practice.surroundings.records.values()]
    patterns += [each.traits.number for each in practice.processes.values() if each.traits.number]
    if any(pattern.gives(key) for pattern in patterns) or _is_numbered(practice, key):
        raise Invalid("%(key)s looks like a number that Gendan gives itself. Choose another key, or none.", key=key)


def _is_numbered(practice: Practice, key: str) -> bool:
    """Whether it looks like the key of a process that has no kind of record: its id and a running number."""
    found = re.fullmatch(r"(.+)-\d+", key)
    return found is not None and found[1] in practice.processes
