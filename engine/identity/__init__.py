"""Who people are: passwords, second factors, lock-out, secrets, and who may stand in for whom.

Pure; the store and the verbs use it.
"""

from engine.identity.errors import SignInRefused
from engine.identity.keys import keyed_digest, seal, unseal
from engine.identity.lockout import Failures, attempt, is_locked, taken_back
from engine.identity.passwords import check_password, hash_password, is_outdated, is_password
from engine.identity.remembered import Remembered
from engine.identity.second_factor import enrolment_uri, new_recovery_codes, new_secret, plain_code, step_of
from engine.identity.substitution import SCOPES, Substitution, check_substitution
from engine.identity.tokens import new_session_secret, new_token, token_digest
from engine.identity.visitors import network, short_agent

__all__ = [
    "SCOPES",
    "Failures",
    "Remembered",
    "SignInRefused",
    "Substitution",
    "attempt",
    "check_password",
    "check_substitution",
    "enrolment_uri",
    "hash_password",
    "is_locked",
    "is_outdated",
    "is_password",
    "keyed_digest",
    "network",
    "new_recovery_codes",
    "new_secret",
    "new_session_secret",
    "new_token",
    "plain_code",
    "seal",
    "short_agent",
    "step_of",
    "taken_back",
    "token_digest",
    "unseal",
]
