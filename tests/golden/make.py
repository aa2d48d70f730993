"""Writes the golden of a release: a small database in which something stands at every kind of wait.

Run by the release itself, from a checkout of it (see README.md). It stays as it was when its golden was made.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import sys
import tarfile
import tempfile
from datetime import date, timedelta
from pathlib import Path

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.settings import Settings
from engine.views import Actor, CalendarException, ReferenceItem
from tests.engine.core.test_compensation import throw, undoable
from tests.engine.core.test_events import boundary, sub
from tests.engine.core.test_loops import many
from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties, timer
from tests.engine.runtime.office import MONDAY, PEOPLE, Office, field, form, loan, user_task

KEY = b"the key of the golden"
ANN, BOB, HEL = (Actor(each) for each in ("ann", "bob", "hel"))
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
NAMES = '<bpmn:message id="m_go" name="go"/><bpmn:message id="m_late" name="late"/><bpmn:signal id="s_all" name="all"/>'
GO, ALL = event("message", more='messageRef="m_go"'), event("signal", more='signalRef="s_all"')
CALENDAR = """
default: office
calendars:
  office:
    zh: 办公日历
    en: Office
    zone: Asia/Shanghai
    week:
      mon: ["08:00-12:00", "13:30-17:30"]
      tue: ["08:00-12:00", "13:30-17:30"]
      wed: ["08:00-12:00", "13:30-17:30"]
      thu: ["08:00-12:00", "13:30-17:30"]
      fri: ["08:00-12:00", "13:30-17:30"]
      sat: []
      sun: []
"""
ROOMS = """
id: room
zh: 房间
en: Rooms
key: {zh: 编号, en: Code}
label: name
columns:
  - {name: name, type: text, zh: 名称, en: Name, required: true}
editors: [head]
items:
  - {key: R1, name: 会议室}
"""
LAST = user_task("last", "ann")


def waiting(id: str, *parts: str, path: str = "", **given: str) -> str:
    """A loan process whose instances come to `wait` at once, and to `last` after it."""
    return loan(BEGIN, *parts, LAST, DONE, flows(path or "begin wait last done"), id=id, **given)


PROCESSES = (
    waiting("offered", user_task("wait", "", "clerk", field("borrower"), field("amount", "number"),
            field("proof", "file"))),
    waiting("claimed", user_task("wait", "", "clerk", field("borrower"))),
    waiting("timed", node("intermediateCatchEvent", "wait", timer("PT4H"))),
    waiting("worktimed", node("intermediateCatchEvent", "wait", timer("${work_hours(12)}", "timeDate"))),
    waiting("told", node("intermediateCatchEvent", "wait", GO)),
    waiting("alarmed", node("intermediateCatchEvent", "wait", ALL)),
    waiting("outside", node("serviceTask", "wait", "", 'camunda:type="external" camunda:topic="printer"'
            ' camunda:resultVariable="page"')),
    waiting("stuck", node("scriptTask", "wait", "<bpmn:script>missing + 1</bpmn:script>",
            'scriptFormat="feel" camunda:resultVariable="sum"')),
    waiting("nobody", user_task("wait", "", "empty")),
    waiting("held", user_task("wait", "bob", "", more='camunda:dueDate="${work_hours(4)}"'),
            boundary("tick", "wait", timer("R/PT6H", "timeCycle"), interrupting=False), user_task("ticked", "hel"),
            path="begin wait last done").replace("</bpmn:process>", flows("tick ticked") + "</bpmn:process>"),
    waiting("several", node("userTask", "wait", extensions(form(field("answer")), properties(
            outputCollection="answers", outputElement="answer")) + many(), 'camunda:assignee="${item}"')),
    waiting("in_turn", node("userTask", "wait", many(sequential=True), 'camunda:assignee="${item}"')),
    waiting("nested", sub("wait", node("startEvent", "s2"), undoable("inner", "undo_inner").replace(
            'id="inner" name="inner"', 'id="inner" name="inner" camunda:assignee="ann"').replace(
            'id="undo_inner" name="undo_inner"', 'id="undo_inner" name="undo_inner" camunda:assignee="ann"'),
            user_task("second", "ann"), throw(name="undo"), flows("s2 inner second undo")),
            boundary("escape", "wait", timer("P30D")), path="begin wait last done").replace(
            "</bpmn:process>", flows("escape done") + "</bpmn:process>"),
    waiting("calling", node("callActivity", "wait", extensions('<camunda:in source="n" target="m" />'),
            'calledElement="called"')),
    process(node("startEvent", "cs"), user_task("in_called", "bob"), flows("cs in_called"), id="called"),
    waiting("either", node("eventBasedGateway", "wait"), node("intermediateCatchEvent", "by_message", GO),
            node("intermediateCatchEvent", "by_time", timer("P2D")),
            path="begin wait by_message last done").replace(
            "</bpmn:process>", flows("wait by_time last") + "</bpmn:process>"),
    waiting("joining", node("parallelGateway", "fork"), user_task("left", "ann"), user_task("right", "bob"),
            node("parallelGateway", "wait"), path="begin fork left wait last done").replace(
            "</bpmn:process>", flows("fork right wait") + "</bpmn:process>"),
    loan(BEGIN, LAST, node("exclusiveGateway", "way", more='default="way_done"'), node("intermediateCatchEvent",
         "later", event("message", more='messageRef="m_late"')), DONE,
         flows("begin last way done", "way later: ${again}", "later done"), id="keeping"),
)  # fmt: skip


def fill(office: Office) -> None:
    """Two deployments, people, lists, one instance at each wait, finished ones, and what people add to them."""
    engine, clock = office.engine, office.clock
    more = {"calendar.yaml": CALENDAR.encode(), "reference/room.yaml": ROOMS.encode()}
    office.deploy(NAMES, loan(BEGIN, user_task("wait", "ann", "", field("borrower")), LAST, DONE,
                              flows("begin wait last done"), id="old"), **more)  # fmt: skip
    for user_id, groups in PEOPLE.items():
        engine.people.create(user_id, user_id.title(), "", groups, SYSTEM)
    engine.people.set_password("ann", "a long enough secret", SYSTEM)
    office.start(process="old")
    office.deploy(NAMES, *PROCESSES, **more)
    clock.move_to(MONDAY + timedelta(minutes=10))
    keys = {}
    for drawn in ("offered", "claimed", "timed", "worktimed", "told", "alarmed", "outside", "stuck", "nobody", "held",
                  "several", "in_turn", "nested", "calling", "either", "joining", "keeping"):  # fmt: skip
        made = begin(engine, drawn)
        keys[drawn] = made
        clock.move_to(clock.now() + timedelta(minutes=1))
    act(office, keys)
    clock.move_to(MONDAY + timedelta(hours=3))
    engine.tick()
    engine.history.seal()


def begin(engine: Engine, drawn: str) -> tuple[int, str]:
    """One more instance, with the items that loops go over."""
    made = engine.instances.start(drawn, {}, ANN)
    return made.instance_id, made.business_key


def act(office: Office, keys: dict[str, tuple[int, str]]) -> None:
    """Bring each instance to the place it is named for, and let people add to them."""
    engine = office.engine
    for drawn in ("several", "in_turn"):  # without items they were over at once: put them back with some
        engine.instances.correct(keys[drawn][0], {"items": ["ann", "bob", "hel"]}, "the items", HEL)
        engine.instances.modify(keys[drawn][0], ["last"], ["wait"], "with items", HEL)
    at = {(task.instance_id, task.element_id): task.id for task in office.tasks()}
    engine.tasks.claim(at[keys["claimed"][0], "wait"], BOB)
    engine.tasks.save_draft(at[keys["claimed"][0], "wait"], {"borrower": "草稿"}, BOB)
    engine.tasks.complete(at[keys["several"][0], "wait"], {"answer": "first"}, HEL)
    engine.tasks.complete(at[keys["nested"][0], "inner"], {}, ANN)
    engine.tasks.complete(at[keys["joining"][0], "left"], {}, ANN)
    engine.messages.correlate("late", keys["keeping"][1], "", {}, SYSTEM)
    engine.instances.hold(keys["held"][0], "waiting for the bank", MONDAY + timedelta(days=3), HEL)
    finish(office)
    engine.files.attach(io.BytesIO(b"a scan " * 100), "scan.txt", ANN, keys["told"][1])
    engine.files.upload(io.BytesIO(b"not submitted yet"), "draft.txt", BOB, at[keys["claimed"][0], "wait"])
    engine.comments.add(keys["told"][1], "Call them, 请先打电话", ANN)
    engine.comments.add(at[keys["claimed"][0], "wait"], "Mine", BOB)
    engine.notifications.send(["group:clerk", "hel"], "Stocktaking", "on Friday", "report", True, HEL)
    read = engine.notifications.list(ANN)[0]
    engine.notifications.mark_read(read.id, ANN)
    engine.people.add_substitution("ann", "bob", None, MONDAY + timedelta(days=14), ANN)
    engine.references.put(ReferenceItem("room", "R2", "", {"name": "库房"}, True), HEL)
    engine.calendar.add_exception(CalendarException("office", date(2026, 3, 6), "", "the founder's day"), SYSTEM)


def finish(office: Office) -> None:
    """One that came to its end with a file and one that was cancelled."""
    engine = office.engine
    done, gone = begin(engine, "offered"), begin(engine, "offered")
    file = engine.files.upload(io.BytesIO(b"the proof of payment"), "proof.pdf", BOB)
    task = next(task.id for task in office.tasks() if task.instance_id == done[0])
    engine.tasks.complete(task, {"borrower": "Li Na 李娜", "amount": 12.5, "proof": file.value()}, BOB)
    last = next(task.id for task in office.tasks() if task.instance_id == done[0])
    engine.tasks.complete(last, {}, ANN)
    engine.instances.cancel(gone[0], "entered twice", HEL)


def main(target: Path) -> None:
    """Write the archive."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        settings = Settings(f"sqlite:///{directory / 'gendan.sqlite3'}", directory / "attachments", KEY)
        clock = MovedClock(MONDAY)
        engine = Engine.open(settings, clock)
        engine.migrate()
        fill(Office(engine, clock, settings))
        assert engine.history.verify().findings == ()
        engine.close()
        with sqlite3.connect(directory / "gendan.sqlite3") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("VACUUM")
        with gzip.open(target, "wb", 9) as out_file, tarfile.open(fileobj=out_file, mode="w") as archive:
            for path in sorted(directory.rglob("*")):
                if path.is_file():
                    archive.add(path, path.relative_to(directory).as_posix())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
