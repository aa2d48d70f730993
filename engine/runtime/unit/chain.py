"""The hash chains of history: what vouches for a row, its place, and every row before it.

A row's hash is an HMAC under a key that lives outside the database, over the hash before, the row's fields and the
digest of its canonical text. Who has the key can tell that nobody without it has changed anything. The same rows also
make a plain chain (SHA-256, no key), whose heads the daily seals hold: who has noted a seal can tell, without key
and without database, that an export holds what was sealed. When retention removes a text its digest stays, and
both still verify.
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
    return hmac.digest(key, _text(previous, at, fields, data), "sha256")


def plain(previous: bytes, at: datetime, fields: tuple[object, ...], data: bytes, link: bytes) -> bytes:
    """The head of the plain chain after one row, its `link` included."""
    return hashlib.sha256(_text(previous, at, fields, data) + link).digest()


def _text(previous: bytes, at: datetime, fields: tuple[object, ...], data: bytes) -> bytes:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return previous + data + json.dumps([moment, *fields], ensure_ascii=False, separators=(",", ":")).encode()
