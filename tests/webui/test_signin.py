"""Signing in and out, the language, and what was typed when a session had ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from flask import Flask

from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, PASSWORD
from webui.signin import local_path

_HIDDEN = re.compile(r'name="(kept:[^"]+|csrf_token|next|submission|drawn_for)" value="([^"]*)"')


def _door(browser: Browser, **more: str) -> dict[str, str]:
    page = browser.get("/signin").get_data(as_text=True)
    return {**dict(_HIDDEN.findall(page)), **more}


def test_the_right_password_opens_the_inbox(login: Callable[[str], Browser]) -> None:
    browser = login("")
    answer = browser.client.post("/signin", data=_door(browser, user="lin", password=PASSWORD))
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/tasks"
    assert "林晓雯" in text(browser.get("/tasks"))


def test_a_wrong_password_says_so_and_keeps_the_name(login: Callable[[str], Browser]) -> None:
    browser = login("")
    answer = browser.client.post("/signin", data=_door(browser, user="lin", password="wrong"))
    assert answer.status_code == 422
    assert "用户名或密码不对" in text(answer)
    assert 'value="lin"' in answer.get_data(as_text=True)


def test_one_goes_on_where_one_was_but_never_elsewhere() -> None:
    assert local_path("/records?text=a") == "/records?text=a"
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""):
        assert local_path(elsewhere) == ""


def test_signing_out_ends_the_session(lin: Browser) -> None:
    assert lin.post("/signout").status_code == 303
    assert lin.get("/tasks").headers["Location"].startswith("/signin")


def test_the_language_is_chosen_before_and_kept_after_signing_in(
    login: Callable[[str], Browser], engine: Engine
) -> None:
    browser = login("")
    browser.client.post("/language", data=_door(browser, language="en", back="/signin"))
    assert "User name" in text(browser.get("/signin"))
    browser.client.post("/signin", data=_door(browser, user="lin", password=PASSWORD))
    assert engine.people.get("lin").language == "en"
    assert "Inbox" in text(browser.get("/tasks"))


def test_a_person_switches_the_language_in_the_frame(lin: Browser, engine: Engine) -> None:
    answer = lin.post("/language", {"language": "en", "back": "/records"})
    assert answer.headers["Location"] == "/records"
    assert engine.people.get("lin").language == "en"
    assert lin.post("/language", {"language": "xx"}).status_code == 400


def test_what_was_typed_survives_the_end_of_the_session(
    app: Flask, lin: Browser, repair: Callable[..., str], engine: Engine, task_of: Callable[..., int]
) -> None:
    # Given a form that Lin drew, and a session that ended before it was sent
    page = lin.get("/start/repair").get_data(as_text=True)
    drawn = {name: unescape(value) for name, value in _HIDDEN.findall(page)}
    stranger = app.test_client()
    asked = stranger.post("/start/repair", data={**drawn, "item": "灯", "room": "R1"})
    assert "填" in text(asked) or "登录已过期" in text(asked)
    # When Lin signs in again from that answer
    kept = {name: unescape(value) for name, value in _HIDDEN.findall(asked.get_data(as_text=True))}
    again = stranger.post("/signin", data={**kept, "user": "lin", "password": PASSWORD})
    # Then it is offered once more, and sends as it was
    assert again.status_code == 200
    assert "灯" in text(again)
    hidden = dict(
        re.findall(r'name="([^"]+)" value="([^"]*)"', again.get_data(as_text=True).split('class="apart"')[-1])
    )
    sent = stranger.post("/start/repair", data={name: unescape(value) for name, value in hidden.items()})
    assert sent.status_code == 303
    assert [row.title for row in engine.records.list(CHEN)[0]] == ["灯"]


def test_what_somebody_else_typed_is_thrown_away(app: Flask, login: Callable[[str], Browser]) -> None:
    page = login("chen").get("/people/me").get_data(as_text=True)
    drawn = {name: unescape(value) for name, value in _HIDDEN.findall(page)}
    stranger = app.test_client()
    asked = stranger.post("/people/substitutions", data={**drawn, "deputy": "zhou"}).get_data(as_text=True)
    kept = {name: unescape(value) for name, value in _HIDDEN.findall(asked)}
    answer = stranger.post("/signin", data={**kept, "user": "lin", "password": PASSWORD})
    assert answer.headers["Location"] == "/tasks"
    assert "别人填的" in text(stranger.get("/tasks"))
