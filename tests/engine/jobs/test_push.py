"""Notices leave for people's own addresses: together, again and again while nobody answers, and never in the way."""

from __future__ import annotations

import logging
import threading
from datetime import date, timedelta
from typing import Any

import pytest

from engine.engine import SYSTEM
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.outside_settings import OutsideSettings
from engine.push import read_address
from engine.push.robots import DingTalkRobot, WeComRobot
from engine.runtime.jobs.jobs import LOCK
from engine.views import Actor, CalendarException
from tests.engine.definitions.diagrams import extensions, flows, node
from tests.engine.jobs.conftest import allow
from tests.engine.jobs.outside import Outside
from tests.engine.jobs.test_http import inputs
from tests.engine.runtime.office import Office, field, form, loan, user_task

ANN, BOB, HEL = Actor("ann"), Actor("bob"), Actor("hel")
SETTINGS = b"settings: [{name: repush_after_hours, type: integer, value: 4, zh: x, en: x}]"


def push_on(office: Office, erp: Outside, *people: str, **more: Any) -> None:
    """Pushing is on, and these people have an address at the other system, each a path of his own."""
    allow(office, erp, push_kinds=("json", "mail", "wecombot", "dingtalk"), push_hosts=(erp.host,),
          push_mail_url="mailtos://gendan:pw@mail.example.com", **more)  # fmt: skip
    for each in people:
        office.engine.push_addresses.add(each, f"json://{erp.host}/{each}", Actor(each))


def tell(office: Office, *to: str, subject: str = "Late", kind: str = "notice", receipt: bool = False) -> None:
    office.engine.notifications.send(list(to), subject, "3 days", kind, receipt)


def states(office: Office) -> list[str]:
    return [each.state for each in office.engine.jobs.list(SYSTEM, kind="push")]


def deploy_report(office: Office, **properties: str) -> None:
    """enter → report to hel with a receipt → read → done."""
    given = inputs(to="hel", subject="${borrower}", text="3 days late", kind="report", receipt="true")
    report = node("serviceTask", "report", given, 'camunda:type="external" camunda:topic="notify"')
    office.deploy(
        loan(node("startEvent", "begin", extensions(form(field("borrower")))), user_task("enter", "ann"), report,
             user_task("read", "ann"), node("endEvent", "done"), flows("begin enter report read done"), **properties),
        **{"settings.yaml": SETTINGS},
    )  # fmt: skip


def test_a_notice_is_pushed_after_the_window_with_its_words(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel", "bob")
    deploy_report(office)
    office.start(borrower="A01")
    office.complete("enter", "ann")
    assert office.names() == ["read"]
    office.wait(seconds=59)
    assert erp.asked == []
    office.wait(seconds=1)
    (asked,) = erp.asked
    assert (asked.path, asked.json["title"], asked.json["message"]) == ("/hel", "LN26-0001 A01", "3 days late")
    (told,) = office.engine.notifications.list(HEL)
    ((push),) = told.pushes
    assert (push.name, push.state, push.ended_at, push.label) == ("Hel", "done", office.clock.now(), "json://127.0.0.1")
    (sent,) = office.engine.notifications.sent(ANN)
    assert [(each.name, each.state, each.label) for each in sent.pushes] == [("Hel", "done", "")]
    office.wait(hours=1)
    assert len(erp.asked) == 1


def test_while_nobody_answers_the_process_goes_on_and_all_leaves_as_one_digest(office: Office, erp: Outside) -> None:
    """Given a push service that is down (A90); notices are there to be read, no step waits, and what gathered leaves
    as one message once the service is up."""
    push_on(office, erp, "hel")
    erp.answer(503)
    deploy_report(office)
    for number in range(25):
        office.start(borrower=f"A{number:02}")
    for task in office.tasks():
        office.engine.tasks.complete(task.id, {}, ANN)
    assert office.names() == ["read"] * 25
    assert office.engine.notifications.unread_count(HEL) == 25
    office.wait(minutes=3)
    assert len(erp.asked) == 3
    assert {each.json["title"] for each in erp.asked} == {"25 条通知"}
    assert states(office) == ["waiting"] * 25
    assert office.engine.incidents.list(SYSTEM) == ()
    erp.answer(200)
    office.wait(minutes=5)
    assert (len(erp.asked), states(office)) == (4, ["done"] * 25)
    lines = erp.asked[-1].json["message"].splitlines()
    assert len(lines) == 25
    assert lines[0] == "· LN26-0001 A00"


def test_what_comes_while_a_target_fails_waits_with_the_rest(office: Office, erp: Outside) -> None:
    """Otherwise a stream of new notices would use up the tries of the old ones within minutes."""
    push_on(office, erp, "hel")
    erp.answer(503)
    tell(office, "hel", subject="one")
    office.wait(minutes=10)
    tried = len(erp.asked)
    tell(office, "hel", subject="two")
    due = min(each.due for each in office.engine.jobs.list(SYSTEM) if each.tries)
    office.clock.move_to(due - timedelta(seconds=1))
    office.engine.tick()
    assert len(erp.asked) == tried
    erp.answer(200)
    office.clock.move_to(due)
    office.engine.tick()
    assert erp.asked[-1].json["message"].splitlines() == ["· one", "· two"]


def test_a_notice_that_joins_late_has_all_its_tries(office: Office, erp: Outside) -> None:
    """Given a target that has failed for hours; what comes shortly before the old ones are given up goes on."""
    push_on(office, erp, "hel")
    erp.answer(503)
    tell(office, "hel", subject="old")
    while office.engine.jobs.list(SYSTEM)[-1].tries < 11:
        office.wait(minutes=5)
    tell(office, "hel", subject="late")
    office.wait(hours=1)
    late, old = office.engine.jobs.list(SYSTEM)
    assert (old.state, old.tries, late.state) == ("failed", 12, "waiting")
    assert 1 <= late.tries < 12
    erp.answer(200)
    office.wait(hours=1)
    assert states(office) == ["done", "failed"]
    assert erp.asked[-1].json["title"] == "late"


def test_a_push_that_fails_for_good_is_seen_and_can_be_tried_again(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel")
    erp.answer(500)
    tell(office, "hel")
    office.wait(hours=12)
    assert (len(erp.asked), states(office)) == (12, ["failed"])
    (failed,) = office.engine.jobs.list(SYSTEM, state="failed")
    assert "500" in failed.reason
    assert office.engine.jobs.counts(SYSTEM) == {"waiting": 0, "failed": 1}
    assert [each.state for each in office.engine.notifications.list(HEL)[0].pushes] == ["failed"]
    erp.answer(200)
    office.engine.jobs.retry(failed.id, SYSTEM)
    office.engine.tick()
    assert states(office) == ["done"]
    with pytest.raises(Conflict):
        office.engine.jobs.retry(failed.id, SYSTEM)


def test_trying_now_tries_the_whole_target(office: Office, erp: Outside) -> None:
    """Given two notices that wait for the next try of their target; who tries one of them at once sends both."""
    push_on(office, erp, "hel")
    erp.answer(503)
    tell(office, "hel", subject="one")
    tell(office, "hel", subject="two")
    office.wait(minutes=30)
    tried = len(erp.asked)
    erp.answer(200)
    office.engine.jobs.retry(office.engine.jobs.list(SYSTEM)[0].id, SYSTEM)
    office.engine.tick()
    assert (len(erp.asked), states(office)) == (tried + 1, ["done", "done"])


def test_many_runners_send_one_message(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel")
    for number in range(10):
        tell(office, "hel", subject=f"n{number}")
    office.clock.move_to(office.clock.now() + timedelta(minutes=1))
    wanted = office.engine.jobs.due()
    runners = [
        threading.Thread(target=lambda: [office.engine.jobs.run(each) for each in reversed(wanted)]) for _ in range(4)
    ]
    for each in runners:
        each.start()
    for each in runners:
        each.join()
    (asked,) = erp.asked
    assert len(asked.json["message"].splitlines()) == 10
    assert states(office) == ["done"] * 10


def test_two_people_with_one_robot_get_one_message(office: Office, erp: Outside) -> None:
    push_on(office, erp)
    for each in ("hel", "bob"):
        office.engine.push_addresses.add(each, f"json://{erp.host}/room", Actor(each))
    tell(office, "hel", "bob", subject="one")
    tell(office, "hel", subject="two")
    office.wait(minutes=1)
    (asked,) = erp.asked
    assert asked.json["message"].splitlines() == ["· one", "· two"]
    assert states(office) == ["done"] * 3


def test_a_robot_gets_no_more_messages_a_minute_than_it_takes(office: Office, erp: Outside) -> None:
    """Given no window, so that notices leave at once; after the third message within a minute the rest is one."""
    push_on(office, erp, "hel", push_window=timedelta(0), push_rate=3)
    for number in range(8):
        tell(office, "hel", subject=f"n{number}")
        office.wait(seconds=1)
    assert len(erp.asked) == 3
    office.wait(seconds=60)
    assert len(erp.asked) == 4
    assert len(erp.asked[-1].json["message"].splitlines()) == 5


def test_a_runner_that_dies_while_it_sends_is_followed_by_the_same_message_with_the_same_key(
    office: Office, erp: Outside
) -> None:
    push_on(office, erp, "hel")
    tell(office, "hel", subject="one")
    tell(office, "hel", subject="two")

    class Killed(BaseException):
        pass

    def die(point: str) -> None:
        if point == "after-effect":
            raise Killed

    office.clock.move_to(office.clock.now() + timedelta(minutes=1))
    office.engine.machinery.fault = die
    with pytest.raises(Killed):
        office.engine.tick()
    office.engine.machinery.fault = lambda _: None
    tell(office, "hel", subject="three")
    office.wait(seconds=LOCK.total_seconds() + 60)
    first, *rest = erp.asked
    assert sorted(each.json["message"] for each in rest) == ["3 days", first.json["message"]]
    again = next(each for each in rest if each.json["message"] == first.json["message"])
    assert again.headers["Idempotency-Key"] == first.headers["Idempotency-Key"]
    assert set(states(office)) == {"done"}


def test_a_report_that_is_not_read_is_pushed_again_after_working_hours(office: Office, erp: Outside) -> None:
    """Given a report with receipt late on a Saturday, which is worked; four working hours later, on Monday, it is
    pushed again, once."""
    push_on(office, erp, "hel")
    deploy_report(office)
    office.wait(days=5, hours=8)  # Saturday 16:00; work ends at 17:30
    tell(office, "hel", kind="report", receipt=True)
    office.wait(days=1, hours=18, minutes=29)
    assert len(erp.asked) == 1
    office.wait(minutes=2)
    assert len(erp.asked) == 2
    office.wait(days=9)
    assert len(erp.asked) == 2
    (told,) = office.engine.notifications.list(HEL)
    assert [(each.state, each.again) for each in told.pushes] == [("done", False), ("done", True)]


def test_reading_in_time_saves_the_second_push(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel", "bob")
    deploy_report(office)
    tell(office, "hel", "bob", kind="report", receipt=True)
    office.wait(hours=2)
    office.engine.notifications.mark_read(office.engine.notifications.list(HEL)[0].id, HEL)
    office.wait(days=3)
    assert [each.path for each in erp.asked].count("/hel") == 1
    assert [each.path for each in erp.asked].count("/bob") == 2


def test_a_day_off_entered_later_moves_the_second_push(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel")
    deploy_report(office)
    office.wait(hours=8)  # Monday 16:00
    tell(office, "hel", kind="report", receipt=True)
    office.wait(hours=5)
    office.engine.calendar.add_exception(CalendarException("default", date(2026, 3, 3), "", "closed"), SYSTEM)
    office.wait(hours=24)
    assert len(erp.asked) == 1
    office.wait(hours=24)
    assert len(erp.asked) == 2


@pytest.mark.parametrize(("kind", "receipt"), [("report", False), ("notice", True)])
def test_what_is_no_report_with_receipt_is_pushed_once(
    sqlite_office: Office, erp: Outside, kind: str, receipt: bool
) -> None:
    push_on(sqlite_office, erp, "hel")
    deploy_report(sqlite_office)
    tell(sqlite_office, "hel", kind=kind, receipt=receipt)
    sqlite_office.wait(days=5)
    assert len(erp.asked) == 1


def test_nobody_is_pushed_to_who_has_left_or_has_no_address(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel", "bob")
    office.engine.people.deactivate("bob", SYSTEM)
    tell(office, "hel", "bob", "ann")
    office.wait(minutes=2)
    assert [each.path for each in erp.asked] == ["/hel"]


def test_who_is_excluded_before_it_leaves_is_not_told_by_a_push(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel")
    deploy_report(office, excluded="${borrower}")
    started = office.start(borrower="bob")
    office.complete("enter", "ann")
    office.engine.instances.correct(started.instance_id, {"borrower": "hel"}, "wrong", SYSTEM)
    office.wait(minutes=2)
    assert (erp.asked, states(office)) == ([], ["failed"])


def test_taking_an_address_away_drops_what_waits_for_it(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel")
    tell(office, "hel")
    (address,) = office.engine.push_addresses.list("hel", HEL)
    office.engine.push_addresses.remove(address.id, HEL)
    office.wait(minutes=2)
    assert (erp.asked, states(office), office.engine.push_addresses.list("hel", HEL)) == ([], [], ())


def test_addresses_are_ones_own_or_the_administrators(office: Office, erp: Outside) -> None:
    push_on(office, erp, "hel")
    (address,) = office.engine.push_addresses.list("hel", SYSTEM)
    for attempt in (lambda: office.engine.push_addresses.list("hel", BOB),
                    lambda: office.engine.push_addresses.add("hel", "bob@example.com", BOB)):  # fmt: skip
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(NotFound):
        office.engine.push_addresses.remove(address.id, BOB)
    with pytest.raises(Conflict):
        office.engine.push_addresses.add("hel", f"json://{erp.host}/hel", HEL)
    for number in range(4):
        office.engine.push_addresses.add("hel", f"json://{erp.host}/{number}", SYSTEM)
    with pytest.raises(Invalid, match="at most 5"):
        office.engine.push_addresses.add("hel", "hel@example.com", HEL)


def test_an_address_stops_working_when_the_administrator_takes_its_kind_or_host_away(
    sqlite_office: Office, erp: Outside
) -> None:
    push_on(sqlite_office, erp, "hel")
    tell(sqlite_office, "hel")
    push_on(sqlite_office, erp, private_networks=())
    sqlite_office.wait(minutes=1)
    (job,) = sqlite_office.engine.jobs.list(SYSTEM)
    assert (erp.asked, job.state, "private address" in job.reason) == ([], "failed", True)


def test_without_push_nothing_is_queued_and_no_statement_is_sent_for_it(office: Office, erp: Outside) -> None:
    """A completion with a notice costs one statement more when it is pushed, none when pushing is off."""
    deploy_report(office)
    counted = []
    for number, settings in enumerate((office.engine.machinery.settings, None)):
        if settings is None:
            push_on(office, erp, "hel")
        office.start(borrower=f"A{number}")
        task = next(each for each in office.tasks() if each.element_id == "enter")
        if number == 0:  # statements that are prepared once are prepared
            office.engine.tasks.complete(task.id, {}, ANN)
            office.start(borrower="again")
            task = next(each for each in office.tasks() if each.element_id == "enter")
        with office.statements() as seen:
            office.engine.tasks.complete(task.id, {}, ANN)
        counted.append(seen)
    off, on = counted
    assert [each for each in off if "push_address" in each or "INTO job" in each] == []
    assert len([each for each in on if "push_address" in each]) == 1
    assert len(on) == len(off) + 1
    assert on.count("COMMIT") == off.count("COMMIT")
    assert len(states(office)) == 1


SECRET = "693a91f6-7b2c-4bc4-97a0-0ec2aaaabbbb"


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("ann@example.com", "mail", "ann@example.com"),
        (" mailto:ann@example.com ", "mail", "ann@example.com"),
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={SECRET}", "wecombot", "WeCom …bbbb"),
        (f"wecombot://{SECRET}", "wecombot", "WeCom …bbbb"),
        ("https://oapi.dingtalk.com/robot/send?access_token=abcdef123456", "dingtalk", "DingTalk …3456"),
        ("dingtalk://SECabc@abcdef123456", "dingtalk", "DingTalk …3456"),
    ],
)
def test_addresses_are_read_as_people_have_them(text: str, kind: str, shown: str) -> None:
    settings = OutsideSettings(push_kinds=("mail", "wecombot", "dingtalk"))
    found = read_address(text, settings)
    assert (found.kind, found.shown) == (kind, shown)
    assert read_address(found.url, settings) == found
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    "text",
    ["", "ann", "file:///etc/passwd", "json://127.0.0.1/x", "jsons://10.0.0.1", "mailto://u:p@inner?smtp=10.0.0.1",
     "mailtos://u:p@example.com", "syslog://", "exec://x", "gotify://127.0.0.1/token", "https://example.com/hook",
     "a@b.cn,c@d.cn", "a@b.cn?to=c@d.cn", "wecombot://", "json://allowed.example@evil.example/x",
     "json://allowed.example:99/x", "x" * 600, "wecombot://\u4e2d", "dbus://", "xml://allowed.example"],
)  # fmt: skip
def test_no_address_makes_the_server_call_what_the_administrator_does_not_allow(text: str) -> None:
    settings = OutsideSettings(push_kinds=("mail", "wecombot", "json"), push_hosts=("allowed.example",))
    with pytest.raises(Invalid):
        read_address(text, settings)


def test_the_secret_of_an_address_is_in_no_list_no_audit_and_no_log(
    sqlite_office: Office, erp: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    push_on(sqlite_office, erp)
    with caplog.at_level(logging.DEBUG):
        sqlite_office.engine.push_addresses.add("hel", f"wecombot://{SECRET}", HEL)
        erp.answer(500)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(WeComRobot, "notify_url", f"http://{erp.host}/send?key={{key}}")
            tell(sqlite_office, "hel")
            sqlite_office.wait(minutes=2)
    assert SECRET in erp.asked[0].path
    jobs = sqlite_office.engine.jobs.list(SYSTEM)
    told = [
        str(jobs),
        caplog.text,
        str(sqlite_office.engine.push_addresses.list("hel", HEL)),
        str(sqlite_office.engine.audit.list(SYSTEM)),
        str(sqlite_office.engine.notifications.list(HEL)),
    ]
    assert not [each for each in told if SECRET in each]
    assert "error 500" in jobs[0].reason


@pytest.mark.parametrize("robot", [WeComRobot, DingTalkRobot])
def test_a_robot_that_refuses_with_status_200_has_not_taken_it(
    sqlite_office: Office, erp: Outside, robot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_on(sqlite_office, erp)
    kind = {WeComRobot: "wecombot", DingTalkRobot: "dingtalk"}[robot]
    monkeypatch.setattr(robot, "notify_url", f"http://{erp.host}/send?key={{key}}{{token}}".replace(
        "{token}" if kind == "wecombot" else "{key}", ""))  # fmt: skip
    sqlite_office.engine.push_addresses.add("hel", f"{kind}://abcdef123456", HEL)
    erp.answer(200, '{"errcode": 45009, "errmsg": "api freq out of limit"}')
    tell(sqlite_office, "hel", subject="Late")
    sqlite_office.wait(minutes=1)
    (job,) = sqlite_office.engine.jobs.list(SYSTEM)
    assert (job.state, job.reason) == ("waiting", "Refused with error 45009.")
    erp.answer(200, '{"errcode": 0, "errmsg": "ok"}')
    sqlite_office.wait(minutes=1)
    assert states(sqlite_office) == ["done"]
    content = erp.asked[-1].json["text"]["content"]
    assert "Late" in content
    assert "3 days" in content
