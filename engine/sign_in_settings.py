"""What the administrator decides on signing in: how long sessions last, how they travel, and another provider."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from environs import Env, validate

_KEY_BYTES = 32
ReadKey = Callable[[str, Path], bytes]


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID Connect provider that knows the people of the house.

    `claim` holds the user name. `groups_claim` holds the ids of the groups a person is in; empty: groups are kept
    here. With `creates` whom the provider knows is added when he first comes. `label` stands on the button.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "preferred_username"
    groups_claim: str = ""
    creates: bool = False
    scopes: str = "openid profile email"
    label: str = "SSO"


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """Settings of the door.

    `secret_key` signs cookies and forms; without one it is made anew for this run. A session ends when it was not
    used for `idle`, at the latest after `longest`. `secure` keeps cookies to https alone. `proxies` is how many
    reverse proxies stand before the server, whose word on the caller's address is taken.
    """

    secret_key: bytes = field(default_factory=lambda: secrets.token_bytes(_KEY_BYTES), repr=False)
    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=7)
    secure: bool = False
    proxies: int = 0
    provider: Provider | None = None


def read_sign_in(env: Env, data: Path, read_key: ReadKey) -> SignInSettings:
    """The settings of the environment; raises EnvError naming the variable."""
    return SignInSettings(
        secret_key=read_key(env.str("SECRET_KEY", ""), data / "session.key"),
        idle=timedelta(minutes=env.int("SESSION_IDLE_MINUTES", 12 * 60, validate=validate.Range(min=1))),
        longest=timedelta(hours=env.int("SESSION_HOURS", 7 * 24, validate=validate.Range(min=1))),
        secure=env.bool("SECURE_COOKIES", False),
        proxies=env.int("PROXIES", 0, validate=validate.Range(min=0)),
        provider=_provider(env),
    )


def _provider(env: Env) -> Provider | None:
    issuer = env.str("OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    return Provider(
        issuer=issuer,
        client_id=env.str("OIDC_CLIENT_ID"),
        client_secret=env.str("OIDC_CLIENT_SECRET"),
        claim=env.str("OIDC_CLAIM", "preferred_username"),
        groups_claim=env.str("OIDC_GROUPS_CLAIM", ""),
        creates=env.bool("OIDC_CREATES", False),
        scopes=env.str("OIDC_SCOPES", "openid profile email"),
        label=env.str("OIDC_LABEL", "SSO"),
    )
