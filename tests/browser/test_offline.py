"""Floor rounds with the network cut: kept on the device, sent once, shown when they are refused, one person's only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from tests.browser.conftest import LONG, PHONE
from tests.browser.serving import served
from tests.browser.test_every_page import violations
from tests.webui.conftest import CHEN, LIN, MORNING, PASSWORD, PRACTICE, ZHOU, opened
from webui.app import create_app

pytestmark = pytest.mark.browser
ROUNDS = "/tasks/batch/repair/visit"
ROWS = 12
PHOTO = '<camunda:formField id="proof" label="现场照片" type="photo" />'
"""What a visit of these tests asks besides."""
RATING = '<camunda:formField id="rating" label="评分" type="integer" />'
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


@dataclass(frozen=True)
class Floor:
    """A phone, the served site it talks to, and the engine behind it."""

    context: BrowserContext
    engine: Engine
    keys: tuple[str, ...]

    def page(self, path: str = ROUNDS) -> Page:
        """Open a tab."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def sign_in(self, page: Page, user_id: str) -> None:
        """Through the door."""
        page.goto("/signin")
        page.fill("#user", user_id)
        page.fill("#password", PASSWORD)
        page.click("main button.main")
        page.wait_for_url("**/tasks")

    def visited(self) -> list[object]:
        """The data of every visit that history tells as done."""
        found = []
        for key in self.keys:
            for row in self.engine.records.timeline(key, LIN, "time"):
                if row.element_id == "visit" and row.kind == "task-completed":
                    found.append(row.data)
        return found


@pytest.fixture
def floor(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """Lin on the phone with twelve visits to make, the page opened once while there was a network."""
    engine = opened(tmp_path_factory.mktemp("floor"), MovedClock(MORNING))
    engine.migrate()
    engine.deployments.deploy(with_field(PHOTO), SYSTEM)
    for user_id, group in (("lin", "clerk"), ("zhou", "clerk"), ("chen", "head")):
        engine.people.create(user_id, user_id, PASSWORD, [group], SYSTEM, must_change=False)
    asked = [{"item": f"灯 {number}", "room": "R1", "urgency": "low"} for number in range(ROWS)]
    keys = tuple(engine.instances.start("repair", values, LIN).business_key for values in asked)
    for row in engine.tasks.inbox(CHEN).rows:
        engine.tasks.complete(row.id, {"decision": "approve", "cost": "1"}, CHEN)
    app = create_app(engine, SECRET_KEY="test", RATELIMIT_ENABLED=False)
    with served(app) as address:
        context = chromium.new_context(base_url=address, viewport={"width": PHONE, "height": 800}, has_touch=True)
        context.set_default_timeout(LONG)
        context.clock.set_fixed_time(MORNING.astimezone(UTC))
        found = Floor(context, engine, keys)
        page = context.new_page()
        found.sign_in(page, "lin")
        page.goto(ROUNDS)
        page.evaluate(
            "async (paths) => { for (const path of paths) while (!(await caches.match(path, {ignoreVary: true}))) "
            "await new Promise(requestAnimationFrame); }",
            [ROUNDS, "/offline/page"],
        )
        page.close()
        yield found
        context.close()
    engine.close()


def with_field(field: str) -> dict[str, bytes]:
    """The practice, a visit asking one thing more."""
    files = dict(practice_files(PRACTICE))
    path = next(name for name in files if name.endswith("repair.bpmn"))
    before = '<camunda:formField id="state" label="结果"'
    files[path] = files[path].decode().replace(before, field + before).encode()
    return files


def fill_in(page: Page) -> None:
    """Tap the same in every row, and hand the rows in."""
    for row in page.locator("[data-task]").all():
        row.get_by_role("radio", name="正常").check()
    page.locator("[data-sends]").click()


def said(page: Page, words: str) -> None:
    """The line that says how it stands."""
    expect(page.locator("#kept [data-line]")).to_contain_text(words)


def test_twelve_rows_wait_for_the_network_and_are_sent_once(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page()
    said(page, "离线")
    fill_in(page)
    said(page, "离线，本机存有 12 行，联网后发送")
    page.close()
    again, other = floor.page(), floor.page()
    said(again, "本机存有 12 行")
    expect(again.locator("[data-pick]:checked")).to_have_count(ROWS)
    assert violations(again) == []
    assert floor.visited() == []

    floor.engine.machinery.clock.move_to(MORNING.replace(hour=14))  # type: ignore[attr-defined]
    floor.context.set_offline(False)
    for page in (again, other):
        page.evaluate("window.dispatchEvent(new Event('online')); window.dispatchEvent(new Event('online'))")
        said(page, "已发送")
    expect(again.locator("[data-task] :is(input, select, textarea):enabled")).to_have_count(0)

    done = floor.visited()
    assert len(done) == ROWS
    for data in done:
        assert data["keyed_at"] == MORNING  # type: ignore[index]
        assert f"{data['values']['seen_at']:%H:%M}" == "10:00"  # type: ignore[index]
    assert not [row for row in floor.engine.tasks.inbox(LIN).rows if row.element_id == "visit"]


def test_what_became_of_a_cancelled_order_is_shown_with_what_was_typed(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page()
    row = page.locator("[data-task]").first
    row.get_by_role("radio", name="更坏").check()
    row.get_by_label("说明").fill("玻璃碎了")
    row.get_by_label("说明").press("Tab")
    page.locator("[data-sends]").click()
    said(page, "本机存有 1 行")
    key = re.search(r"RP26-\d+", row.inner_text())
    assert key is not None
    instance = next(row.instance_id for row in floor.engine.tasks.inbox(LIN).rows if row.business_key == key[0])
    floor.engine.instances.cancel(instance, "不修了", SYSTEM)

    floor.context.set_offline(False)
    said(page, "1 行未被接受")
    page.reload()
    expect(page.locator("#kept li")).to_contain_text("玻璃碎了")
    expect(page.locator("#kept li")).to_contain_text(key[0])
    assert violations(page) == []
    page.get_by_role("button", name="从本机移除").click()
    expect(page.locator("#kept li")).to_have_count(0)


def test_rows_outlive_the_session_and_belong_to_one_person(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page()
    fill_in(page)
    said(page, "本机存有 12 行")
    signed_in = floor.context.cookies()
    floor.context.clear_cookies()
    floor.context.set_offline(False)
    said(page, "请以同一人登录")

    floor.context.add_cookies(signed_in)  # type: ignore[arg-type]
    floor.context.route("**/offline/token", lambda route: route.abort())
    page.goto("/people/me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("#leaving")).to_contain_text("12 行")
    assert violations(page) == []
    page.get_by_role("button", name="退出登录，行留在本机").click()
    page.wait_for_url("**/signin*")
    floor.context.unroute("**/offline/token")

    floor.sign_in(page, "zhou")
    expect(page.locator("#kept")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert floor.visited() == []
    assert page.evaluate(f"caches.match('{ROUNDS}', {{ignoreVary: true}}).then((found) => !found)")

    page.goto("/people/me")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/signin*")
    floor.sign_in(page, "lin")
    said(page, "已发送")
    assert len(floor.visited()) == ROWS


def test_who_signs_out_may_take_away_what_was_not_sent(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page()
    fill_in(page)
    said(page, "本机存有 12 行")
    floor.context.route("**/offline/token", lambda route: route.abort())
    floor.context.set_offline(False)
    page.goto("/people/me")
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="继续登录").click()
    assert page.url.endswith("/people/me")
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="退出登录并移除").click()
    page.wait_for_url("**/signin*")
    floor.context.unroute("**/offline/token")

    floor.sign_in(page, "lin")
    page.goto(ROUNDS)
    expect(page.locator("[data-pick]")).to_have_count(ROWS)
    expect(page.locator("[data-pick]:checked")).to_have_count(0)
    assert floor.visited() == []


def test_where_nothing_is_kept_a_page_says_what_opens(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page("/records")
    expect(page.locator("[data-kept-pages] a")).to_have_attribute("href", ROUNDS)
    assert violations(page) == []


def test_a_photo_that_was_taken_without_network_is_sent_with_its_row(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page()
    row = page.locator("[data-task]").first
    key = re.search(r"RP26-\d+", row.inner_text())
    assert key is not None
    row.get_by_role("radio", name="正常").check()
    row.locator("summary").click()
    row.locator("input[type=file]").set_input_files({"name": "灯.png", "mimeType": "image/png", "buffer": PICTURE})
    page.locator("[data-sends]").click()
    said(page, "本机存有 1 行")
    page.close()
    page = floor.page()
    said(page, "本机存有 1 行")
    held = "(input) => [...input.files].map((file) => `${file.name} ${file.size}`)"
    assert page.locator("input[type=file]").first.evaluate(held) == [f"灯.png {len(PICTURE)}"]

    floor.context.set_offline(False)
    said(page, "已发送")
    (sent,) = floor.engine.records.files(key[0], LIN)
    assert (sent.name, sent.size, sent.element_name) == ("灯.png", len(PICTURE), "上门")
    assert len(floor.visited()) == 1


def test_a_row_of_a_form_that_was_changed_meanwhile_stays_to_be_looked_at(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page()
    row = page.locator("[data-task]").first
    row.get_by_role("radio", name="更坏").check()
    row.get_by_label("说明").fill("玻璃碎了")
    page.locator("[data-sends]").click()
    said(page, "本机存有 1 行")
    floor.engine.deployments.deploy(with_field(PHOTO + RATING), SYSTEM)
    floor.engine.migrations.begin("repair", 1, 2, "问得更细", SYSTEM)
    floor.engine.tick()

    floor.context.set_offline(False)
    said(page, "1 行未被接受")
    assert "表单" in row.locator("[data-said]").inner_text()
    assert floor.visited() == []
    page.reload()
    row = page.locator("[data-task]").first
    expect(row.get_by_label("说明")).to_have_value("玻璃碎了")
    row.get_by_label("评分").fill("4")
    page.locator("[data-sends]").click()
    said(page, "已发送")
    (data,) = floor.visited()
    assert data["values"]["note"] == "玻璃碎了"  # type: ignore[index]
    assert data["values"]["rating"] == 4  # type: ignore[index]


def test_a_row_that_somebody_else_completed_meanwhile_says_who_and_when(floor: Floor) -> None:
    floor.context.set_offline(True)
    page = floor.page()
    row = page.locator("[data-task]").first
    key = re.search(r"RP26-\d+", row.inner_text())
    assert key is not None
    row.get_by_role("radio", name="更坏").check()
    row.get_by_label("说明").fill("玻璃碎了")
    page.locator("[data-sends]").click()
    said(page, "本机存有 1 行")
    (task,) = [each.id for each in floor.engine.tasks.inbox(LIN).rows if each.business_key == key[0]]
    floor.engine.tasks.reassign(task, "zhou", SYSTEM)
    floor.engine.tasks.complete(task, {"state": "fine"}, ZHOU)

    floor.context.set_offline(False)
    said(page, "1 行未被接受")
    page.reload()
    expect(page.locator("#kept li")).to_contain_text("玻璃碎了")
    expect(page.locator("#kept li")).to_contain_text("zhou")
    expect(page.locator("#kept li")).to_contain_text("10:00")
    (data,) = floor.visited()
    assert data["values"]["state"] == "fine"  # type: ignore[index]
