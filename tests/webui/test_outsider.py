"""Who has no part in a confidential case learns nothing of it: not from any address, list, count, search or download.

Every route of the application is asked, with the ids of the case and with ids that do not exist: the answers are the
same. Every list is asked before and after the case began: the answers are the same. A route with an argument that
stands nowhere below fails the test.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from html import unescape
from io import BytesIO
from urllib.parse import quote, unquote

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.engine import SYSTEM, Engine
from engine.errors import GendanError
from engine.views import Actor
from tests.webui import secrets
from tests.webui.browsing import Browser, page_rules
from tests.webui.conftest import PRACTICE
from tests.webui.secrets import OUTSIDERS, SECRET, Case

FREE = {
    "static": "the files of the pages",
    "metrics.show": "figures of the whole for a monitor, by token or on the machine itself; its own test",
    "health.ready": "whether the machine works",
}
"""Routes that show nothing of anybody."""
OWN = frozenset({"account", "signin", "provider"})
"""Modules whose pages show only what is one's own, another each time: nothing of the case stands there."""
ABSENT = 987654
_RANDOM = re.compile(
    r'(name="(?:csrf_token|submission|drawn_for)" value=")[^"]*|("(?:csrf_token|submission|token)":")[^"]*'
)


@pytest.fixture
def cases(engine: Engine, repair: Callable[..., str]) -> Callable[[], tuple[Case, ...]]:
    """Begins the two cases when called; the repair that one hangs on is there before."""
    engine.deployments.deploy(secrets.files(PRACTICE), SYSTEM)
    secrets.hire(engine)
    visible = repair("灯")
    return lambda: (secrets.begin(engine, "conduct"), secrets.begin(engine, "grievance", visible))


def rules(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in page_rules(app)
        if rule.endpoint not in FREE
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} & set(rule.methods or ()))
    ]


def arguments(rule: Rule, case: Case, real: bool) -> dict[str, object]:
    """A value for each argument of a route: of the case, or of nothing (what is no secret stays)."""
    secret: dict[str, tuple[object, object]] = {
        "task_id": (case.task_id, ABSENT),
        "instance_id": (case.instance_id, ABSENT),
        "incident_id": (case.incident_id, ABSENT),
        "subscription_id": (case.subscription_id, ABSENT),
        "file_id": (case.file_id, ABSENT),
        "notification_id": (case.notification_id, ABSENT),
        # A linked case hangs on a record that may be known: only its own ids are secret.
        "key": (case.key, absent_key(case)),
        "job_id": (case.job_id, ABSENT),
        "process_id": (case.process_id, case.process_id),
        "decision_id": ("verdict", "verdict"),
        "file": ("question.bpmn", "question.bpmn"),
        "board_id": ("overdue", "overdue"),
        "element_id": ("hear", "hear"),
        "user_id": ("lin", "lin"),
        "list_id": ("room", "room"),
        "name": ("slip", "slip"),
        "substitution_id": (ABSENT, ABSENT),
        "session_id": (ABSENT, ABSENT),
        "token_id": (ABSENT, ABSENT),
        "address_id": (ABSENT, ABSENT),
        "migration_id": (ABSENT, ABSENT),
    }
    known = {name: pair[0 if real else 1] for name, pair in secret.items()}
    return {name: known[name] for name in rule.arguments}


def absent_key(case: Case) -> str:
    return case.key if case.process_id == "grievance" else "CD26-9876"


def form(case: Case, real: bool) -> dict[str, object]:
    """A post that every button would take, with the ids of the case where a form names some."""
    return {
        "to": "guest", "text": "x", "reason": "x", "sure": "yes", "due": "2026-12-01T10:00",
        "until": "2026-12-01T10:00",
        "priority": "40", "name": "what", "value": "1", "cancel": "hear", "start_before": "judge", "found": "x",
        "pick": str(case.task_id if real else ABSENT), "corrections": "what = 1", "user": "guest", "password": "x",
        "language": "zh", "key": case.key if real else absent_key(case), "about": "wang", "what": "x",
        "paper": str(case.file_id if real else ABSENT), "file": (BytesIO(b"x"), "x.txt"), "id": "", "deputy": "",
    }  # fmt: skip


def normal(answer: TestResponse) -> tuple[int, str, str]:
    """What of an answer can tell something: status, where it leads, what it says, without random parts and ids."""
    said = answer.headers.get("Location", "")
    return answer.status_code, _ids(said), _ids(_RANDOM.sub(r"\1\2", _text(answer)))


def _text(answer: TestResponse) -> str:
    data = answer.get_data()
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as book:
            return unescape("\n".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/")))
    return data.decode("utf-8", "replace")


def _ids(text: str) -> str:
    return re.sub(r"CD26-\d{4}", "KEY", text).replace(str(ABSENT), "ID")


def ask(
    app: Flask, browser: Browser, case: Case, at: tuple[Rule, str], real: bool, signed_in: bool
) -> tuple[int, str, list[str]]:
    """The answer of a route to a browser of its own (signing out is a route, too), in the words above; the ids of the
    case are replaced as such."""
    rule, method = at
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **arguments(rule, case, real))  # type: ignore[arg-type]
    if method == "GET":
        answer = browser.get(path)
    else:
        answer = browser.client.open(
            path, method=method, data={**form(case, real), "csrf_token": browser.token() if signed_in else ""}
        )
    assert SECRET not in _text(answer), (method, path)
    status, where, said = normal(answer)
    for name in ("task_id", "instance_id", "incident_id", "subscription_id", "file_id", "notification_id", "job_id"):
        said, where = (re.sub(rf"\b{getattr(case, name)}\b", "ID", one) for one in (said, where))
    return status, where, said.splitlines()


@pytest.mark.parametrize("who", [*OUTSIDERS, ""])
@pytest.mark.parametrize("which", [0, 1], ids=["own record", "linked"])
def test_every_address_of_a_secret_case_answers_as_if_there_were_none(
    app: Flask,
    engine: Engine,
    login: Callable[[str], Browser],
    cases: Callable[[], tuple[Case, ...]],
    who: str,
    which: int,
) -> None:
    case = cases()[which]
    before = secrets.state(engine, case)
    for at in rules(app):
        if at[0].endpoint == "processes.deploy":  # who comes first deploys it; all others find it deployed
            ask(app, login(who), case, at, True, bool(who))
        real, absent = (ask(app, login(who), case, at, known, bool(who)) for known in (True, False))
        assert at[0].endpoint.partition(".")[0] in OWN or real == absent, f"{who or 'nobody'}: {at[1]} {at[0]}"
    assert secrets.state(engine, case) == before


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_list_count_or_search_changes_when_a_secret_case_begins(
    app: Flask, login: Callable[[str], Browser], cases: Callable[[], tuple[Case, ...]], who: str
) -> None:
    browser = login(who)
    plain = [str(rule) for rule, method in rules(app) if method == "GET" and not rule.arguments]
    visible = [f"/records/{row}" for row in _keys(browser)]
    paths = dict.fromkeys([*plain, *secrets.addresses(), *visible])
    before = {path: normal(browser.get(path)) for path in paths}
    cases()
    for path in paths:
        answer = browser.get(path)
        said = _text(answer)
        for echoed in re.findall(rf"={SECRET}[^&]*", path):
            said = said.replace(unquote(echoed[1:]), "").replace(echoed[1:], "").replace(quote(unquote(echoed[1:])), "")
        assert SECRET not in said, path
        assert normal(answer) == before[path], f"{who}: {path}"


@pytest.mark.parametrize("name", ["file_id", "pending_file_id"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_file_of_a_secret_case_can_be_taken_into_another_form(
    engine: Engine, cases: Callable[[], tuple[Case, ...]], who: str, name: str
) -> None:
    case = cases()[1]
    assert engine.tasks.uploaded(str(getattr(case, name)), Actor(who)) is None
    with pytest.raises(GendanError):
        engine.instances.start(
            "repair", {"item": "x", "room": "R1", "urgency": "low", "photo": str(getattr(case, name))}, Actor(who)
        )


def test_who_handles_the_case_sees_all_of_it(
    login: Callable[[str], Browser], cases: Callable[[], tuple[Case, ...]]
) -> None:
    own, linked = cases()
    chen = login("chen")
    for case in (own, linked):
        for path in (f"/records/{case.key}", f"/tasks/{case.task_id}", "/tasks", "/notifications", "/incidents",
                     f"/files/{case.file_id}", f"/records/{own.key}/messages/{own.subscription_id}"):  # fmt: skip
            answer = chen.get(path)
            assert answer.status_code == 200, path
            assert SECRET in _text(answer), path
    assert SECRET in _text(chen.get("/records/export?type=conduct"))
    assert SECRET in _text(chen.get("/records?type=conduct"))


def _keys(browser: Browser) -> list[str]:
    return re.findall(r"/records/(RP\d\d-\d{4})", browser.get("/records").get_data(as_text=True))
