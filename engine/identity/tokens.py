"""Secrets by which programs sign in and sessions are known: given once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets

_PREFIX = "gdn_"


def new_token() -> str:
    """A token that cannot be guessed; its prefix lets scanners of leaked secrets know it."""
    return _PREFIX + secrets.token_urlsafe(32)


def new_session_secret() -> str:
    """What the cookie of a session carries: 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token or a session's secret. A plain digest is enough: neither has a pattern to try."""
    return hashlib.sha256(token.encode()).hexdigest()
