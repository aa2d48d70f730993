"""Every page at both widths: nothing serious for axe-core, no sideways scrolling, one filled button, labels, marks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE, DESK, PHONE

pytestmark = pytest.mark.browser
PAGES = (
    ("lin", "/tasks"),
    ("lin", "/tasks?by=kind"),
    ("lin", "/tasks/batch/repair/visit"),
    ("lin", "/records"),
    ("lin", "/sheet"),
    ("lin", "/sheet?fill=7"),
    ("lin", "/records/RP26-0001"),
    ("lin", "/records/RP26-0001/print/slip"),
    ("lin", "/start"),
    ("lin", "/start/repair"),
    ("lin", "/notifications"),
    ("lin", "/people/me"),
    ("lin", "/account"),
    ("lin", "/account/second-factor"),
    ("lin", "/nowhere"),
    ("chen", "/tasks/5"),
    ("chen", "/references/room"),
    ("shen", "/processes"),
    ("shen", "/processes/clauses"),
    ("shen", "/processes/repair"),
    ("shen", "/processes/repair/heat"),
    ("shen", "/processes/repair/heat?by=waiting&sort=waiting"),
    ("lin", "/records/RP26-0001/replay/1?step=3"),
    ("shen", "/processes/repair/compare"),
    ("shen", "/processes/repair/migrate"),
    ("shen", "/calendar"),
    ("shen", "/incidents"),
    ("shen", "/jobs"),
    ("shen", "/people"),
    ("shen", "/people/lin"),
    ("shen", "/audit"),
    ("shen", "/patterns"),
)


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize(("user_id", "path"), PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    opens: Callable[..., Page], user_id: str, path: str, width: int
) -> None:
    page = opens(user_id, path, width)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title().endswith("Gendan")


@pytest.mark.parametrize("path", ["/tasks", "/start/repair", "/records/RP26-0001", "/patterns"])
def test_dark_has_contrast_too(opens: Callable[..., Page], path: str) -> None:
    assert violations(opens("lin", path, scheme="dark")) == []


def test_the_door_is_clean(opens: Callable[..., Page]) -> None:
    page = opens("zhou", "/people/me")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/signin*")
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/tasks", "/tasks/batch/repair/visit", "/sheet", "/start/repair"])
def test_what_is_touched_on_a_phone_is_large_enough(opens: Callable[..., Page], path: str) -> None:
    page = opens("lin", path, PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main .button, main select, main .chip, .tabbar a')]
             .filter((part) => part.offsetParent && !part.matches('.sr'))
             .map((part) => [part.textContent.trim(), part.getBoundingClientRect().height])
             .filter(([, height]) => height < 40)"""
    )
    assert small == []


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then((r) => r.violations)"
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]
