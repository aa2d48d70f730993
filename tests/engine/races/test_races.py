"""Two who want the same at the same moment: one of them has it, the other is told, and nothing happens twice.

Each round is two threads over two engines, as two processes would be, on a real database.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.engine import SYSTEM, Engine
from engine.errors import Conflict, Forbidden, GendanError, NotFound
from engine.views import Actor, Completed
from tests.engine.definitions.diagrams import definitions, event, extensions, flows, node, properties, timer
from tests.engine.runtime.office import GROUPS, RECORDS, Office, field, loan, office_at, user_task

ANN, BOB, CY, HEL = (Actor(each) for each in ("ann", "bob", "cy", "hel"))
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
MESSAGE = '<bpmn:message id="m_go" name="go"/>'
Said = object | GendanError
"""What came of one side: its answer, or what it was told."""
rounds_of = pytest.mark.parametrize(
    "rounds", [pytest.param(30, id="short"), pytest.param(1000, id="long", marks=pytest.mark.soak)]
)


class Pair:
    """The office with a second engine on the same database."""

    def __init__(self, office: Office, other: Engine) -> None:
        self.office = office
        self.left = office.engine
        self.right = other

    def race(self, left: Callable[[Engine], object], right: Callable[[Engine], object]) -> tuple[Said, Said]:
        """Let both begin at once. Anything but an answer or a refusal fails the test."""
        barrier, said = threading.Barrier(2), dict[int, Said]()
        faults: list[BaseException] = []

        def run(side: int, engine: Engine, act: Callable[[Engine], object]) -> None:
            barrier.wait()
            try:
                said[side] = act(engine)
            except GendanError as refused:
                said[side] = refused
            except BaseException as fault:
                faults.append(fault)

        sides = [(0, self.left, left), (1, self.right, right)]
        threads = [threading.Thread(target=run, args=side) for side in sides]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        return said[0], said[1]

    def kinds(self, instance_id: int) -> Counter[str]:
        return Counter(self.office.kinds(instance_id))


@pytest.fixture
def pair(database_url: str, tmp_path: Path) -> Iterator[Pair]:
    with office_at(database_url, tmp_path) as office:
        other = Engine.open(office.settings, office.clock)
        yield Pair(office, other)
        assert office.engine.history.verify().findings == ()
        other.close()


def refused(said: tuple[Said, Said]) -> list[GendanError]:
    return [each for each in said if isinstance(each, GendanError)]


@rounds_of
def test_complete_and_complete(pair: Pair, rounds: int) -> None:
    pair.office.deploy(loan(BEGIN, user_task("check", "", "clerk"), DONE, flows("begin check done")))
    won: Counter[str] = Counter()
    for _ in range(rounds):
        started = pair.office.start()
        task = pair.office.task("check").id
        said = pair.race(lambda e: e.tasks.complete(task, {}, ANN), lambda e: e.tasks.complete(task, {}, BOB))  # noqa: B023
        (told,) = refused(said)
        assert isinstance(told, Conflict)
        assert isinstance(told.fields["when"], datetime)
        winner = "ann" if isinstance(said[0], Completed) else "bob"
        assert told.fields["actor"] == winner
        assert pair.kinds(started.instance_id)["task-completed"] == 1
        won[winner] += 1
    assert sum(won.values()) == rounds


@rounds_of
def test_claim_and_claim(pair: Pair, rounds: int) -> None:
    pair.office.deploy(loan(BEGIN, user_task("check", "", "clerk"), DONE, flows("begin check done")))
    for _ in range(rounds):
        started = pair.office.start()
        task = pair.office.task("check").id
        said = pair.race(lambda e: e.tasks.claim(task, ANN), lambda e: e.tasks.claim(task, BOB))  # noqa: B023
        (told,) = refused(said)
        winner = "ann" if said[0] is None else "bob"
        assert isinstance(told, Conflict)
        assert told.fields["actor"] == winner
        assert isinstance(told.fields["when"], datetime)
        assert pair.office.task("check").assignee == winner
        assert pair.kinds(started.instance_id)["claimed"] == 1
        pair.left.tasks.complete(task, {}, Actor(winner))


@rounds_of
def test_complete_and_timer(pair: Pair, rounds: int) -> None:
    late = '<bpmn:boundaryEvent id="late" name="late" attachedToRef="enter">' + timer("PT1H") + "</bpmn:boundaryEvent>"
    pair.office.deploy(
        loan(BEGIN, user_task("enter", "ann"), late, DONE, node("endEvent", "over"),
             flows("begin enter done", "late over"))
    )  # fmt: skip
    for _ in range(rounds):
        started = pair.office.start()
        task = pair.office.task("enter").id
        pair.office.clock.move_to(pair.office.clock.now() + timedelta(hours=1))
        said = pair.race(lambda e: e.tasks.complete(task, {}, ANN), lambda e: e.timers.fire_due())  # noqa: B023
        completed = isinstance(said[0], Completed)
        end = pair.left.instances.get(started.instance_id, SYSTEM).end
        assert end == ("done" if completed else "over")
        assert said[1] == (0 if completed else 1)
        if not completed:
            assert isinstance(said[0], Conflict)
            assert isinstance(said[0].fields["when"], datetime)
        assert pair.kinds(started.instance_id)["ended"] == 1
        assert pair.left.timers.next_due() is None


@rounds_of
def test_complete_and_cancel(pair: Pair, rounds: int) -> None:
    for _ in range(rounds):
        started = pair.office.start()
        task = pair.office.task("enter").id
        said = pair.race(
            lambda e: e.tasks.complete(task, {}, ANN),  # noqa: B023
            lambda e: e.instances.cancel(started.instance_id, "why", HEL),  # noqa: B023
        )
        (told,) = refused(said)
        assert isinstance(told, Conflict | NotFound)
        state = pair.left.instances.get(started.instance_id, SYSTEM).state
        assert state == ("completed" if isinstance(said[0], Completed) else "cancelled")
        assert pair.kinds(started.instance_id)["ended"] == 1
        assert pair.office.names() == []


@rounds_of
def test_message_and_timer(pair: Pair, rounds: int) -> None:
    heard = extensions(properties(senders="clerk")) + event("message", more='messageRef="m_go"')
    pair.office.deploy(
        MESSAGE,
        loan(BEGIN, node("eventBasedGateway", "first"), node("intermediateCatchEvent", "heard", heard),
             node("intermediateCatchEvent", "late", timer("PT1H")), DONE, node("endEvent", "over"),
             flows("begin first heard done", "first late over")),
    )  # fmt: skip
    for _ in range(rounds):
        started = pair.office.start()
        pair.office.clock.move_to(pair.office.clock.now() + timedelta(hours=1))
        said = pair.race(
            lambda e: e.messages.correlate("go", started.business_key, "", {}, ANN),  # noqa: B023
            lambda e: e.timers.fire_due(),
        )
        end = pair.left.instances.get(started.instance_id, SYSTEM).end
        delivered = not refused(said)
        assert end == ("done" if delivered else "over")
        assert said[1] == (0 if delivered else 1)
        assert delivered or isinstance(said[0], Conflict | NotFound)
        assert pair.kinds(started.instance_id)["ended"] == 1


@rounds_of
def test_deploy_and_start(pair: Pair, rounds: int) -> None:
    def files(number: int) -> dict[str, bytes]:
        drawn = loan(BEGIN, user_task(f"enter_{number}", "ann"), DONE, flows(f"begin enter_{number} done"))
        return {"file0.bpmn": definitions(drawn), "groups.yaml": GROUPS.encode(), "records.yaml": RECORDS.encode()}

    pair.left.deployments.deploy(files(0), SYSTEM)
    for number in range(1, rounds + 1):
        said = pair.race(
            lambda e: e.deployments.deploy(files(number), SYSTEM),  # noqa: B023
            lambda e: e.instances.start("loan", {}, ANN),
        )
        assert refused(said) == []
        (task,) = pair.office.tasks("ann")
        assert task.element_id in {f"enter_{number - 1}", f"enter_{number}"}
        pair.left.tasks.complete(task.id, {}, ANN)


@rounds_of
def test_a_substitution_ends_while_the_deputy_completes(pair: Pair, rounds: int) -> None:
    pair.office.deploy(loan(BEGIN, user_task("enter", "ann", "", field("x")), DONE, flows("begin enter done")))
    people = pair.left.people
    for _ in range(rounds):
        started = pair.office.start()
        task = pair.office.task("enter").id
        standing = people.add_substitution("ann", "cy", pair.office.clock.now(), None, SYSTEM)
        said = pair.race(
            lambda e: e.tasks.complete(task, {}, CY),  # noqa: B023
            lambda e: e.people.end_substitution(standing.id, ANN),  # noqa: B023
        )
        assert said[1] is None
        completed = isinstance(said[0], Completed)
        assert pair.kinds(started.instance_id)["task-completed"] == completed
        if not completed:
            assert isinstance(said[0], NotFound | Forbidden)
            assert pair.office.names("cy") == []
            pair.left.tasks.complete(task, {}, ANN)
        done = [row for row in pair.left.history.rows(started.instance_id) if row.kind == "task-completed"]
        assert [(row.actor, row.on_behalf_of) for row in done] == [("cy", "ann") if completed else ("ann", "")]
        pair.office.clock.move_to(pair.office.clock.now() + timedelta(minutes=1))


def _read_by(text: str, id: str) -> bytes:
    return definitions(loan(BEGIN, user_task(text, "", "clerk"), DONE, flows(f"begin {text} done"), id=id))


def test_deploy_and_deploy_of_two_files(pair: Pair) -> None:
    """Neither is written back over by the set that the other one read."""
    pair.office.deploy()
    pair.left.deployments.replace({"one.bpmn": _read_by("one0", "one"), "two.bpmn": _read_by("two0", "two")}, SYSTEM)
    for at in range(1, 7):
        one, two = _read_by(f"one{at}", "one"), _read_by(f"two{at}", "two")
        said = pair.race(
            lambda e: e.deployments.replace({"one.bpmn": one}, SYSTEM),  # noqa: B023
            lambda e: e.deployments.replace({"two.bpmn": two}, SYSTEM),  # noqa: B023
        )
        assert refused(said) == []
        files = pair.left.deployments.files()
        assert (files["one.bpmn"], files["two.bpmn"]) == (one, two)


def test_two_edits_of_one_file(pair: Pair) -> None:
    """One is deployed, the other is told by whom."""
    pair.office.deploy()
    pair.left.deployments.replace({"one.bpmn": _read_by("first", "one")}, SYSTEM)
    for at in range(6):
        open_ = pair.left.editing.open("one.bpmn", SYSTEM)
        mine, yours = _read_by(f"mine{at}", "one"), _read_by(f"yours{at}", "one")
        said = pair.race(
            lambda e: e.editing.deploy("one.bpmn", mine, open_.begun, "", SYSTEM),  # noqa: B023
            lambda e: e.editing.deploy("one.bpmn", yours, open_.begun, "", SYSTEM),  # noqa: B023
        )
        (told,) = refused(said)
        assert isinstance(told, Conflict)
        assert isinstance(told.fields["at"], datetime)
        assert pair.left.deployments.files()["one.bpmn"] == (yours if told is said[0] else mine)
