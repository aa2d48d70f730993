"""A person with a browser: what every test of a page uses to read and to press buttons."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.engine import Engine
from engine.signed_in import Opened, Visitor
from engine.store.connect import Connection
from engine.views import Person

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")


class Browser:
    """A signed-in person's session. `post` sends the session's token along, as every form does."""

    def __init__(self, app: Flask, user_id: str) -> None:
        self.client = app.test_client()
        self._token = ""
        if user_id:
            engine: Engine = app.extensions["engine"]
            opened = engine.machinery.write(lambda connection: _opened(engine, connection, user_id))
            with self.client.session_transaction() as session:
                session["_user_id"] = opened.secret
                session["_fresh"] = True

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Press a button."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **more)

    def token(self) -> str:
        """The token of the session, read once from a page that has a form."""
        if not self._token:
            found = _TOKEN.search(self.client.get("/people/me").get_data(as_text=True))
            assert found is not None
            self._token = unescape(found[1])
        return self._token


def _opened(engine: Engine, connection: Connection, user_id: str) -> Opened:
    """A session as the door would open it, without the tenth of a second that a password takes."""
    return engine.sessions.open(connection, Person(user_id, user_id, ()), Visitor("Firefox on Linux"), "password")


def text(response: TestResponse) -> str:
    """What a page says, without its tags."""
    return _SPACE.sub(" ", unescape(_TAG.sub(" ", response.get_data(as_text=True))))


def notice(browser: Browser, response: TestResponse) -> str:
    """What the page says that an answer leads to."""
    assert response.status_code == 303, text(response)
    return text(browser.get(response.headers["Location"].partition("#")[0]))


def page_rules(app: Flask) -> list[Rule]:
    """The routes of the pages; what programs ask (/engine-rest) has a door and tests of its own: tests/webui/rest."""
    return [rule for rule in app.url_map.iter_rules() if not str(rule).startswith("/engine-rest")]
