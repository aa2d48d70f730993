"""Tokens by which programs sign in: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets

_PREFIX = "gdn_"


def new_token() -> str:
    """A token that cannot be guessed; its prefix lets scanners of leaked secrets know it."""
    return _PREFIX + secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token. A plain digest is enough: a token has no pattern that could be tried."""
    return hashlib.sha256(token.encode()).hexdigest()
