"""The pages in a real browser: one served site a run, Chromium headless, axe-core beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from tests.browser.serving import served
from tests.webui.conftest import CHEN, LIN, MORNING, PASSWORD, PRACTICE, opened
from webui.app import create_app

ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = 1280, 375
LONG = 60_000  # milliseconds: a busy machine draws slowly, and nothing waits longer than it has to
expect.set_options(timeout=LONG)


@dataclass(frozen=True)
class Site:
    """A served site: its address, and the engine behind it."""

    address: str
    engine: Engine


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small practice with people and some work in it, served on a free port of this machine."""
    engine = opened(tmp_path_factory.mktemp("site"), MovedClock(MORNING))
    engine.migrate()
    engine.deployments.deploy(practice_files(PRACTICE), SYSTEM)
    for user_id, name, group in (
        ("lin", "林晓雯", "clerk"),
        ("zhou", "周敏", "clerk"),
        ("chen", "陈志远", "head"),
        ("shen", "沈亦", "it"),
    ):
        engine.people.create(user_id, name, PASSWORD, [group], SYSTEM, must_change=False)
    _fill(engine)
    app = create_app(engine, SECRET_KEY="test", RATELIMIT_ENABLED=False, DEBUG=True)
    with served(app) as address:
        yield Site(address, engine)
    engine.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser process for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(site: Site, chromium: Browser) -> Callable[[str], StorageState]:
    """What the browser keeps of a person who has signed in by the door, once a run."""
    kept: dict[str, StorageState] = {}

    def state(user_id: str) -> StorageState:
        if user_id not in kept:
            context = chromium.new_context(base_url=site.address)
            context.set_default_timeout(LONG)
            page = context.new_page()
            page.goto("/signin")
            page.fill("#user", user_id)
            page.fill("#password", PASSWORD)
            page.click("main button.main")
            page.wait_for_url("**/tasks")
            kept[user_id] = context.storage_state()
            context.close()
        return kept[user_id]

    return state


@pytest.fixture
def opens(site: Site, chromium: Browser, signed_in: Callable[[str], StorageState]) -> Iterator[Callable[..., Page]]:
    """`opens("lin", "/tasks", width=PHONE)` is that page, signed in; faults of its scripts fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(user_id: str, path: str, width: int = DESK, *, script: bool = True, scheme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=site.address,
            storage_state=signed_in(user_id),
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            color_scheme=scheme,  # type: ignore[arg-type]
            has_touch=width == PHONE,
        )
        context.set_default_timeout(LONG)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    return found


def _fill(engine: Engine) -> None:
    for number in range(6):
        values = {"item": f"空调 {number}", "room": "R1", "urgency": "low", "wanted": f"2026-12-0{number + 1}"}
        engine.instances.start("repair", values, LIN)
    for row in engine.tasks.inbox(CHEN).rows[:4]:
        engine.tasks.complete(row.id, {"decision": "approve", "cost": "120"}, CHEN)
    engine.instances.start("question", {"text": "谁付钱？"}, LIN, "", "RP26-0001")
    engine.notifications.send(["lin"], "里布迟到", "晚三天。", receipt=True, actor=CHEN)
