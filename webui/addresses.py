"""Addresses of lists: the one at hand with one filter changed."""

from __future__ import annotations

from flask import request, url_for


def address(**changed: str) -> str:
    """This page's URL with some filters changed; a cursor holds only for the filter it came from."""
    kept = {name: value for name, value in request.args.items() if name != "after"}
    asked = {name: value for name, value in {**kept, **changed}.items() if value}
    return url_for(request.endpoint or "inbox.show", **{**(request.view_args or {}), **asked})
