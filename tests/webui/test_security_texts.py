"""A text somebody types is a text wherever it is shown: markup stored through the pages adds nothing to any page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from lxml import html
from openpyxl import load_workbook
from werkzeug.datastructures import MultiDict

from engine.engine import SYSTEM, Engine
from engine.views import Actor
from tests.webui.browsing import Browser, page_rules, text
from tests.webui.conftest import CHEN, LIN, SHEN
from tests.webui.html_forms import Page

PAYLOAD = """</title></textarea></option>"'><img src=x onerror=zq()><script>zq()</script>{{7*191}}zq"""
AGENT = f"Mozilla {PAYLOAD}"
_LINK = re.compile(r"^/(?!static/|signout|files/\d+$)")
_ADDRESSES = ("href", "action", "hx-get", "hx-post", "data-draft", "data-diagram", "data-refresh")
_HERE = ("href", "src", "action", "formaction", "xlink:href", "data", "poster")
_NONE = {"iframe", "object", "embed", "base", "frame", "applet", "meta[@http-equiv]", "style", "link[@rel='import']"}


def check(page: str, where: str) -> None:
    """Nothing on this page comes from what was typed: no element, no attribute, no address, nothing computed."""
    tree = html.document_fromstring(page)
    for kind in _NONE:
        assert tree.xpath(f"//{kind}") == [], (where, kind)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert re.fullmatch(r"[a-z][a-z:-]*\d?", name), (where, element.tag, name)
            assert not name.startswith("on"), (where, element.tag, name)
            assert name != "style", (where, element.tag, value)
            if name in _HERE:
                assert value.startswith(("/", "#", "?", "data:image/svg+xml,", "https://bpmn.io")) or value == "", (
                    where,
                    value,
                )
        if element.tag == "script":
            assert element.get("src", "").startswith("/static/"), where
            assert not (element.text or "").strip(), where
        if element.tag == "img":
            assert element.get("src") != "x", where
    assert "1337zq" not in page, where


def addresses(page: str) -> Iterator[str]:
    """Where one can go from here."""
    for element in html.document_fromstring(page).iter():
        for name in _ADDRESSES if isinstance(element.tag, str) else ():
            found = element.get(name)
            if found and _LINK.match(found):
                yield found.partition("#")[0]


def crawl(browser: Browser, starts: list[str], most: int) -> dict[str, str]:
    """The pages one reaches by links, and their texts as they were sent."""
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting and len(found) < most:
        path = waiting.pop(0)
        shape = re.sub(r"(before|sort|from)=[^&]*", "", path)
        if shape in found:
            continue
        answer = browser.get(path)
        assert answer.status_code != 500, path
        if answer.mimetype == "text/html":
            found[shape] = answer.get_data(as_text=True)
            waiting += [each for each in addresses(found[shape]) if each not in waiting]
        elif answer.is_json:
            assert (
                "<script" not in answer.get_data(as_text=True) or answer.headers["X-Content-Type-Options"] == "nosniff"
            )
    return found


@pytest.fixture
def evil(shen: Browser, login: Callable[[str], Browser], engine: Engine) -> Browser:
    """Somebody whose very name is markup, entered by the page of people."""
    sent = {"id": "evil", "name": PAYLOAD, "password": "another long secret", "group": ["clerk", "head"]}
    assert shen.post("/people", sent).status_code == 303
    engine.people.set_password("evil", "another long secret", SYSTEM, must_change=False)
    return login("evil")


@pytest.fixture
def poisoned(evil: Browser, shen: Browser, chen: Browser, engine: Engine) -> str:
    """Markup in every text that the pages take; the business key of the record that holds most of it."""
    agent = {"User-Agent": AGENT}
    assert chen.post("/references/room", {"key": "RX", "value:name": PAYLOAD, "active": "yes"}).status_code == 303
    # a record, a row of its table, a file of its form
    sheet = Page.read(200, evil.get("/start/repair").get_data(as_text=True), "/start/repair").form(
        "//form[@method='post'][.//*[@name='item']]"
    )
    assert sheet is not None
    values = {
        "item": PAYLOAD, "room": "RX", "urgency": "high", "why_soon": PAYLOAD,
        "parts[1].name": PAYLOAD, "parts[1].quantity": "2", "parts[1].price": "3",
    }  # fmt: skip
    sent = MultiDict([*sheet.sent().items(multi=True)])
    for name, value in values.items():
        sent.setlist(name, [value])
    answer = evil.client.post("/start/repair", data=sent, headers=agent)
    assert answer.status_code == 303, text(answer)
    [row] = engine.records.list(Actor("evil"))[0]
    key = row.business_key
    # comments, files, reasons, hand-overs, drafts
    task = engine.tasks.inbox(CHEN).rows[0].id
    done = [
        evil.post(f"/records/{key}/comment", {"text": PAYLOAD}),
        evil.post(f"/records/{key}/files", {"file": (BytesIO(b"a,b\n1,2\n"), f"{PAYLOAD}.csv")}),
        chen.post(f"/tasks/{task}/comment", {"text": PAYLOAD}),
        chen.post(f"/tasks/{task}/claim"),
        chen.post(f"/tasks/{task}/draft", {"lacking": PAYLOAD, "decision": "back"}),
    ]
    instance = engine.records.get(key, CHEN).instances[0].id
    done += [
        chen.post(f"/records/{key}/instances/{instance}/hold", {"reason": PAYLOAD, "until": "2026-12-01T10:00"}),
        chen.post(f"/records/{key}/instances/{instance}/resume"),
        chen.post(
            f"/records/{key}/instances/{instance}/correct",
            {"name": "item", "value": '"' + PAYLOAD.replace('"', "'") + '"', "reason": PAYLOAD},
        ),
        chen.post(f"/tasks/{task}/complete", {"decision": "back", "lacking": PAYLOAD, "item": "x"}),
    ]
    # a notice, a substitution, a token, a session
    engine.notifications.send(["evil", "chen"], PAYLOAD, PAYLOAD, receipt=True, actor=Actor("evil"))
    sent_of = {"deputy": "chen", "starts": "2026-11-23T08:00", "scope_kind": "record", "scope_key": PAYLOAD}
    done += [
        evil.post("/people/substitutions", sent_of),
        evil.post("/account/tokens", {"name": PAYLOAD, "days": "30"}),
        shen.post("/people/evil/sessions/end"),
    ]
    assert [each.status_code for each in done if each.status_code not in (200, 204, 303)] == []
    return key


@pytest.mark.parametrize(
    "page",
    [f"<p>{PAYLOAD}</p>", f'<p title="{PAYLOAD}">', "<p>1337zq", '<a href="javascript:zq()">', "<p style='top:0'>"],
)
def test_what_would_have_been_added_would_be_seen(page: str) -> None:
    with pytest.raises(AssertionError):
        check(page, "here")


def test_every_page_shows_markup_as_the_text_it_is(
    poisoned: str, shen: Browser, chen: Browser, login: Callable[[str], Browser], engine: Engine
) -> None:
    evil = login("evil")
    with evil.client.session_transaction() as session:
        session["_user_id"] = engine.sessions.sign_in("evil", "another long secret", _visitor()).secret
    engine.people.set_language(SHEN, "en")
    starts = ["/tasks", "/records", "/people", "/people/me", "/people/evil", "/account", "/audit", "/notifications",
              "/notifications?box=all", "/notifications?box=sent", "/references", "/references/room", "/start",
              "/processes", "/incidents", f"/records/{poisoned}", "/start/repair", "/tasks?by=kind"]  # fmt: skip
    shown: set[str] = set()
    for browser in (evil, chen, shen):
        for where, page in crawl(browser, starts, 70).items():
            check(page, where)
            if PAYLOAD in html.document_fromstring(page).text_content():
                shown.add(re.sub(r"\d+", "0", urlsplit(where).path))
    # and it was there to be seen
    for path in (
        "/records",
        "/people",
        "/people/me",
        "/account",
        "/audit",
        "/notifications",
        "/references/room",
        "/tasks",
    ):
        assert path in shown, (path, shown)
    assert any(each.startswith("/records/RP0-0") for each in shown)
    assert any(each.startswith("/tasks/0") for each in shown)


def _visitor():  # type: ignore[no-untyped-def]
    from engine.signed_in import Visitor

    return Visitor(AGENT)


def test_what_stands_in_an_address_is_shown_as_text_too(shen: Browser, app: Flask, repair: Callable[..., str]) -> None:
    key, evil = repair(), quote(PAYLOAD, safe="")
    names = ("text", "q", "by", "before", "next", "box", "type", "status", "sort", "key", "element_id", "kind", "id",
             "mine", "group", "owner", "page", "from", "list", "process")  # fmt: skip
    query = "&".join(f"{name}={evil}" for name in names)
    with app.test_request_context():
        rules = [
            app.url_for(
                rule.endpoint,
                **{name: 1 if f"<int:{name}>" in str(rule) else PAYLOAD.replace("/", "") for name in rule.arguments},
            )
            for rule in page_rules(app)
            if "GET" in (rule.methods or ()) and rule.endpoint != "static"
        ]
    seen = 0
    for path in [*rules, f"/records/{key}", "/references/room", "/processes/repair", "/start/repair", f"/{evil}"]:
        for browser in (shen.client, app.test_client()):
            answer = browser.get(f"{path}?{query}", follow_redirects=True)
            assert answer.status_code != 500, path
            if answer.mimetype == "text/html":
                check(answer.get_data(as_text=True), path)
                seen += 1
    assert seen > 40


_NAMED = {"process_id": "repair", "list_id": "room"}


def test_what_is_refused_comes_back_as_text_too(shen: Browser, lin: Browser, app: Flask) -> None:
    names = ("id", "name", "password", "user", "next", "text", "key", "value:name", "item", "room", "urgency", "wanted",
             "parts[1].name", "parts[1].quantity", "code", "old", "new", "again", "deputy", "starts", "to", "due",
             "reason", "value", "corrections", "note", "decision", PAYLOAD)  # fmt: skip
    typed = dict.fromkeys(names, PAYLOAD)
    seen = 0
    with app.test_request_context():
        rules = [
            app.url_for(
                rule.endpoint,
                **{
                    name: 1
                    if f"<int:{name}>" in str(rule)
                    else {"process_id": "repair", "list_id": "room"}.get(name, "lin")
                    for name in rule.arguments
                },
            )
            for rule in page_rules(app)
            if "POST" in (rule.methods or ())
        ]
    stranger = app.test_client()
    token = Page.read(200, stranger.get("/signin").text, "/signin").tree.xpath("//input[@name='csrf_token']/@value")[0]
    for path in rules:
        if path == "/signout":
            continue
        files = {"file": (BytesIO(b"<definitions/>"), f"{PAYLOAD}.bpmn")}
        answers = [
            shen.post(path, dict(typed)),
            lin.post(path, {**typed, **files}, content_type="multipart/form-data"),
            stranger.post(path, data={**typed, "csrf_token": token}),  # kept, or the door's own answer
        ]
        for answer in answers:
            assert answer.status_code != 500, path
            if answer.mimetype == "text/html":
                check(answer.get_data(as_text=True), path)
                seen += PAYLOAD[:30] in html.document_fromstring(answer.get_data(as_text=True)).text_content()
    assert seen > 3


def test_a_file_of_markup_is_never_a_page_of_ours(lin: Browser, repair: Callable[..., str], engine: Engine) -> None:
    key = repair()
    files = (("a.html", b"<html><script>zq()</script>"), ("a.svg", b"<svg onload='zq()'/>"), ("a.txt", b"<b>"))
    for name, content in files:
        lin.post(f"/records/{key}/files", {"file": (BytesIO(content), name)})
    for found in engine.records.files(key, LIN):
        answer = lin.get(f"/files/{found.id}")
        assert answer.headers["Content-Disposition"].startswith("attachment"), found.name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_typed_formula_is_a_text_in_the_exported_sheet(chen: Browser, repair: Callable[..., str]) -> None:
    formulas = ("=1+1", '=HYPERLINK("http://evil.example")', "+1", "-1+1", "@SUM(1)", "\t=1")
    for formula in formulas:
        repair(formula)
    answer = chen.get("/records/export?type=repair")
    cells = [cell for row in load_workbook(BytesIO(answer.data)).active.iter_rows() for cell in row]
    for formula in formulas:
        assert any(str(cell.value).endswith(formula.strip()) for cell in cells), formula
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}  # none is a formula
    assert all(str(cell.value)[0] not in "=+-@\t" for cell in cells if cell.data_type == "s")
