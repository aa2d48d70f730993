"""Programs that ask the REST interface, each as one of the people of the small practice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine.engine import Engine
from engine.views import Actor

ROOT = "/engine-rest"


class Program:
    """A program that signs in by a token."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, status: int | None = 200, **more: Any) -> Any:
        """The JSON of an answer that has this status."""
        answer = self.open(method, path, **more)
        assert status is None or answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json() if answer.mimetype == "application/json" else answer.get_data(as_text=True)

    def open(self, method: str, path: str, **more: Any) -> TestResponse:
        """The answer."""
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.open(ROOT + path, method=method, headers=headers, **more)

    def get(self, path: str, status: int | None = 200, **query: Any) -> Any:
        """Ask; `query` are parameters."""
        return self.ask("GET", path, status, query_string=query)

    def post(self, path: str, body: Any = None, status: int | None = 200, **query: Any) -> Any:
        """Send JSON."""
        return self.ask("POST", path, status, json={} if body is None else body, query_string=query)

    def put(self, path: str, body: Any = None, status: int | None = 204, **query: Any) -> Any:
        """Put JSON."""
        return self.ask("PUT", path, status, json={} if body is None else body, query_string=query)

    def delete(self, path: str, status: int | None = 204, **query: Any) -> Any:
        """Delete."""
        return self.ask("DELETE", path, status, query_string=query)


@pytest.fixture
def rest(app: Flask, engine: Engine) -> Callable[[str], Program]:
    """`rest("lin")` is a program of Lin's; `rest("")` one without any proof."""
    return lambda user_id: Program(app, engine.identity.create_token("test", Actor(user_id)) if user_id else "")
