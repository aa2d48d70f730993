"""The heat map and the replay in a real browser: colours, steps by buttons and keys, and links without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Site
from tests.webui.conftest import LIN

pytestmark = pytest.mark.browser
REPLAY = "/records/RP26-0001/replay/1"


def test_the_diagram_is_coloured_and_numbered(site: Site, opens: Callable[..., Page]) -> None:
    site.engine.heat.count_due()
    page = opens("shen", "/processes/repair/heat")
    expect(page.locator(".dia[data-drawn]")).to_be_visible()
    expect(page.locator(".djs-element.heat5").first).to_be_attached()
    expect(page.locator(".dia .token").first).to_be_attached()
    expect(page.locator(".legend li")).not_to_have_count(0)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_one_steps_by_buttons_and_keys_without_a_new_page(opens: Callable[..., Page], width: int) -> None:
    page = opens("lin", REPLAY, width)
    expect(page.locator("#replay[data-drawn]")).to_be_visible()
    page.evaluate("window.still = true")
    page.get_by_role("link", name="下一步", exact=True).click()
    expect(page.locator("[data-at='2']")).to_have_attribute("aria-current", "step")
    expect(page.locator(".djs-element.now")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-at='3']")).to_have_attribute("aria-current", "step")
    expect(page.locator("#replay-now")).to_contain_text("第 3 步")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-at='2']")).to_have_attribute("aria-current", "step")
    assert page.url.endswith("step=2")
    assert page.evaluate("window.still")


def test_without_scripts_each_step_is_a_link(site: Site, opens: Callable[..., Page]) -> None:
    last = len(site.engine.heat.replay(1, LIN).steps)
    page = opens("lin", REPLAY, script=False)
    page.get_by_role("link", name="下一步", exact=True).click()
    expect(page.locator("#replay-now")).to_contain_text("第 2 步")
    page.locator(f"[data-at='{last}']").click()
    expect(page.locator(f"[data-at='{last}']")).to_have_attribute("aria-current", "step")
