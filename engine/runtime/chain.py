"""The hash chain of history: a row's hash vouches for the row, its place, and every row before it.

The hash is an HMAC under a key that lives outside the database, over the hash before, the row's fields and the digest
of its canonical text. When retention removes a text its digest stays, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

GENESIS = bytes(32)
"""The head of a chain without rows."""


def digest(text: str) -> bytes:
    """SHA-256 of a canonical text."""
    return hashlib.sha256(text.encode()).digest()


def link(key: bytes, previous: bytes, at: datetime, fields: tuple[object, ...], data: bytes) -> bytes:
    """The hash of one row. `fields` identify the row and its place; `data` is the digest of its text."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps([moment, *fields], ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, previous + data + text.encode(), "sha256")
