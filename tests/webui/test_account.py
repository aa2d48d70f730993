"""One's own sign-in: password, second factor, sessions, tokens; and what comes before anything else."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from engine.errors import GendanError
from engine.runtime.people.auditing import AuditRow
from engine.signed_in import Visitor
from engine.store import prepared
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import LIN, MORNING, PASSWORD, PRACTICE, SHEN
from tests.webui.html_forms import Page
from webui.audit import said
from webui.catalogue import ROOT

NEW = "a third long secret"
_KEY = re.compile(r'<code class="key">([^<]+)</code>')
_CODE = re.compile(r"<li><code>([^<]+)</code>")


def enter(client: FlaskClient, user: str = "lin", password: str = PASSWORD, path: str = "/signin") -> Page:
    """Fill the door in and press its button; the page one stands at then."""
    door = Page.read(200, client.get(path).get_data(as_text=True), path).form("//form[@action='/signin']")
    assert door is not None
    door.fill("user", [user])
    door.fill("password", [password])
    return press(client, door)


def press(client: FlaskClient, sheet: object) -> Page:
    answer = client.post(sheet.action, data=sheet.sent(), follow_redirects=True)  # type: ignore[attr-defined]
    return Page.read(answer.status_code, answer.get_data(as_text=True), answer.request.path)


def fill(page: Page, action: str, **values: str) -> object:
    sheet = page.form("//form[@action=$action]", action=action)
    assert sheet is not None, page.text
    for name, value in values.items():
        sheet.fill(name, [value])
    return sheet


def code(clock: MovedClock, secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


@pytest.fixture
def phone(engine: Engine, clock: MovedClock) -> str:
    """Lin has set up a second factor; the secret in her phone."""
    engine.second_factor.begin(LIN)
    enrolment = engine.second_factor.enrolment(LIN, "x")
    assert enrolment is not None
    engine.second_factor.confirm(LIN, code(clock, enrolment.secret))
    clock.move_to(clock.now() + timedelta(minutes=2))
    return enrolment.secret


# --- password ---------------------------------------------------------------------------------------------------


def test_one_changes_ones_own_password_and_is_signed_out_elsewhere(
    lin: Browser, login: Callable[[str], Browser], engine: Engine
) -> None:
    elsewhere = login("lin")
    sent = {"old": PASSWORD, "new": NEW, "again": NEW}
    for wrong, words in (
        ({"again": "other"}, "没有更改"),
        ({"old": "wrong"}, "不对"),
        ({"new": "x", "again": "x"}, "10 "),
    ):
        answer = lin.post("/account/password", {**sent, **wrong})
        assert answer.status_code == 422
        assert words in text(answer)
    assert elsewhere.get("/tasks").status_code == 200
    assert "密码已更改" in notice(lin, lin.post("/account/password", sent))
    assert engine.identity.authenticate("lin", NEW).id == "lin"
    assert elsewhere.get("/tasks").headers["Location"].startswith("/signin")


def test_who_has_a_password_of_somebody_else_gets_nothing_before_it_is_changed(
    app: Flask, engine: Engine, shen: Browser
) -> None:
    # Given a person with the password an administrator typed
    shen.post("/people", {"id": "wu", "name": "吴越", "password": "another long secret", "group": "clerk"})
    client = app.test_client()
    page = enter(client, "wu", "another long secret", "/signin?next=/records")
    # Then only the page of the change is there: nothing else is shown or done, whatever is asked
    assert (page.address, page.status) == ("/account/password", 200)
    assert "您的密码是别人设定的" in page.text
    for path in ("/tasks", "/records", "/account", "/people", "/account/second-factor"):
        assert client.get(path).headers["Location"] == "/account/password", path
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    done = client.post("/account/tokens", data={"csrf_token": token, "name": "robot", "days": "30"})
    assert done.headers["Location"] == "/account/password"
    assert client.post("/start/repair", data={"csrf_token": token, "item": "灯"}).status_code == 303
    assert engine.records.list(SYSTEM)[0] == ()
    # When it is changed, she goes on
    page = press(client, fill(page, "/account/password", old="another long secret", new=NEW, again=NEW))
    assert page.address == "/account"
    assert client.get("/tasks").status_code == 200


# --- second factor ----------------------------------------------------------------------------------------------


def test_a_second_factor_is_set_up_by_a_qr_code_and_asked_from_then_on(
    app: Flask, clock: MovedClock, engine: Engine
) -> None:
    client = app.test_client()
    enter(client)
    page = Page.read(200, client.get("/account/second-factor").get_data(as_text=True), "/account/second-factor")
    page = press(client, fill(page, "/account/second-factor"))
    shown = client.get("/account/second-factor").get_data(as_text=True)
    secret = _KEY.findall(shown)[0]
    assert page.tree.xpath("//*[@class='qr']//svg//path")
    # a wrong code changes nothing
    wrong = press(client, fill(page, "/account/second-factor/confirm", code="000000"))
    assert wrong.status == 422
    assert engine.second_factor.of(LIN).since is None
    # the right one turns it on, and shows the recovery codes this once
    with client.session_transaction() as session:
        before = session["_user_id"]
    answer = client.post("/account/second-factor/confirm", data=_sent(page, code(clock, secret)))
    codes = _CODE.findall(answer.get_data(as_text=True))
    assert len(codes) == 10
    with client.session_transaction() as session:
        assert session["_user_id"] != before
    assert engine.sessions.find(before) is None
    for path in ("/account", "/account/second-factor"):
        again = client.get(path).get_data(as_text=True)
        assert codes[0] not in again
        assert secret not in again
    # from now on the password alone opens nothing
    clock.move_to(clock.now() + timedelta(minutes=2))
    other = app.test_client()
    page = enter(other)
    assert page.address == "/signin"
    assert "手机验证码" in page.text
    assert other.get("/tasks").headers["Location"].startswith("/signin")
    assert press(other, fill(page, "/signin/code", code="123456")).status == 422
    assert press(other, fill(page, "/signin/code", code=code(clock, secret))).address == "/tasks"
    third = app.test_client()
    assert press(third, fill(enter(third), "/signin/code", code=codes[3])).address == "/tasks"


def _sent(page: Page, given: str) -> dict[str, str]:
    return {"csrf_token": page.tree.xpath("//input[@name='csrf_token']/@value")[0], "code": given}


def test_what_was_typed_before_the_session_ended_survives_the_code_too(
    app: Flask, login: Callable[[str], Browser], phone: str, clock: MovedClock
) -> None:
    lin = login("lin")
    drawn = Page.read(200, lin.get("/start/repair").get_data(as_text=True), "/start/repair").form(
        "//form[@method='post'][.//*[@name='item']]"
    )
    assert drawn is not None
    drawn.fill("item", ["灯"])
    stranger = app.test_client()
    asked = stranger.post("/start/repair", data=drawn.sent())
    page = Page.read(200, asked.get_data(as_text=True), "/start/repair")
    page = press(stranger, fill(page, "/signin", user="lin", password=PASSWORD))
    page = press(stranger, fill(page, "/signin/code", code=code(clock, phone)))
    assert "灯" in page.text
    assert page.form("//form[@action='/start/repair']") is not None


def test_the_code_is_not_asked_of_who_gave_no_password(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/signin/code").headers["Location"] == "/signin"
    page = Page.read(200, client.get("/signin").get_data(as_text=True), "/signin")
    answer = client.post("/signin/code", data=_sent(page, "123456"))
    assert answer.status_code == 422
    assert "重新登录" in text(answer)


def test_new_recovery_codes_and_removing_it_ask_for_a_code(lin: Browser, phone: str, clock: MovedClock) -> None:
    assert lin.post("/account/second-factor/codes", {"code": "000000"}).status_code == 403
    assert len(_CODE.findall(lin.post("/account/second-factor/codes", {"code": code(clock, phone)}).text)) == 10
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert lin.post("/account/second-factor/remove", {"code": "000000"}).status_code == 403
    assert "已取消二次验证" in notice(lin, lin.post("/account/second-factor/remove", {"code": code(clock, phone)}))


def test_a_group_that_wants_a_second_factor_gets_it_before_anything_else(
    app: Flask, engine: Engine, clock: MovedClock
) -> None:
    files = practice_files(PRACTICE)
    wanted = files["groups.yaml"].replace(b"en: Clerk}", b"en: Clerk, second_factor: true}")
    engine.deployments.deploy({**files, "groups.yaml": wanted}, SYSTEM)
    client = app.test_client()
    page = enter(client)
    assert page.address == "/account/second-factor"
    assert "所属的组要求二次验证" in page.text
    assert client.get("/tasks").headers["Location"] == "/account/second-factor"
    page = press(client, fill(page, "/account/second-factor"))
    secret = page.tree.xpath("//code[@class='key']")[0].text_content()
    press(client, fill(page, "/account/second-factor/confirm", code=code(clock, secret)))
    assert client.get("/tasks").status_code == 200
    assert "不能取消" in text(client.get("/account"))


def test_an_administrator_resets_the_second_factor_of_who_lost_the_phone(
    lin: Browser, shen: Browser, app: Flask, phone: str
) -> None:
    assert lin.post("/people/lin/second-factor/reset").status_code == 403
    assert "启用于" in text(shen.get("/people/lin"))
    assert "已重置林晓雯的二次验证" in notice(shen, shen.post("/people/lin/second-factor/reset"))
    assert lin.get("/tasks").headers["Location"].startswith("/signin")
    assert enter(app.test_client()).address == "/tasks"


# --- sessions and tokens ----------------------------------------------------------------------------------------


def test_one_sees_where_one_is_signed_in_and_ends_it(
    lin: Browser, login: Callable[[str], Browser], engine: Engine
) -> None:
    there, third, zhou = login("lin"), login("lin"), login("zhou")
    page = text(lin.get("/account"))
    assert page.count("Firefox, Linux") == 3
    assert page.count("本次") == 1
    ids = {there: 0, zhou: 0}
    for browser in ids:
        with browser.client.session_transaction() as session:
            found = engine.sessions.find(session["_user_id"])
            assert found is not None
            ids[browser] = found.id
    assert lin.post(f"/account/sessions/{ids[zhou]}/end").status_code == 404
    assert "该登录已结束" in notice(lin, lin.post(f"/account/sessions/{ids[there]}/end"))
    assert there.get("/tasks").status_code == 303
    assert "其他 1 处" in notice(lin, lin.post("/account/sessions/end-others"))
    assert third.get("/tasks").status_code == 303
    assert zhou.get("/tasks").status_code == 200
    assert lin.get("/tasks").status_code == 200


def test_a_token_is_shown_once_works_and_is_taken_away(lin: Browser, engine: Engine) -> None:
    shown = lin.post("/account/tokens", {"name": "扫码枪", "days": "30"}).get_data(as_text=True)
    token = _KEY.findall(shown)[0]
    assert engine.identity.authenticate_token(token).id == "lin"
    page = text(lin.get("/account"))
    assert "扫码枪" in page
    assert token not in page
    assert lin.post("/account/tokens", {"name": " ", "days": "30"}).status_code == 422
    assert lin.post("/account/tokens", {"name": "x", "days": "rubbish"}).status_code == 200
    for each in engine.identity.tokens(LIN):
        lin.post(f"/account/tokens/{each.id}/remove")
    with pytest.raises(GendanError):
        engine.identity.authenticate_token(token)


def test_what_administration_did_is_listed_for_administrators_page_by_page(
    lin: Browser, shen: Browser, engine: Engine
) -> None:
    for number in range(60):
        engine.people.set_name("guest", f"外人 {number}", SYSTEM)
    engine.people.set_groups("guest", ["clerk"], SYSTEM)
    assert lin.get("/audit").status_code == 403
    first = shen.get("/audit").get_data(as_text=True)
    assert "命令行 设定了所属组: 外人 59" in text(shen.get("/audit"))
    assert first.count("<li>") >= 50
    earlier = re.findall(r'href="(/audit\?before=\d+)"', first)[0]
    assert "添加了人员" in text(shen.get(earlier))
    assert shen.get("/audit?before=rubbish").status_code == 200
    assert "还没有任何改动" in text(shen.get("/audit?before=1"))


def test_it_reads_in_english(lin: Browser, shen: Browser, engine: Engine, phone: str) -> None:
    engine.people.set_language(LIN, "en")
    engine.people.set_language(SHEN, "en")
    page = text(lin.get("/account"))
    for words in ("Where I am signed in", "10 recovery codes left", "Tokens of programs"):
        assert words in page
    assert "set up the second factor" in text(shen.get("/audit"))


def test_a_session_that_was_ended_keeps_what_is_sent_like_one_that_ran_out(lin: Browser, engine: Engine) -> None:
    page = lin.get("/start/repair").get_data(as_text=True)
    drawn = Page.read(200, page, "/start/repair").form("//form[@method='post'][.//*[@name='item']]")
    assert drawn is not None
    drawn.fill("item", ["灯"])
    engine.sessions.end_all("lin", SYSTEM)
    asked = lin.client.post("/start/repair", data=drawn.sent())
    assert 'value="灯"' in asked.get_data(as_text=True)
    assert engine.sessions.sign_in("lin", PASSWORD, Visitor()).person.id == "lin"


def test_every_kind_of_the_chain_has_words(app: Flask) -> None:
    kinds = set()
    for path in (ROOT / "engine" / "runtime").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "attr", getattr(getattr(call, "func", None), "id", ""))
            if isinstance(call, ast.Call) and name in {"tell", "_tell", "record"}:
                parts = [part for argument in call.args for part in ast.walk(argument)]
                texts = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
                kinds |= {each for each in texts if re.fullmatch(r"[a-z]+(-[a-z]+)+", each)}
    assert len(kinds) > 15
    with app.test_request_context():
        row = AuditRow(1, MORNING, "", "lin", "", "", "lin", "", {})
        assert sorted(kind for kind in kinds if said(replace(row, kind=kind)) == kind) == []


def test_who_asks_costs_a_page_one_statement(lin: Browser) -> None:
    said: list[str] = []
    lin.get("/tasks")
    prepared.observers.append(said.append)
    try:
        lin.get("/tasks")
    finally:
        prepared.observers.remove(said.append)
    assert sum("FROM session" in each for each in said) == 1
    assert [each for each in said if "INSERT" in each or "UPDATE" in each] == []
