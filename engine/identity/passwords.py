"""Passwords: what is accepted, how it is kept (Argon2id), how it is compared."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid

LEAST_LENGTH = 10
MOST_LENGTH = 200
_LEAST_DIFFERENT = 5
_HASHER = PasswordHasher()
_COMMON = ("password", "123456", "qwerty", "abc123", "iloveyou", "admin", "welcome", "letmein", "111111", "gendan")


def check_password(password: str, user_id: str, name: str) -> None:
    """Raise Invalid when a new password is too short, too long, too plain, or made of the person's own name."""
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        raise Invalid(
            "A password has %(least)d to %(most)d characters; this one has %(count)d.",
            least=LEAST_LENGTH,
            most=MOST_LENGTH,
            count=len(password),
        )
    plain = password.lower()
    rest = plain
    for word in _COMMON:
        rest = rest.replace(word, "")
    if len(set(rest)) < _LEAST_DIFFERENT:
        raise Invalid("This password is guessed at once. Take a longer one, such as four words.")
    for word in (user_id.lower(), name.lower()):
        if len(word) > 2 and word in plain:
            raise Invalid("A password may not contain the person's own name. Take another one.")


def hash_password(password: str) -> str:
    """What is kept of a password. Takes about a tenth of a second: never within a transaction."""
    return _HASHER.hash(password)


@cache
def _nobody() -> str:
    """An unknown name takes as long as a known one."""
    return hash_password("a password that nobody has")


def is_password(password: str, kept: str) -> bool:
    """Whether this is the password. An empty `kept` (a person who may not sign in) is compared all the same."""
    try:
        return _HASHER.verify(kept or _nobody(), password[: MOST_LENGTH + 1]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)
