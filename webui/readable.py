"""What no request may hold: ids that no row can have, characters that no text of ours has."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

_MOST = 2**63 - 1
_DIGITS = 18


class RowId(IntegerConverter):
    """`<int:…>` in an address: a number that a database can hold; any other leads to no page."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=_MOST)


def register(app: Flask) -> None:
    """Refuse what cannot be read before any page reads it."""
    app.url_map.converters["int"] = RowId

    @app.before_request
    def check() -> None:
        """A NUL is no character of a text: PostgreSQL keeps none, and a form of ours sends none; nor a part without a
        name."""
        named = [*(request.view_args or {}).items(), *request.args.items(multi=True), *request.form.items(multi=True)]
        texts = [*request.files, *(text for pair in named for text in pair)]
        if any(text is None or "\0" in str(text) for text in texts):
            raise BadRequest


def whole(text: str) -> int | None:
    """The number of a row in a query or a form; None for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
