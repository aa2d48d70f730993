"""Requests that wait for work. Each holds a thread of the server, so only some may; who comes when all places are taken
is answered at once, and asks again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import cast

from flask import Flask, current_app

THREADS = "THREADS"
"""The setting that tells how many requests the server answers at once."""
LONGEST = 20.0
"""Seconds one waits at most: a server that is told to stop gives requests no longer than half a minute."""
_NAME = "polling"
_USUAL = 8


def register(app: Flask) -> None:
    """Half of the server's threads may wait, so that the other half serves the pages."""
    places = int(app.config.get(THREADS, _USUAL)) // 2
    app.extensions[_NAME] = BoundedSemaphore(places) if places else None


@contextmanager
def waiting(wanted: float) -> Iterator[float]:
    """How many of these seconds this request may wait; 0 when as many wait as may."""
    places = cast("BoundedSemaphore | None", current_app.extensions[_NAME])
    if wanted <= 0 or places is None or not places.acquire(blocking=False):
        yield 0
        return
    try:
        yield min(wanted, LONGEST)
    finally:
        places.release()
