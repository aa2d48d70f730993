"""Who asks: HTTP Basic or a bearer token, never the session's cookie; and how often.

A cookie would let any page on the web act for who is signed in; there is no token of a form here that stops it.
"""

from __future__ import annotations

from flask import Blueprint, g, request
from werkzeug.datastructures import Authorization

from engine.identity import SignInRefused
from engine.views import Actor, Person
from webui.access import engine, limiter

OFTEN = "200 per second"
"""What one address may ask."""
WRONG = "20 per minute"
"""How often one address may give a wrong password; to look at one costs a tenth of a second."""


def guard(blueprint: Blueprint) -> None:
    """Let this module answer for who comes into a blueprint."""
    limiter.shared_limit(OFTEN, scope="rest")(blueprint)
    limiter.shared_limit(
        WRONG,
        scope="rest-wrong",
        exempt_when=lambda: request.authorization is None or request.authorization.type != "basic",
        deduct_when=lambda response: response.status_code == 401,
    )(blueprint)
    blueprint.before_request(enter)


def enter() -> None:
    """Let nobody in unknown. Raises SignInRefused."""
    given = request.authorization
    if given is None:
        raise SignInRefused("Sign in with HTTP Basic, or with a token: Authorization: Bearer …")
    g.program = _person(given)


def person() -> Person:
    """Who asks. Only behind the door."""
    found: Person = g.program
    return found


def actor() -> Actor:
    """Who asks, as the engine's verbs take it."""
    return Actor(person().id)


def _person(given: Authorization) -> Person:
    if given.type == "bearer":
        return engine().identity.authenticate_token(given.token or "")
    if given.type == "basic":
        return engine().identity.authenticate(given.username or "", given.password or "")
    raise SignInRefused("Sign in with HTTP Basic or Bearer; %(kind)s is not known here.", kind=given.type)
