"""Who is signed in, and what a person sees of how he signs in. Plain values, for pages and verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from engine.views import Person


class Must(Enum):
    """What has to be done before anything else."""

    NOTHING = ""
    CHANGE = "change the password"
    SECOND_FACTOR = "second factor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody signs in from: what his browser calls itself, and his network address."""

    agent: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has not ended. With `awaits_code` only the password was right: nobody is signed in yet."""

    id: int
    person: Person
    by_provider: bool
    awaits_code: bool
    must: Must


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: the secret that its cookie carries, which is nowhere kept, and whether a code is still asked."""

    secret: str
    person: Person
    awaits_code: bool = False


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its person or an administrator sees it. `address` is its network, not its machine."""

    id: int
    created_at: datetime
    seen_at: datetime
    by_provider: bool
    agent: str
    address: str


@dataclass(frozen=True, slots=True)
class FactorView:
    """A person's second factor. `since` is None without one; `required` tells that his groups want one."""

    since: datetime | None
    codes_left: int
    required: bool


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is given: the secret to type, and the same with names as an address for a QR code."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person as another provider knows him. `groups` is None when groups are not the provider's business."""

    user_id: str
    name: str
    groups: tuple[str, ...] | None = None
