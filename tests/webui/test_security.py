"""What an attacker tries at the door and beside it: forged posts, fixed sessions, open redirects, guessing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, redirect
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from engine.clock import MovedClock
from engine.engine import Engine
from engine.signed_in import Visitor
from tests.webui.browsing import Browser, page_rules, text
from tests.webui.conftest import CHEN, LIN, MORNING, PASSWORD, SHEN, ZHOU, opened
from tests.webui.html_forms import Page
from webui.app import create_app
from webui.signin import local_path

Repair = Callable[..., str]


# --- forged posts -----------------------------------------------------------------------------------------------


class Site:
    """Something of every kind that an address can name, so that a post with a token would find what it changes."""

    def __init__(self, app: Flask, engine: Engine, key: str) -> None:
        self.app, self.engine = app, engine
        record = engine.records.get(key, CHEN)
        notice = engine.notifications.send(["shen"], "s", "t", actor=CHEN)
        engine.identity.create_token("robot", SHEN)
        held = engine.people.add_substitution("zhou", "lin", None, None, ZHOU)
        self.values: dict[str, object] = {
            "key": key,
            "task_id": engine.tasks.inbox(CHEN).rows[0].id,
            "instance_id": record.instances[0].id,
            "user_id": "zhou",
            "process_id": "repair",
            "element_id": "review",
            "list_id": "room",
            "notification_id": notice if isinstance(notice, int) else 1,
            "substitution_id": held.id,
            "token_id": engine.identity.tokens(SHEN)[0].id,
            "session_id": engine.sessions.list(SHEN)[0].id if engine.sessions.list(SHEN) else 1,
        }

    def addresses(self, method: str) -> Iterator[tuple[str, str]]:
        """Endpoint and address of every rule that answers to a method."""
        with self.app.test_request_context():
            for rule in page_rules(self.app):
                if method in (rule.methods or ()) and rule.endpoint != "static":
                    values = {name: self.values.get(name, 1) for name in rule.arguments}
                    yield rule.endpoint, self.app.url_for(rule.endpoint, **values)

    def held(self) -> str:
        """A digest of everything in the database but when sessions were used last."""
        found = hashlib.sha256()

        def read(connection):  # type: ignore[no-untyped-def]
            names = connection.execute(sql("select name from sqlite_master where type='table' order by name")).scalars()
            for name in [*names]:
                rows = connection.execute(sql(f'select * from "{name}"')).mappings()
                for row in rows:
                    found.update(repr([(key, value) for key, value in row.items() if key != "seen_at"]).encode())

        self.engine.machinery.read(read)
        return found.hexdigest()


@pytest.fixture
def site(app: Flask, engine: Engine, repair: Repair, shen: Browser) -> Site:
    return Site(app, engine, repair())


_SENT = {
    "text": "x", "reason": "x", "sure": "yes", "to": "lin", "due": "2026-12-01T10:00", "priority": "40", "name": "item",
    "value": '"x"', "id": "wu", "password": "a long enough secret", "new": "another long secret", "user": "lin",
    "old": PASSWORD, "again": "another long secret", "language": "en", "deputy": "lin", "principal": "chen",
    "starts": "2026-12-01T10:00", "key": "R9", "value:name": "x", "active": "yes", "code": "123456", "days": "30",
    "decision": "approve", "item": "x", "room": "R1", "group": "it",
}  # fmt: skip


def test_no_post_without_the_token_of_its_session_does_anything(site: Site, shen: Browser, lin: Browser) -> None:
    # Given somebody who may do nearly everything, and posts that would do something
    posts, before = list(site.addresses("POST")), site.held()
    assert len(posts) > 40
    # When each comes without a token, with a made-up one, or with the token of another session
    for token in ({}, {"csrf_token": "made up"}, {"csrf_token": lin.token()}):
        for endpoint, path in posts:
            answer = shen.client.post(path, data={**_SENT, **token})
            assert answer.status_code == 400, (endpoint, path, answer.status_code)
    # Then nothing has changed
    assert site.held() == before
    # and with the token the same posts do something
    for path in (f"/tasks/{site.values['task_id']}/comment", "/people/zhou/groups", "/account/tokens"):
        before = site.held()
        shen.post(path, dict(_SENT))
        assert site.held() != before, path


def test_a_page_that_is_only_looked_at_changes_nothing(site: Site, shen: Browser, chen: Browser) -> None:
    before = site.held()
    for browser in (shen, chen):
        for endpoint, path in site.addresses("GET"):
            if not endpoint.startswith(("health.", "metrics.")):
                browser.get(path)
    assert site.held() == before


# --- fixed sessions ---------------------------------------------------------------------------------------------


def _door(client: FlaskClient) -> dict[str, str]:
    door = Page.read(200, client.get("/signin").get_data(as_text=True), "/signin").form("//form[@action='/signin']")
    assert door is not None
    return dict(door.sent())


def _cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def _plant(client: FlaskClient, value: str) -> None:
    client.set_cookie("session", value)


def test_a_cookie_planted_before_signing_in_opens_nothing_afterwards(app: Flask) -> None:
    # Given an attacker who has a cookie of his own and plants it in the victim's browser
    attacker, victim = app.test_client(), app.test_client()
    token = _door(attacker)["csrf_token"]
    planted = _cookie(attacker)
    _plant(victim, planted)
    # When the victim signs in
    victim.post("/signin", data={**_door(victim), "user": "lin", "password": PASSWORD})
    assert victim.get("/tasks").status_code == 200
    # Then the attacker is nobody still, and knows no token of the victim's
    assert attacker.get("/tasks").status_code == 303
    assert _cookie(victim) != planted
    assert victim.post("/language", data={"csrf_token": token, "language": "en"}).status_code == 400


def test_a_cookie_of_somebody_signed_in_does_not_become_the_victims(
    app: Flask, login: Callable[[str], Browser], engine: Engine
) -> None:
    attacker, victim = login("zhou"), app.test_client()
    attacker.get("/tasks")
    _plant(victim, _cookie(attacker.client))
    with attacker.client.session_transaction() as session:
        secret = session["_user_id"]
    token = Page.read(200, victim.get("/account").get_data(as_text=True), "/account").tree.xpath(
        "//input[@name='csrf_token']/@value"
    )[0]
    # When the victim signs in over it, as the door still accepts
    answer = victim.post("/signin", data={"csrf_token": token, "user": "lin", "password": PASSWORD})
    assert answer.status_code == 303
    # Then it is the victim who is signed in there, and the attacker's session has ended
    assert "林晓雯" in text(victim.get("/tasks"))
    assert engine.sessions.find(secret) is None
    assert attacker.get("/tasks").status_code == 303


def test_a_cookie_that_was_signed_out_is_worth_nothing(lin: Browser, app: Flask) -> None:
    lin.get("/tasks")
    kept = _cookie(lin.client)
    lin.post("/signout")
    thief = app.test_client()
    _plant(thief, kept)
    assert thief.get("/tasks").status_code == 303


# --- open redirects ---------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["/", "//", "\\", "\t", "\n", "\r", "\x00", " ", "@", ":", "evil.example", "http:", "https:", "javascript:",
     "%2f", "%5c", "%09", "?", "#", "..", ".", "tasks", "[", "]", "localhost", ";", "。", "／", "﹨", "\u2028",
     "\u00a0", "data:"]
)  # fmt: skip
_TARGETS = st.one_of(st.lists(_PIECES, max_size=8).map("".join), st.text(max_size=30))


def _lands(location: str) -> str:
    """The host at which a browser lands: it drops tabs and line ends, and takes a backslash for a slash."""
    seen = location.strip("".join(map(chr, range(33))))
    for blank in "\t\r\n":
        seen = seen.replace(blank, "")
    parts = urlsplit(urljoin("http://localhost/signin", seen.replace("\\", "/")))
    return f"{parts.scheme}://{parts.netloc}"


@given(_TARGETS)
@settings(max_examples=600, deadline=None)
@example("/\\evil.example")
@example("//evil.example")
@example("/\t/evil.example")
@example("///evil.example")
@example("http:evil.example")
@example("/%5cevil.example")
@example("/[")
def test_wherever_one_asks_to_go_one_stays_here(target: str) -> None:
    path = local_path(target)
    with _PLAIN.test_request_context("/signin"):
        assert _lands(redirect(path or "/tasks", 303).headers["Location"]) == "http://localhost"


_PLAIN = Flask("plain")


@pytest.mark.parametrize("target", ["//evil.example/", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
def test_no_page_sends_anybody_elsewhere(app: Flask, lin: Browser, target: str) -> None:
    client = app.test_client()
    answers = [
        client.post("/signin", data={**_door(client), "user": "lin", "password": PASSWORD, "next": target}),
        lin.post("/language", {"language": "zh", "back": target}),
        lin.post("/notifications/1/read", {"back": target}),
    ]
    for answer in answers:
        assert _lands(answer.headers.get("Location", "/")) == "http://localhost", target


def test_a_kept_form_is_never_sent_elsewhere(app: Flask, lin: Browser) -> None:
    drawn = Page.read(200, lin.get("/people/me").get_data(as_text=True), "/people/me")
    signed = drawn.tree.xpath("//input[@name='drawn_for']/@value")[0]
    client = app.test_client()
    kept = {"kept:drawn_for": signed, "kept:secret": "what was typed", "next": "https://evil.example/take"}
    answer = client.post("/signin", data={**_door(client), **kept, "user": "lin", "password": PASSWORD})
    assert "evil.example" not in answer.get_data(as_text=True)
    assert answer.headers["Location"] == "/tasks"


# --- guessing ---------------------------------------------------------------------------------------------------


def test_guessing_at_one_name_locks_it_and_tells_nothing_of_whether_it_exists(app: Flask) -> None:
    said: dict[str, list[tuple[int, str]]] = {}
    for name in ("lin", "nobody"):
        client = app.test_client()
        for _ in range(6):
            answer = client.post("/signin", data={**_door(client), "user": name, "password": "wrong"})
            main = Page.read(answer.status_code, answer.get_data(as_text=True), "/signin").text
            said.setdefault(name, []).append((answer.status_code, main))
    assert said["lin"] == said["nobody"]
    assert {status for status, _ in said["lin"]} == {422}
    assert "不对" in said["lin"][4][1]
    client = app.test_client()
    right = client.post("/signin", data={**_door(client), "user": "lin", "password": PASSWORD})
    assert right.status_code == 422
    assert "太多" in text(right) or "次数" in text(right)


def test_guessing_at_many_names_from_one_address_is_slowed_down_and_others_are_not(engine: Engine) -> None:
    app = create_app(engine, TESTING=True, SECRET_KEY="test", PROPAGATE_EXCEPTIONS=False)
    client = app.test_client()
    door = _door(client)
    answers = [client.post("/signin", data={**door, "user": f"name {n}", "password": "x"}) for n in range(22)]
    assert [each.status_code for each in answers[:20]] == [422] * 20
    assert answers[-1].status_code == 429
    assert "Retry-After" in answers[-1].headers
    elsewhere = client.post(
        "/signin", data={**door, "user": "lin", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert elsewhere.status_code == 303


def test_who_signs_in_rightly_is_never_slowed_down(engine: Engine) -> None:
    app = create_app(engine, TESTING=True, SECRET_KEY="test", PROPAGATE_EXCEPTIONS=False)
    for _ in range(21):
        client = app.test_client()
        assert client.post("/signin", data={**_door(client), "user": "lin", "password": PASSWORD}).status_code == 303


# --- cookies and headers ----------------------------------------------------------------------------------------


def _flags(answer: TestResponse) -> set[str]:
    return {part.strip().split("=")[0].lower() for part in answer.headers["Set-Cookie"].split(";")[1:]}


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(tmp_path: Path, app: Flask) -> None:
    plain = app.test_client().get("/signin")
    assert {"httponly", "samesite"} <= _flags(plain)
    assert "SameSite=Lax" in plain.headers["Set-Cookie"]
    assert "secure" not in _flags(plain)
    assert "secure" in _flags(app.test_client().get("/signin", base_url="https://localhost"))
    engine = opened(tmp_path, MovedClock(MORNING))
    engine.migrate()
    engine.machinery.settings = replace(
        engine.machinery.settings, sign_in=replace(engine.machinery.settings.sign_in, secure=True)
    )
    always = create_app(engine, TESTING=True).test_client().get("/signin")
    assert always.headers["Set-Cookie"].startswith("__Host-session=")
    assert "secure" in _flags(always)
    engine.close()


def test_a_proxys_word_is_taken_only_when_the_administrator_says_so(engine: Engine, app: Flask) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    assert "secure" not in _flags(app.test_client().get("/signin", headers=told))
    sign_in = replace(engine.machinery.settings.sign_in, proxies=1)
    engine.machinery.settings = replace(engine.machinery.settings, sign_in=sign_in)
    behind = create_app(engine, TESTING=True, SECRET_KEY="test").test_client()
    assert "secure" in _flags(behind.get("/signin", headers=told))


_EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def test_every_answer_carries_the_headers_of_safety(site: Site, shen: Browser, app: Flask) -> None:
    attached = shen.post(f"/records/{site.values['key']}/files", {"file": (BytesIO(b"a,b\n1,2\n"), "a.csv")})
    assert attached.status_code in (303, 422)
    answers = [(path, shen.get(path)) for _, path in site.addresses("GET")]
    answers += [(path, shen.client.post(path)) for _, path in site.addresses("POST")]
    answers += [
        ("nowhere", shen.get("/nowhere")),
        ("wrong method", shen.client.put("/tasks")),
        ("static", shen.get("/static/icon.svg")),
        ("stranger", app.test_client().get("/tasks")),
        ("fragment", shen.get("/tasks/9999", headers={"HX-Request": "true"})),
        ("huge", shen.client.post("/signin", data={"user": "x" * 9_000_000})),
    ]
    for path, answer in answers:
        for name, value in _EXPECTED.items():
            assert answer.headers.get(name) == value, (path, name)
        policy = answer.headers["Content-Security-Policy"]
        drawn = path.endswith("/edit")  # a modeler places its parts by style attributes
        assert "unsafe" not in (policy.removesuffix("; style-src-attr 'unsafe-inline'") if drawn else policy), path
        assert "script-src 'self'" in policy or "sandbox" in policy, path
        if answer.mimetype == "text/html":
            assert "no-store" in answer.headers["Cache-Control"], path
    over_https = shen.get("/tasks", base_url="https://localhost")
    assert "max-age=31536000" in over_https.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in shen.get("/tasks").headers


# --- what is said where it should not be ------------------------------------------------------------------------


def test_no_secret_is_logged(app: Flask, engine: Engine, clock: MovedClock, capfd: pytest.CaptureFixture[str]) -> None:
    import pyotp

    @app.post("/fails", endpoint="fails")
    def fails() -> str:
        raise RuntimeError("a fault of ours")

    client = app.test_client()
    client.post("/signin", data={**_door(client), "user": "lin", "password": "the wrong one"})
    client.post("/signin", data={**_door(client), "user": "lin", "password": PASSWORD})
    with client.session_transaction() as session:
        secret = session["_user_id"]
    engine.second_factor.begin(LIN)
    enrolment = engine.second_factor.enrolment(LIN, "x")
    assert enrolment is not None
    codes = engine.second_factor.confirm(LIN, pyotp.TOTP(enrolment.secret).at(clock.now()))
    half = engine.sessions.sign_in("lin", PASSWORD, Visitor())
    engine.sessions.pass_code(half.secret, codes[0], Visitor())
    token = engine.identity.create_token("robot", LIN)

    client.post("/fails", data={"password": "typed here"})
    print("the end of the log")
    said = "".join(capfd.readouterr())
    assert "page failed" in said
    for hidden in (PASSWORD, "the wrong one", secret, half.secret, enrolment.secret, *codes, token, "typed here"):
        assert hidden not in said
    assert repr(engine.machinery.settings).count("kkkk") == 0
