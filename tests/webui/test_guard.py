"""No page without a guard, no post without the session's token, the headers on every answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.webui.browsing import Browser, page_rules, text
from webui.access import PUBLIC


def _paths(app: Flask, method: str) -> list[str]:
    with app.test_request_context():
        found = []
        for rule in page_rules(app):
            if method in (rule.methods or ()) and rule.endpoint not in PUBLIC:
                values = {name: 1 if "int" in str(rule) else "x" for name in rule.arguments}
                found.append(app.url_for(rule.endpoint, **values))
        return found


def test_no_page_answers_who_is_not_signed_in(app: Flask) -> None:
    for path in _paths(app, "GET"):
        answer = app.test_client().get(path)
        assert answer.status_code == 303, path
        assert answer.headers["Location"].startswith("/signin?next="), path


def test_no_button_works_for_who_is_not_signed_in(app: Flask) -> None:
    for path in _paths(app, "POST"):
        answer = app.test_client().post(path)
        assert answer.status_code in {200, 400}, path
        assert "password" in answer.get_data(as_text=True) or answer.status_code == 400, path


def test_every_post_needs_the_token_of_its_session(app: Flask, lin: Browser) -> None:
    for path in _paths(app, "POST"):
        answer = lin.client.post(path)
        assert answer.status_code == 400, path
        assert "token" not in answer.headers.get("Location", "")


def test_a_button_is_no_page(app: Flask, lin: Browser) -> None:
    with app.test_request_context():
        only_post = [
            app.url_for(rule.endpoint, **{name: 1 if "int" in str(rule) else "x" for name in rule.arguments})
            for rule in page_rules(app)
            if "GET" not in (rule.methods or ())
        ]
    shown = set(_paths(app, "GET"))
    for path in set(only_post) - shown - {"/signin", "/signin/code"}:
        assert lin.get(path).status_code in {404, 405}, path


@pytest.mark.parametrize("path", ["/signin", "/tasks", "/records", "/nowhere"])
def test_every_answer_says_what_the_browser_may_do(login: Callable[[str], Browser], path: str) -> None:
    headers = login("lin" if path != "/signin" else "").get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


def test_what_fails_unforeseen_is_told_in_the_frame(app: Flask, lin: Browser) -> None:
    @app.get("/fails", endpoint="fails")
    def fails() -> str:
        raise RuntimeError("a fault of ours")

    answer = lin.get("/fails")
    assert answer.status_code == 500
    assert "系统出了故障" in text(answer)
    assert "a fault of ours" not in text(answer)
    assert "收件箱" in text(answer)


def test_a_fragment_gets_its_error_as_a_fragment(lin: Browser) -> None:
    answer = lin.get("/tasks/999", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#notices"
    assert "<html" not in answer.get_data(as_text=True)
