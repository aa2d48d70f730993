"""Who people are: passwords, lock-out, tokens, and who may stand in for whom. Pure; the store and the verbs use it."""

from engine.identity.errors import SignInRefused
from engine.identity.lockout import Failures, attempt, is_locked
from engine.identity.passwords import check_password, hash_password, is_outdated, is_password
from engine.identity.substitution import SCOPES, Substitution, check_substitution
from engine.identity.tokens import new_token, token_digest

__all__ = [
    "SCOPES",
    "Failures",
    "SignInRefused",
    "Substitution",
    "attempt",
    "check_password",
    "check_substitution",
    "hash_password",
    "is_locked",
    "is_outdated",
    "is_password",
    "new_token",
    "token_digest",
]
