"""Who may ask: by password or token, never by the session of the pages; wrong passwords are counted."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.identity import SignInRefused, passwords
from engine.views import Actor
from tests.webui.browsing import Browser
from tests.webui.conftest import PASSWORD
from tests.webui.rest.conftest import Program
from webui.app import create_app

VERSION = "/engine-rest/version"
NEW = "another long secret"


def basic(password: str = PASSWORD, user: str = "lin") -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every comparison of a password, as it is made."""
    made: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            made.append(password)
            return hasher.verify(kept, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

        def check_needs_rehash(self, kept: str) -> bool:
            return hasher.check_needs_rehash(kept)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    return made


def test_a_password_or_a_token_lets_a_program_in(app: Flask, rest: Callable[[str], Program]) -> None:
    assert app.test_client().get(VERSION, headers=basic()).get_json() == {"version": "7.21.0"}
    assert rest("lin").get("/version") == {"version": "7.21.0"}
    assert rest("lin").get("/engine/default/version") == {"version": "7.21.0"}
    assert rest("lin").get("/engine") == [{"name": "default"}]


def test_the_session_of_the_pages_opens_nothing(lin: Browser) -> None:
    answer = lin.client.get(VERSION)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert answer.get_json()["type"] == "AuthenticationException"


def test_a_browser_is_not_asked_for_a_password(app: Flask) -> None:
    """It would send it with whatever other sites make it ask."""
    answer = app.test_client().get(VERSION, headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 401
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer gdn_unknown"},
        {"Authorization": "Bearer "},
        {"Authorization": "Digest x"},
        {"Authorization": "Basic !!"},
        {"Authorization": "x"},
        basic("wrong"),
        basic(user="nobody"),
        basic(""),
    ],
)
def test_nothing_else_does(app: Flask, headers: dict[str, str]) -> None:
    assert app.test_client().get(VERSION, headers=headers).status_code == 401


def test_a_token_that_ended_or_whose_person_left_opens_nothing(
    engine: Engine, clock: MovedClock, rest: Callable[[str], Program]
) -> None:
    lin, zhou = rest("lin"), rest("zhou")
    engine.people.deactivate("zhou", SYSTEM)
    zhou.get("/version", 401)
    engine.identity.remove_token(engine.identity.tokens(Actor("lin"))[0].id, Actor("lin"))
    lin.get("/version", 401)


def test_a_right_password_is_compared_once_a_minute(app: Flask, clock: MovedClock, compared: list[str]) -> None:
    client = app.test_client()
    for _ in range(5):
        assert client.get(VERSION, headers=basic()).status_code == 200
    assert compared == [PASSWORD]
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert client.get(VERSION, headers=basic()).status_code == 200
    assert compared == [PASSWORD, PASSWORD]


def test_a_wrong_password_is_compared_each_time_and_counts(app: Flask, compared: list[str]) -> None:
    client = app.test_client()
    assert client.get(VERSION, headers=basic()).status_code == 200
    for _ in range(5):
        assert client.get(VERSION, headers=basic("wrong password")).status_code == 401
    answer = client.get(VERSION, headers=basic())
    assert "Too many wrong passwords" in answer.get_json()["message"]
    assert compared == [PASSWORD, *["wrong password"] * 5]


def test_a_changed_password_is_forgotten_at_once(app: Flask, engine: Engine) -> None:
    client = app.test_client()
    assert client.get(VERSION, headers=basic()).status_code == 200
    engine.identity.change_password(Actor("lin"), PASSWORD, NEW)
    assert client.get(VERSION, headers=basic()).status_code == 401
    assert client.get(VERSION, headers=basic(NEW)).status_code == 200


def test_a_second_factor_set_up_meanwhile_wants_a_token(app: Flask, engine: Engine, clock: MovedClock) -> None:
    client = app.test_client()
    assert client.get(VERSION, headers=basic()).status_code == 200
    engine.people.set_password("lin", PASSWORD, SYSTEM)  # must be changed
    answer = client.get(VERSION, headers=basic())
    assert answer.status_code == 401
    assert "make a token" in answer.get_json()["message"]


def test_twenty_workers_that_begin_together_lock_nobody(engine: Engine, compared: list[str]) -> None:
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: engine.identity.authenticate("lin", PASSWORD).id, range(20)))
    assert found == ["lin"] * 20
    assert len(compared) == 1
    with pytest.raises(SignInRefused):
        engine.identity.authenticate("lin", "wrong password")


def test_who_is_wrong_too_often_is_told_to_wait(engine: Engine) -> None:
    client = create_app(engine, TESTING=True, SECRET_KEY="test", RATELIMIT_ENABLED=True).test_client()
    try:
        answers = [client.get(VERSION, headers=basic("x", f"nobody{number}")) for number in range(21)]
    finally:
        create_app(engine, TESTING=True, SECRET_KEY="test", RATELIMIT_ENABLED=False)  # for the tests after this one
    assert [each.status_code for each in answers] == [401] * 20 + [429]
    assert "Retry-After" in answers[-1].headers
    assert answers[-1].get_json()["type"] == "InvalidRequestException"
