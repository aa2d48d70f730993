"""A task that no active person can do is an incident at once, and none any more when somebody can again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.engine import SYSTEM
from engine.views import Actor
from tests.engine.definitions.diagrams import flows, node
from tests.engine.runtime.office import Office, field, loan, user_task

BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def stuck(office: Office) -> list[tuple[str, str]]:
    """Element and code of the open incidents."""
    return [(each.element_id, each.code) for each in office.engine.incidents.list(SYSTEM)]


def test_the_last_member_of_a_group_leaves_and_comes_back(office: Office) -> None:
    office.deploy(loan(BEGIN, user_task("check", "", "clerk"), DONE, flows("begin check done")))
    started = office.start()
    office.engine.people.deactivate("ann", SYSTEM)
    assert stuck(office) == []
    office.engine.people.deactivate("bob", SYSTEM)
    assert stuck(office) == [("check", "nobody")]
    assert "incident" in office.kinds(started.instance_id)
    office.engine.people.activate("ann", SYSTEM)
    assert stuck(office) == []
    assert office.names("ann") == ["check"]


def test_the_last_member_of_a_group_is_taken_out_and_another_put_in(office: Office) -> None:
    office.deploy(loan(BEGIN, user_task("check", "", "clerk"), DONE, flows("begin check done")))
    office.start()
    office.engine.people.set_groups("ann", [], SYSTEM)
    office.engine.people.set_groups("bob", [], SYSTEM)
    assert stuck(office) == [("check", "nobody")]
    office.engine.people.set_groups("out", ["clerk"], SYSTEM)
    assert stuck(office) == []


def test_an_assignee_leaves_and_his_task_is_given_away(office: Office) -> None:
    office.start()
    office.engine.people.deactivate("ann", SYSTEM)
    assert stuck(office) == [("enter", "nobody")]
    office.engine.tasks.reassign(office.task("enter").id, "bob", Actor("hel"))
    assert stuck(office) == []
    office.complete("enter", "bob")


def test_who_is_hired_takes_up_what_waited_for_him(office: Office) -> None:
    office.deploy(loan(BEGIN, user_task("check", "", "empty"), DONE, flows("begin check done")))
    office.start()
    assert stuck(office) == [("check", "nobody")]
    office.engine.people.create("new", "New", "", ["empty"], SYSTEM)
    assert stuck(office) == []


def test_a_claimed_task_given_back_to_nobody_is_stuck(office: Office) -> None:
    office.deploy(loan(BEGIN, user_task("check", "", "clerk"), DONE, flows("begin check done")))
    office.start()
    office.engine.tasks.reassign(office.task("check").id, "out", Actor("hel"))
    for who in ("ann", "bob"):
        office.engine.people.deactivate(who, SYSTEM)
    assert stuck(office) == []
    office.engine.tasks.unclaim(office.task("check").id, Actor("out"))
    assert stuck(office) == [("check", "nobody")]


def test_the_end_of_a_substitution_leaves_no_task_without_a_person(office: Office) -> None:
    office.start()
    now = office.clock.now()
    made = office.engine.people.add_substitution("ann", "cy", now, now + timedelta(days=9), SYSTEM)
    office.engine.people.end_substitution(made.id, SYSTEM)
    assert stuck(office) == []
    office.engine.people.add_substitution("ann", "cy", now, now + timedelta(days=9), SYSTEM)
    office.engine.people.deactivate("ann", SYSTEM)  # ends what she has handed over, too
    assert office.names("cy") == []
    assert stuck(office) == [("enter", "nobody")]


def test_who_is_excluded_cannot_do_a_task_and_counts_for_nobody(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", "", field("borrower")), user_task("check", "", "head"), DONE,
             flows("begin enter check done"), excluded="${borrower}")
    )  # fmt: skip
    office.start()
    office.complete("enter", "ann", {"borrower": "hel"})
    assert stuck(office) == [("check", "nobody")]
    assert office.names("hel") == []


def test_an_open_task_whose_holder_is_excluded_meanwhile_is_stuck(office: Office) -> None:
    office.deploy(
        loan(BEGIN, node("parallelGateway", "fork"), user_task("enter", "ann", "", field("borrower")),
             user_task("check", "bob"), node("parallelGateway", "join"), DONE,
             flows("begin fork enter join done", "fork check join"), excluded="${borrower}")
    )  # fmt: skip
    started = office.start()
    office.complete("enter", "ann", {"borrower": "bob"})
    assert stuck(office) == [("check", "nobody")]
    office.engine.instances.correct(started.instance_id, {"borrower": "out"}, "mistaken", Actor("hel"))
    assert stuck(office) == []


def test_what_a_crash_left_to_look_at_is_looked_at_by_the_next_tick(office: Office) -> None:
    office.start()

    class Crashed(Exception):
        pass

    def crash(point: str) -> None:
        if point == "after-commit":
            raise Crashed

    office.engine.machinery.fault = crash
    with pytest.raises(Crashed):
        office.engine.people.deactivate("ann", SYSTEM)
    office.engine.machinery.fault = lambda _: None
    assert stuck(office) == []
    office.engine.tick()
    assert stuck(office) == [("enter", "nobody")]


def test_who_left_had_handed_over_for_good(office: Office) -> None:
    office.start()
    office.engine.people.add_substitution("ann", "cy", None, None, Actor("ann"))
    office.engine.people.deactivate("ann", SYSTEM)
    assert stuck(office) == []
    assert office.names("cy") == ["enter"]
    standing = office.engine.people.substitutions(SYSTEM)
    office.engine.people.end_substitution(standing[0].id, SYSTEM)
    office.engine.tick()
    assert stuck(office) == [("enter", "nobody")]


def test_a_cover_that_ends_does_not_replace_who_left(office: Office) -> None:
    office.start()
    until = office.clock.now() + timedelta(days=3)
    office.engine.people.add_substitution("ann", "cy", None, until, Actor("ann"))
    office.engine.people.deactivate("ann", SYSTEM)
    assert stuck(office) == [("enter", "nobody")]
