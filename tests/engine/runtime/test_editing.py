"""Drafts of diagrams: one a person and file, kept on both databases, forgotten when deployed or discarded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.engine import SYSTEM
from engine.errors import Forbidden, Invalid, NotFound
from engine.views import Actor
from tests.engine.definitions.diagrams import definitions, flows, node
from tests.engine.runtime.office import Office, loan, user_task

ANN, BOB = Actor("ann"), Actor("bob")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def drawn(step: str) -> bytes:
    return definitions(loan(BEGIN, user_task(step, "", "clerk"), DONE, flows(f"begin {step} done")))


@pytest.fixture
def desk(office: Office) -> Office:
    office.deploy()
    office.engine.deployments.replace({"loan.bpmn": drawn("look")}, SYSTEM, "first")
    return office


def test_without_a_draft_the_deployed_file_is_edited(desk: Office) -> None:
    edited = desk.engine.editing.open("loan.bpmn", ANN)
    assert (edited.content, edited.saved_at, edited.overtaken) == (drawn("look"), None, False)
    assert edited.deployed is not None
    assert (edited.deployed.note, edited.deployed.digest) == ("first", edited.begun)


def test_a_draft_is_one_person_s_and_the_last_one_saved(desk: Office) -> None:
    editing = desk.engine.editing
    begun = editing.open("loan.bpmn", ANN).begun
    editing.save("loan.bpmn", drawn("one"), begun, ANN)
    desk.wait(minutes=5)
    editing.save("loan.bpmn", drawn("two"), begun, ANN)
    editing.save("new.bpmn", drawn("three"), "", ANN)
    assert editing.open("loan.bpmn", ANN).content == drawn("two")
    assert editing.open("loan.bpmn", BOB).content == drawn("look")
    assert [(row.file, row.new, row.overtaken) for row in editing.drafts(ANN)] == [
        ("loan.bpmn", False, False),
        ("new.bpmn", True, False),
    ]
    assert editing.drafts(BOB) == ()


def test_a_draft_nobody_saves_again_is_forgotten_in_its_time(desk: Office) -> None:
    """Given two drafts, one of them saved again a year later, When their days are over, Then only that one is kept."""
    editing, days = desk.engine.editing, desk.engine.machinery.settings.draft_days
    for name in ("old.bpmn", "fresh.bpmn"):
        editing.save(name, drawn("mine"), "", ANN)
    desk.wait(days=days - 1)
    assert editing.expire() == 0
    editing.save("fresh.bpmn", drawn("mine"), "", ANN)
    desk.wait(days=2)
    desk.engine.keep()
    (left,) = editing.drafts(ANN)
    assert left.file == "fresh.bpmn"
    assert left.until == left.saved_at + timedelta(days=days)


def test_a_newer_deployment_is_seen_and_no_other_file_s(desk: Office) -> None:
    editing, deployments = desk.engine.editing, desk.engine.deployments
    begun = editing.open("loan.bpmn", ANN).begun
    editing.save("loan.bpmn", drawn("mine"), begun, ANN)
    deployments.replace({"settings.yaml": b"settings: []\n"}, SYSTEM)
    assert not editing.open("loan.bpmn", ANN).overtaken
    deployments.replace({"loan.bpmn": drawn("yours")}, SYSTEM, "faster")
    edited = editing.open("loan.bpmn", ANN)
    assert edited.overtaken
    assert edited.deployed is not None
    assert edited.deployed.note == "faster"
    assert [row.overtaken for row in editing.drafts(ANN)] == [True]


def test_a_draft_is_over_when_it_is_discarded_or_deployed(desk: Office) -> None:
    editing = desk.engine.editing
    begun = editing.open("loan.bpmn", SYSTEM).begun
    editing.save("loan.bpmn", drawn("one"), begun, SYSTEM)
    editing.discard("loan.bpmn", SYSTEM)
    with pytest.raises(NotFound):
        editing.discard("loan.bpmn", SYSTEM)
    editing.save("loan.bpmn", drawn("two"), begun, SYSTEM)
    done = editing.deploy("loan.bpmn", drawn("two"), begun, "why", SYSTEM)
    assert [change.id for change in done.changes] == ["loan"]
    assert editing.drafts(SYSTEM) == ()


def test_who_lacks_the_right_keeps_the_draft(desk: Office) -> None:
    editing = desk.engine.editing
    begun = editing.open("loan.bpmn", ANN).begun
    editing.save("loan.bpmn", drawn("one"), begun, ANN)
    with pytest.raises(Forbidden):
        editing.deploy("loan.bpmn", drawn("one"), begun, "", ANN)
    assert len(editing.drafts(ANN)) == 1


def test_only_names_of_diagrams_and_tables_are_taken(sqlite_office: Office) -> None:
    sqlite_office.deploy()
    editing = sqlite_office.engine.editing
    for name in ("", "x", "x.yaml", "/x.bpmn", "../x.bpmn", "a/../x.bpmn", "x.bpmn/", "a\\x.bpmn"):
        with pytest.raises(Invalid):
            editing.save(name, drawn("one"), "", ANN)
        with pytest.raises(Invalid):
            editing.check(name, drawn("one"))
