"""A page asks many things; all of them are answered from one view of the database, in one transaction."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, g, request

from webui.access import engine
from webui.rest import PREFIXES


def register(app: Flask) -> None:
    """Begin a view with each request and end it with the answer; programs that wait for something must see it come."""

    @app.before_request
    def begin() -> None:
        if request.blueprint not in PREFIXES:
            g.view = ExitStack()
            g.view.enter_context(engine().viewing())

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if (view := g.pop("view", None)) is not None:
            view.close()
