"""`python -m tests.engine.mutations.worker FROM TO`: judges the mutations of these numbers in a process of its own.

The process is bounded in memory and time, each mutation in time; before each its number is written, so that whoever
waits knows at which one the process died or hangs. What is wrong is written as lines of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import traceback
from random import Random

from tests.conformance.bounded import limited
from tests.engine.mutations.damage import damaged
from tests.engine.mutations.judging import judge
from tests.engine.mutations.originals import originals

MEMORY = 2 * 1024**3
"""Bytes of address space the whole process may take."""
SECONDS = 20.0
"""What one mutation may take; on a quiet machine none takes one."""


def mutation(seed: int) -> tuple[str, bytes]:
    """The mutation of this number: the name of its original, and the damaged file."""
    random = Random(seed)
    name, content = random.choice(originals())
    return name, damaged(random, content)


def main(first: int, last: int) -> None:
    """Judge them all."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(1000)
    for seed in range(first, last):
        print(json.dumps({"seed": seed}), flush=True)
        name, content = mutation(seed)
        try:
            with limited(SECONDS):
                fared = judge(name, content, Random(seed))
            print(json.dumps({"seed": seed, "fared": fared}), flush=True)
        except Exception:
            print(json.dumps({"seed": seed, "name": name, "wrong": traceback.format_exc()}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
