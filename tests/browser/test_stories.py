"""What people do, with the keyboard, on a phone and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site

pytestmark = pytest.mark.browser


def test_the_inbox_is_walked_and_opened_by_keys(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/tasks")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("tr.row.here")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("上门")
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()


def test_a_task_is_claimed_without_a_reload(opens: Callable[..., Page]) -> None:
    page = opens("chen", "/tasks")
    page.evaluate("window.stays = true")
    offered = page.locator("[data-claim]").count()
    page.locator("[data-claim]").first.click()
    expect(page.locator("[data-claim]")).to_have_count(offered - 1)
    assert page.evaluate("window.stays")
    page.locator("a.chip", has_text="我的组").click()
    page.wait_for_url("**/tasks?owner=mine")
    assert page.evaluate("window.stays")


def test_a_form_grows_sums_up_and_asks_for_what_is_needed(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/start/repair")
    expect(page.locator("#f-why_soon-field")).to_be_hidden()
    page.get_by_role("radio", name="紧急").check()
    expect(page.locator("#f-why_soon-field")).to_be_visible()
    page.fill("#f-parts-1-name", "风扇")
    page.fill("#f-parts-1-quantity", "2")
    page.fill("#f-parts-1-price", "18.5")
    page.get_by_role("button", name="加一行").click()
    page.fill("#f-parts-2-name", "灯泡")
    page.fill("#f-parts-2-quantity", "3")
    page.fill("#f-parts-2-price", "10")
    page.keyboard.press("Tab")
    expect(page.locator("#f-parts-1-amount")).to_have_text("37")
    page.get_by_role("button", name="删除第 1 行").click()
    expect(page.locator("#f-parts-1-name")).to_have_value("灯泡")


def test_an_outcome_opens_its_panel_and_completes(opens: Callable[..., Page], site: Site) -> None:
    page = opens("chen", "/tasks/6")
    page.locator("summary", has_text="退回").click()
    page.locator(".panel textarea").fill("房间号")
    page.locator(".panel button").click()
    expect(page.locator("h1")).to_have_text("完成")
    expect(page.locator("main")).to_contain_text("补充")
    page.wait_for_load_state()
    page.keyboard.press("n")
    expect(page.locator("h1")).not_to_have_text("完成")


def test_the_diagram_shows_what_waits_and_its_makers_mark(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/records/RP26-0001")
    expect(page.locator(".dia[data-drawn]")).to_have_count(1)
    expect(page.locator(".dia .token").first).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    page.locator('[data-element-id="visit"]').click()
    expect(page.locator(".dia-said")).to_contain_text("待办 1 次")


def test_rows_of_a_batch_count_themselves(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/tasks/batch/repair/visit", PHONE)
    row = page.locator("[data-task]").first
    row.get_by_role("radio", name="更坏").check()
    expect(row.locator("[data-pick]")).to_be_checked()
    expect(row.get_by_label("说明")).to_be_visible()
    expect(page.locator("[data-sends]")).to_have_text("提交 1 项")


def test_a_row_of_the_sheet_is_filled_in_where_it_stands_and_copied_with_one_tap(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/sheet?text=空调", PHONE)
    expect(page.locator(".tabbar a[aria-current]")).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = page.locator("tr.row", has=page.get_by_role("link", name="上门")).first
    row.locator("summary").click()
    expect(row.locator("summary")).to_have_text("已复制")
    assert "剩余工作日" in page.evaluate("navigator.clipboard.readText()")
    row.get_by_role("link", name="上门").click()
    form = page.locator("tr.fill form")
    expect(form.get_by_label("说明")).to_be_hidden()
    form.get_by_label("更坏").check()
    expect(form.get_by_label("说明")).to_be_visible()
    following = page.locator("tr.fill + tr.row")
    assert form.bounding_box()["y"] + form.bounding_box()["height"] <= following.bounding_box()["y"]  # type: ignore[index]


def test_the_main_button_stays_at_the_bottom_of_a_phone(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/start/repair", PHONE)
    box = page.locator(".foot .main").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] > 740


def test_everything_works_without_scripts(opens: Callable[..., Page], site: Site) -> None:
    page = opens("lin", "/start/repair", script=False)
    page.fill("#f-item", "灯")
    page.select_option("#f-room", "R2")
    page.get_by_role("button", name="加一行").click()
    page.fill("#f-parts-2-name", "灯泡")
    page.fill("#f-parts-2-quantity", "1")
    page.locator(".foot .main").click()
    expect(page.locator("h1")).to_have_text("灯")
    page.fill("#comment-text", "急用")
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#comments")).to_contain_text("急用")


def test_a_first_page_is_light(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/tasks")
    sizes = page.evaluate(
        """["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
             .map((each) => [new URL(each.name).pathname.split(".").at(-1), each.encodedBodySize])"""
    )
    assert {"js", "css"} <= {kind for kind, _ in sizes}
    assert 10_000 < sum(size for _, size in sizes) < 60_000


def test_errors_are_focused_and_lead_to_their_fields(opens: Callable[..., Page]) -> None:
    page = opens("lin", "/start/repair")
    page.locator(".foot .main").click()
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a").first.click()
    expect(page.locator("#f-item")).to_be_in_viewport()
