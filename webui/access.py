"""Who asks: signing in, the guard of every area, and the tokens that forms carry."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature, URLSafeSerializer

from engine.signed_in import Must, Opened, Session, Visitor
from engine.views import Actor, Person

if TYPE_CHECKING:
    from engine.engine import Engine

csrf = CSRFProtect()
logins = LoginManager()
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")

PUBLIC = frozenset(
    (
        *("static", "signin.show", "signin.enter", "signin.language"),
        *("signin.ask_code", "signin.pass_code", "provider.go", "provider.back"),
        *("provider.left", "provider.leave", "offline.worker", "offline.page"),
        *("health.alive", "health.ready", "metrics.show"),  # of which the last guards itself
    )
)
"""Endpoints that everybody may call: the files of the pages and the door itself."""

_FIRST = {
    Must.CHANGE: ("account.new_password", frozenset({"account.new_password", "account.password"})),
    Must.SECOND_FACTOR: (
        "account.factor",
        frozenset({"account.factor", "account.begin_factor", "account.confirm_factor"}),
    ),
}
"""What has to be done before anything else: the page of it, and the endpoints that are open meanwhile."""


class User(UserMixin):  # type: ignore[misc]
    """A signed-in person, as Flask-Login keeps it: its id is the secret of the session, a row in the database."""

    def __init__(self, session: Session, secret: str) -> None:
        self.session = session
        self.person = session.person
        self.id = secret


def engine() -> Engine:
    """The engine that this application shows."""
    return cast("Engine", current_app.extensions["engine"])


def person() -> Person:
    """The signed-in person. Only behind the guard."""
    return signed_in().person


def actor() -> Actor:
    """The signed-in person as the engine's verbs take it."""
    return Actor(person().id)


def visitor() -> Visitor:
    """Where the request comes from."""
    return Visitor(request.user_agent.string, request.remote_addr or "")


def enter(opened: Opened) -> None:
    """Let the browser carry a new session, and nothing of the one before: no fixed cookie survives the door."""
    session.clear()
    session.permanent = True
    user = load_user(opened.secret)
    if user is not None:
        login_user(user)


def signed_in() -> User:
    """The session one is signed in by. Only behind the guard."""
    return cast(User, current_user)


def area(name: str, prefix: str = "") -> Blueprint:
    """A blueprint whose every page asks for a signed-in person, and whose every post for the session's token."""
    blueprint = Blueprint(name, f"webui.{name}", url_prefix=prefix or None)
    blueprint.before_request(guard)
    return blueprint


def guard() -> ResponseReturnValue | None:
    """Nobody passes unknown, nor before a password that others know is changed and a wanted second factor is there.

    A post that comes after the session ended is kept until its sender signed in again.
    """
    if current_user.is_authenticated:
        csrf.protect()
        return _first()
    if request.method == "POST":
        from webui.signin import keep

        return keep()
    return _led(url_for("signin.show"), url_for("signin.show", next=request.full_path.rstrip("?")))


def _first() -> ResponseReturnValue | None:
    page, endpoints = _FIRST.get(signed_in().session.must, ("", frozenset()))
    return _led(url_for(page), url_for(page)) if page and request.endpoint not in endpoints else None


def _led(fragment: str, page: str) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": fragment}
    return redirect(page, 303)


@logins.user_loader  # type: ignore[untyped-decorator]
def load_user(secret: str) -> User | None:
    """Who is signed in by this session, unless it has ended."""
    found = engine().sessions.find(secret)
    return User(found, secret) if found is not None and not found.awaits_code else None


def signature() -> str:
    """Names the person a form was drawn for, so that a kept post returns only to the same one."""
    if "signature" not in g:  # asked once a request: a list has many forms
        g.signature = str(_signer().dumps(person().id))
    return str(g.signature)


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
