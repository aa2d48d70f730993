"""A real server on a free port, as clients that others wrote meet it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from engine.engine import Engine
from tests.browser.serving import served
from tests.webui.conftest import LIN
from tests.webui.rest import printing


@dataclass(frozen=True)
class Served:
    """Where the server is, and the token of Lin's program."""

    url: str
    token: str


@pytest.fixture
def server(app: Flask, engine: Engine) -> Iterator[Served]:
    """The application with the process of `printing`, served."""
    printing.deploy(engine)
    with served(app) as url:
        yield Served(f"{url}/engine-rest", engine.identity.create_token("test", LIN))
