"""Passwords that were right a moment ago, so that a program which sends its own with every request costs one look a
minute: to compare a password takes a tenth of a second."""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

KNOWN_FOR = timedelta(minutes=1)
_MOST = 1000
_LOCKS = 64


class Remembered:
    """What is kept is an HMAC, with a key that lives as long as the process, over name, password and the digest the
    password was compared with: it tells nothing, and a changed password is not remembered."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, datetime] = OrderedDict()
        self._guard = Lock()
        self._turns = tuple(Lock() for _ in range(_LOCKS))

    @contextmanager
    def turn(self, user_id: str) -> Iterator[None]:
        """One at a time for a name: each attempt counts as failed until it is right, so twenty workers that begin at
        the same moment with the right password would lock it."""
        with self._turns[hash(user_id) % _LOCKS]:
            yield

    def knows(self, user_id: str, password: str, kept: str, now: datetime) -> bool:
        """Whether this password was compared with this digest less than a minute ago, and was right."""
        mark = self._mark(user_id, password, kept)
        with self._guard:
            since = self._known.get(mark)
        return since is not None and timedelta() <= now - since < KNOWN_FOR

    def keep(self, user_id: str, password: str, kept: str, now: datetime) -> None:
        """It was right just now."""
        with self._guard:
            self._known[self._mark(user_id, password, kept)] = now
            while len(self._known) > _MOST:
                self._known.popitem(last=False)

    def _mark(self, *parts: str) -> bytes:
        told = b"".join(len(each.encode()).to_bytes(8) + each.encode() for each in parts)
        return hmac.digest(self._key, told, sha256)
