"""The second factor: six figures that change every thirty seconds (TOTP, RFC 6238), and codes for when it is lost."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP_SECONDS = 30
RECOVERY_CODES = 10
_STEPS_OFF = 1
"""How many steps a phone's clock may differ."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5
_FIGURES = re.compile(r"\d{6}", re.ASCII)


def new_secret() -> str:
    """A secret for an authenticator, in the letters that people can type (base32, 160 bits)."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, user_id: str, issuer: str) -> str:
    """What the QR code says."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=user_id, issuer_name=issuer))


def plain_code(code: str) -> str:
    """A code as it was typed, without what people put between."""
    return re.sub(r"[\s-]", "", code).lower()


def step_of(code: str, secret: str, now: datetime) -> int | None:
    """The step (of thirty seconds) whose code this is, the newest that is accepted now; None when it is wrong."""
    if not _FIGURES.fullmatch(code):
        return None
    made, current = pyotp.HOTP(secret), int(now.timestamp()) // STEP_SECONDS
    for step in range(current + _STEPS_OFF, current - _STEPS_OFF - 1, -1):
        if hmac.compare_digest(made.at(step), code):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to write down, each of 49 bits, in two halves; letters that look alike are left out."""
    return tuple(f"{_letters()}-{_letters()}" for _ in range(RECOVERY_CODES))


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_HALF))
