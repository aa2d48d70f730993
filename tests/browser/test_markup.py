"""Markup in every kind of text, in a browser whose content security policy is switched off: nothing of it runs."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from engine.views import Actor, ReferenceItem
from tests.browser.serving import served
from tests.webui.conftest import CHEN, MORNING, PASSWORD, PRACTICE, opened
from tests.webui.test_security_texts import PAYLOAD
from webui.app import create_app

pytestmark = pytest.mark.browser
EVIL = Actor("evil")
PAGES = (
    *("/tasks", "/tasks?by=kind", "/records", "/records/RP26-0001", "/start/repair", "/people", "/people/me"),
    *("/account", "/notifications", "/notifications?box=sent", "/references/room", "/processes/repair"),
    *("/processes/clauses", "/tasks/1", "/tasks/batch/repair/visit", "/incidents", "/audit", "/nowhere"),
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A site of its own, full of markup."""
    engine = opened(tmp_path, MovedClock(MORNING))
    engine.migrate()
    engine.deployments.deploy(practice_files(PRACTICE), SYSTEM)
    engine.people.create("evil", PAYLOAD, PASSWORD, ["clerk", "head", "it"], SYSTEM, must_change=False)
    engine.people.create("chen", "陈志远", PASSWORD, ["head"], SYSTEM)
    _fill(engine)
    with served(create_app(engine, SECRET_KEY="test", RATELIMIT_ENABLED=False)) as found:
        yield found
    engine.close()


def _fill(engine: Engine) -> None:
    engine.references.put(ReferenceItem("room", "RX", "", {"name": PAYLOAD}, True), EVIL)
    for _ in range(2):
        values = {"item": PAYLOAD, "room": "RX", "urgency": "high", "why_soon": PAYLOAD,
                  "parts": [{"name": PAYLOAD, "quantity": 1, "price": "2"}]}  # fmt: skip
        key = engine.instances.start("repair", values, EVIL).business_key
        engine.records.comment(key, PAYLOAD, EVIL)
        engine.files.attach(BytesIO(b"a,b\n"), f"{PAYLOAD}.csv".replace("/", ""), EVIL, key)
    rows = engine.tasks.inbox(CHEN).rows
    engine.tasks.comment(rows[0].id, PAYLOAD, CHEN)
    engine.tasks.complete(rows[1].id, {"decision": "approve", "cost": "1"}, CHEN)
    engine.notifications.send(["evil"], PAYLOAD, PAYLOAD, receipt=True, actor=EVIL)
    engine.identity.create_token(PAYLOAD[:100], EVIL)


def test_nothing_that_was_typed_runs(address: str, chromium: Browser) -> None:
    context = chromium.new_context(base_url=address, bypass_csp=True, user_agent=f"Chrome {PAYLOAD}")
    context.add_init_script("window.ran = 0; window.zq = () => { window.ran += 1 }")
    page = context.new_page()
    page.goto("/signin")
    page.fill("#user", "evil")
    page.fill("#password", PASSWORD)
    page.click("main button.main")
    page.wait_for_url("**/tasks*")
    # the browser would run it: the same text as markup does
    page.evaluate("text => { document.body.insertAdjacentHTML('beforeend', text) }", PAYLOAD)
    page.wait_for_function("window.ran > 0")
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        _poke(page)
        assert page.evaluate("window.ran") == 0, path
        assert page.locator("img[src=x]").count() == 0, path
    context.close()


def _poke(page: Page) -> None:
    """Let the scripts of the page draw what they draw when somebody looks closer."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")
    for field in page.locator("main input[type=text]:visible, main input[list]:visible").all()[:3]:
        field.focus()
    page.wait_for_load_state("networkidle")
