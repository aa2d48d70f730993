"""Who asks: signing in, the guard of every area, and the tokens that forms carry."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature, URLSafeSerializer

from engine.errors import GendanError
from engine.views import Actor, Person

if TYPE_CHECKING:
    from engine.engine import Engine

csrf = CSRFProtect()
logins = LoginManager()
limiter = Limiter(get_remote_address, storage_uri="memory://")

PUBLIC = frozenset({"static", "signin.show", "signin.enter", "signin.language"})
"""Endpoints that everybody may call: the files of the pages and the door itself."""


class User(UserMixin):  # type: ignore[misc]
    """A signed-in person, as Flask-Login keeps it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.id = person.id


def engine() -> Engine:
    """The engine that this application shows."""
    return cast("Engine", current_app.extensions["engine"])


def person() -> Person:
    """The signed-in person. Only behind the guard."""
    return cast(User, current_user).person


def actor() -> Actor:
    """The signed-in person as the engine's verbs take it."""
    return Actor(person().id)


def area(name: str, prefix: str = "") -> Blueprint:
    """A blueprint whose every page asks for a signed-in person, and whose every post for the session's token."""
    blueprint = Blueprint(name, f"webui.{name}", url_prefix=prefix or None)
    blueprint.before_request(guard)
    return blueprint


def guard() -> ResponseReturnValue | None:
    """Nobody passes unknown; a post that comes after the session ended is kept until its sender signed in again."""
    if current_user.is_authenticated:
        csrf.protect()
        return None
    if request.method == "POST":
        from webui.signin import keep

        return keep()
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("signin.show")}
    return redirect(url_for("signin.show", next=request.full_path.rstrip("?")), 303)


@logins.user_loader  # type: ignore[untyped-decorator]
def load_user(user_id: str) -> User | None:
    """The person of a session, unless deactivated meanwhile."""
    try:
        found = engine().people.get(user_id)
    except GendanError:
        return None
    return User(found) if found.active else None


def signature() -> str:
    """Names the person a form was drawn for, so that a kept post returns only to the same one."""
    return str(_signer().dumps(person().id))


def signed_for(text: str) -> str:
    """The person id in a `signature`, empty when it is not one of ours."""
    try:
        return str(_signer().loads(text))
    except BadSignature:
        return ""


def submission() -> str:
    """A new submission id: the engine answers a repeated one as the first time."""
    return secrets.token_urlsafe(18)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="form")
