"""Programs that ask the REST interface, each as one of the people of the small practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from engine.clock import MovedClock
from engine.engine import Engine
from engine.views import Actor
from tests.databases import KINDS, copy_of
from tests.webui.conftest import MORNING, opened, prepare

ROOT = "/engine-rest"
on_both = pytest.mark.parametrize("kind", KINDS, indirect=True)
"""A test that also runs on PostgreSQL."""


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


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of the database."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def prepared_postgres(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a PostgreSQL database with the practice and the people, made once; tests work on copies."""
    with copy_of(postgres, "") as url:
        prepare(opened(tmp_path_factory.mktemp("prepared"), MovedClock(MORNING), url))
        yield str(make_url(url).database)


@pytest.fixture
def engine(
    engine: Engine, kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: MovedClock
) -> Iterator[Engine]:
    """The engine over a copy of the prepared database, of the kind that is wanted."""
    if kind == "sqlite":
        yield engine
        return
    postgres, template = (request.getfixturevalue(name) for name in ("postgres", "prepared_postgres"))
    with copy_of(postgres, template) as url:
        found = opened(tmp_path, clock, url)
        yield found
        found.close()
