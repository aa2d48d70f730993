"""Keys for single purposes, derived from one that is kept outside the database, and what is done with them."""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import Conflict


def seal(key: bytes, purpose: str, text: str) -> str:
    """Encrypt a text; the same text is never sealed the same."""
    return _box(key, purpose).encrypt(text.encode()).decode()


def unseal(key: bytes, purpose: str, sealed: str) -> str:
    """The text that was sealed. Raises Conflict when it was sealed with another key or altered."""
    try:
        return _box(key, purpose).decrypt(sealed).decode()
    except InvalidToken as error:
        raise Conflict(
            "The second factor cannot be read: the key file is another one. Ask an administrator to reset it."
        ) from error


def keyed_digest(key: bytes, purpose: str, text: str) -> str:
    """A digest that cannot be searched for by who has the database alone."""
    return hmac.digest(_derived(key, purpose), text.encode(), "sha256").hex()


def _box(key: bytes, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, purpose)))


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"gendan {purpose}".encode()).derive(key)
