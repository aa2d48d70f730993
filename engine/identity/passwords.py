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
_COMMON = (
    *("password", "passw0rd", "p@ssw0rd", "qwertyuiop", "qwerty", "qazwsx", "1qaz2wsx", "1q2w3e4r", "q1w2e3r4", "zaq1"),
    *("asdfghjkl", "asdfgh", "zxcvbnm", "zxcvbn", "abcdefghij", "abcdef", "abcd1234", "abc123", "a1b2c3d4", "aa123456"),
    *("0123456789", "1234567890", "123456789", "12345678", "123456", "9876543210", "987654321", "654321", "1234"),
    *("iloveyou", "letmein", "welcome", "administrator", "admin", "root", "login", "secret", "master", "monkey"),
    *("dragon", "football", "baseball", "princess", "sunshine", "superman", "changeme", "default", "trustno1"),
    *("woaini1314", "woaini", "5201314", "1314520", "520520", "147258369", "123321", "112233", "nihao", "mima"),
    *("a123456789", "wang", "zhang", "qq123456", "gendan", "test1234", "test", "user", "2026", "2025"),
)
"""The words that the passwords tried first are made of; longer ones before the words within them."""


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
    return hash_password("a password that nobody has")


def is_password(password: str, kept: str) -> bool:
    """Whether this is the password. An empty `kept` (a person who may not sign in, a name nobody has) is compared
    all the same, so that it takes as long."""
    nobody = _nobody()  # made at the first comparison, whosever it is
    try:
        return _HASHER.verify(kept or nobody, password[: MOST_LENGTH + 1]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)
