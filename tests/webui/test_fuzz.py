"""Whatever a browser sends, the answer is clear and in the right status: never a failure of ours, never a traceback.

All routes of the application are asked, as people with more and with fewer rights, with real ids and with rubbish.
"""

# ruff: noqa: E501 - a list of rubbish reads best in full lines

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.engine import Engine
from engine.views import Actor
from tests.webui import rubbish
from tests.webui.browsing import Browser, page_rules

WHO = ("shen", "chen", "lin", "guest")
FIELDS = ("item", "room", "urgency", "wanted", "why_soon", "photo", "cost", "decision", "lacking", "seen_at", "state",
          "parts[1].name", "parts[1].quantity", "parts[2].$row", "reply", "add_row", "drop_row", "photo:kept", "pick",
          "submission", "panel:back:lacking", "shared:seen_at", "csrf_token", "drawn_for", "kept:x")  # fmt: skip
PLAUSIBLE = {
    "item": "灯", "room": "R1", "urgency": "low", "decision": "back", "lacking": "x", "state": "fine", "seen_at": "10:00",
    "reply": "x", "text": "x", "reason": "x", "sure": "yes", "due": "2026-12-01T10:00", "until": "2026-12-01T10:00",
    "priority": "40", "name": "item", "value": "1", "to": "zhou", "corrections": "item = 1", "key": "K1", "active": "yes",
    "language": "zh", "principal": "lin", "deputy": "zhou", "starts": "2026-12-01T10:00", "ends": "2026-12-09T10:00",
    "scope_kind": "all", "id": "neu", "new": "a long enough secret", "group": "clerk", "user": "lin",
}  # fmt: skip
"""What the buttons take: a form with this and one thing wrong goes furthest."""
HONEST = {200, 201, 204, 301, 302, 303, 304, 308, 400, 401, 403, 404, 405, 406, 409, 411, 413, 414, 415, 416, 422, 429}
_SLOW = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
]
_BOTH = pytest.mark.parametrize(
    "examples", [pytest.param(4, id="short"), pytest.param(150, id="long", marks=pytest.mark.soak)]
)


@pytest.fixture
def known(engine: Engine, repair: Callable[..., str], task_of: Callable[..., int]) -> dict[str, list[object]]:
    """Ids that are there, by the name of the argument that takes them."""
    keys = [repair(f"灯 {number}") for number in range(6)]
    ids = [task_of(key, Actor("chen")) for key in keys]
    engine.tasks.complete(ids[0], {"decision": "approve", "cost": "1"}, Actor("chen"))
    engine.tasks.complete(ids[1], {"decision": "back", "lacking": "x"}, Actor("chen"))
    file = engine.tasks.attach(BytesIO(b"x"), "x.txt", Actor("lin"), keys[0])
    record = engine.records.get(keys[2], Actor("lin"))
    waits = [each.subscription_id for each in record.buttons if each.subscription_id]
    return {
        "task_id": [*ids, ids[-1] + 1, ids[-1] + 2],
        "key": list(keys),
        "instance_id": list(range(1, 7)),
        "file_id": [file.id],
        "subscription_id": list(waits),
        "process_id": ["repair", "question"],
        "element_id": ["review", "visit", "asked", "raised"],
        "user_id": ["lin", "guest"],
        "list_id": ["room"],
    }


def path_of(draw: Callable[[Any], Any], rule: Rule, known: dict[str, list[object]]) -> str:
    """An address of the route: every argument real or rubbish."""
    path = str(rule)
    for name in rule.arguments:
        number = f"<int:{name}>" in path
        odd = rubbish.numbers if number else rubbish.segments
        there = st.sampled_from(known.get(name) or [1 if number else "x"])
        value = quote(str(draw(st.one_of(there, there, odd))), safe="")
        path = path.replace(f"<int:{name}>", value).replace(f"<path:{name}>", value).replace(f"<{name}>", value)
    return path


def told(answer: TestResponse, asked: str) -> None:
    """The answer is one of those we mean to give."""
    said = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
    not_ready = answer.status_code == 503 and asked.startswith("GET /ready ")  # nothing ticks in a test
    assert answer.status_code in HONEST or not_ready, f"{answer.status_code} {asked}"
    assert "Traceback" not in said, asked


def routes(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in page_rules(app) if method in (rule.methods or ())]


def browsers(login: Callable[[str], Browser]) -> dict[str, Browser]:
    found = {who: login(who) for who in WHO}
    for browser in found.values():
        browser.token()
    return found


@_BOTH
def test_every_page_stands_rubbish_in_its_address(
    app: Flask, login: Callable[[str], Browser], known: dict[str, list[object]], examples: int
) -> None:
    people = browsers(login)

    def ask(rule: Rule) -> None:
        names = rubbish.NAMES_OF.get(rule.endpoint.partition(".")[0], [])

        @settings(max_examples=examples, deadline=None, suppress_health_check=_SLOW, database=None)
        @given(st.data(), rubbish.query(names), rubbish.headers, st.sampled_from(WHO))
        def check(data: st.DataObject, query: list[tuple[str, str]], headers: dict[str, str], who: str) -> None:
            path = path_of(data.draw, rule, known)
            asked = f"GET {path} {query} {headers} as {who}"
            headers = {name: text for name, text in headers.items() if name != "Cookie"}
            told(people[who].client.get(path, query_string=query, headers=headers), asked)

        check()

    for rule in routes(app, "GET"):
        ask(rule)


@_BOTH
def test_every_button_stands_a_rubbish_form(
    app: Flask, login: Callable[[str], Browser], known: dict[str, list[object]], examples: int
) -> None:
    people = browsers(login)

    def press(rule: Rule) -> None:
        names = [*rubbish.NAMES_OF.get(rule.endpoint.partition(".")[0], []), *FIELDS]

        @settings(max_examples=examples, deadline=None, suppress_health_check=_SLOW, database=None)
        @given(st.data(), rubbish.form(names), rubbish.query(("key", "element_id")), st.sampled_from(WHO))
        def check(data: st.DataObject, form: dict[str, list[object]], query: list[tuple[str, str]], who: str) -> None:
            path = path_of(data.draw, rule, known)
            browser = login(who) if rule.endpoint in {"signin.leave", "people.password"} else people[who]
            base = PLAUSIBLE if data.draw(st.booleans()) else {}
            given_ = {**base, **form, "csrf_token": browser.token()}
            asked = f"POST {path} {form} {query} as {who}"
            multipart = data.draw(st.booleans())
            if not multipart:
                given_ = {name: [text for text in texts if isinstance(text, str)] if isinstance(texts, list) else texts
                          for name, texts in given_.items()}  # fmt: skip
            how = "multipart/form-data" if multipart else "application/x-www-form-urlencoded"
            told(browser.client.post(path, data=given_, query_string=query, content_type=how), f"{asked} {bool(base)}")

        check()

    for rule in routes(app, "POST"):
        press(rule)


BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b"{"),
    ("application/json", b'{"csrf_token": 1}'),
    ("application/json", b"[" * 100_000),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=\r\n\r\nx"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="x"; filename="\xff"\r\n\r\n\xff\xfe\r\n--b--',
    ),
    ("multipart/form-data; boundary=b", b"--b\r\n" + b"X: y\r\n" * 5000 + b"\r\n\r\n--b--"),
    ("application/x-www-form-urlencoded", b"%zz=%&&=&%00=%ff%fe"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=+ADw-"),
    ("application/x-www-form-urlencoded", b"&".join(b"x%d=1" % number for number in range(30_000))),
    ("text/xml", b"<x/>"),
    ("\xff/\xfe", b"\x00"),
    ("", b"x=1"),
)


def test_every_button_stands_a_body_that_is_no_form(
    app: Flask, login: Callable[[str], Browser], known: dict[str, list[object]]
) -> None:
    lin = login("lin")
    token = lin.token()
    for rule in routes(app, "POST"):
        if rule.endpoint == "signin.leave":
            continue
        with app.test_request_context():
            first = {name: (known.get(name) or [1])[0] for name in rule.arguments}
            path = app.url_for(rule.endpoint, **first)  # type: ignore[arg-type]
        for type_, body in BODIES:
            answer = lin.client.post(path, data=body, content_type=type_, headers={"X-CSRFToken": token})
            told(answer, f"POST {path} {type_} {body[:40]!r}")


@settings(max_examples=60, deadline=None, suppress_health_check=_SLOW, database=None)
@given(rubbish.headers, st.sampled_from(("/signin", "/tasks", "/records", "/static/x", "/nowhere")))
def test_rubbish_in_headers_and_cookies_is_answered(app: Flask, headers: dict[str, str], path: str) -> None:
    told(app.test_client(use_cookies=False).get(path, headers=headers), f"GET {path} {headers}")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PROPFIND", "X"])
def test_other_methods_are_refused(app: Flask, login: Callable[[str], Browser], method: str) -> None:
    lin = login("lin")
    for path in ("/tasks", "/records", "/processes/deploy", "/signin", "/files/1", "/nowhere"):
        told(lin.client.open(path, method=method), f"{method} {path}")


def test_too_much_at_once_is_refused(app: Flask, login: Callable[[str], Browser]) -> None:
    lin = login("lin")
    most = app.config["MAX_CONTENT_LENGTH"]
    answer = lin.post("/start/repair", {"item": "x", "photo": (BytesIO(b"x" * (most + 1)), "x.jpg")})
    assert answer.status_code == 413
    assert lin.post("/start/repair", {"item": "x" * (9 * 1024 * 1024)}).status_code in {413, 422}
    assert lin.get("/records?text=" + "x" * 100_000).status_code in {200, 414}
