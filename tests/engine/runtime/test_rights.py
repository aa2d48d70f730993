"""Who sees and may what: outsiders, readers, excluded persons, deputies; computed when read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.engine import SYSTEM
from engine.errors import Forbidden, NotFound
from engine.views import Actor, RecordFilter
from tests.engine.definitions.diagrams import flows, node
from tests.engine.runtime.office import Office, field, loan, user_task

ANN, BOB, CY, HEL, OUT = (Actor(each) for each in ("ann", "bob", "cy", "hel", "out"))
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def stand_in(office: Office, principal: str, deputy: str, scope_kind: str = "all", scope_key: str = "") -> None:
    now = office.clock.now()
    office.engine.people.add_substitution(
        principal=principal, deputy=deputy, starts=now, ends=now + timedelta(days=3), scope_kind=scope_kind,
        scope_key=scope_key, actor=SYSTEM,
    )  # fmt: skip


def seen(office: Office, who: Actor, key: str) -> bool:
    """Whether a person sees a record, asked in every way."""
    listed = key in [row.business_key for row in office.engine.records.list(who, RecordFilter(text=key))[0]]
    try:
        office.engine.records.get(key, who)
        office.engine.records.timeline(key, who)
        got = True
    except NotFound:
        got = False
    assert listed == got == bool(office.engine.records.counts(who))
    return got


def test_a_record_is_seen_by_owner_participants_readers_and_who_sees_all(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), user_task("check", "bob"), user_task("file", "cy"), DONE,
             flows("begin enter check file done"), readers="user:out")
    )  # fmt: skip
    key = office.start().business_key
    assert [seen(office, who, key) for who in (ANN, BOB, CY, HEL, OUT)] == [True, False, False, True, True]
    office.complete("enter", "ann")
    assert seen(office, BOB, key)
    office.complete("check", "bob")
    assert seen(office, BOB, key)
    assert seen(office, CY, key)


def test_who_is_excluded_sees_nothing_whatever_else_he_may(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", "", field("borrower")), user_task("check", "bob"), DONE,
             flows("begin enter check done"), excluded="${borrower}")
    )  # fmt: skip
    key = office.start().business_key
    assert seen(office, HEL, key)
    office.complete("enter", "ann", {"borrower": "hel"})
    assert not seen(office, HEL, key)


def test_a_deputy_does_the_tasks_of_his_principal_while_he_is_away(office: Office) -> None:
    started = office.start()
    assert office.names("cy") == []
    stand_in(office, "ann", "cy")
    row = office.tasks("cy")[0]
    assert (row.element_id, row.on_behalf_of) == ("enter", "ann")
    office.complete("enter", "cy")
    done = next(r for r in office.engine.history.rows(started.instance_id) if r.kind == "task-completed")
    assert (done.actor, done.on_behalf_of) == ("cy", "ann")


def test_a_substitution_is_over_when_it_ends(office: Office) -> None:
    office.start()
    stand_in(office, "ann", "cy")
    office.wait(days=3)
    assert office.names("cy") == []


def test_a_substitution_is_not_handed_on(office: Office) -> None:
    office.start()
    stand_in(office, "ann", "bob")
    stand_in(office, "bob", "cy")
    assert office.names("cy") == []


def test_a_substitution_for_one_record_or_group_reaches_no_further(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), user_task("check", "", "clerk"), DONE, flows("begin enter check done"))
    )
    first, second = office.start(), office.start()
    stand_in(office, "ann", "cy", "record", first.business_key)
    assert [row.business_key for row in office.tasks("cy")] == [first.business_key]
    stand_in(office, "bob", "out", "group", "clerk")
    assert office.names("out") == []
    office.engine.tasks.complete(office.tasks("cy")[0].id, {}, CY)
    assert office.names("out") == ["check"]
    assert second.business_key != first.business_key


def test_confidential_processes_are_not_inherited(office: Office) -> None:
    office.deploy(loan(BEGIN, user_task("enter", "ann"), DONE, flows("begin enter done"), confidential="true"))
    key = office.start().business_key
    stand_in(office, "ann", "cy")
    assert office.names("cy") == []
    assert not seen(office, CY, key)


def test_four_eyes_look_at_person_and_principal_on_both_sides(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), user_task("check", "", "clerk, head", fourEyes="enter"), DONE,
             flows("begin enter check done"))
    )  # fmt: skip
    office.start()
    stand_in(office, "ann", "cy")
    stand_in(office, "ann", "bob")
    office.complete("enter", "cy")
    for who in ("ann", "cy"):
        with pytest.raises(Forbidden):
            office.complete("check", who)
    office.complete("check", "bob")  # himself a clerk, not for ann


def test_the_rights_of_the_absent_are_used_on_his_behalf(office: Office) -> None:
    started = office.start()
    stand_in(office, "hel", "cy")
    office.engine.instances.hold(started.instance_id, "why", None, CY)
    held = next(r for r in office.engine.history.rows(started.instance_id) if r.kind == "held")
    assert (held.actor, held.on_behalf_of) == ("cy", "hel")


def test_who_may_start_stands_in_the_diagram(office: Office) -> None:
    assert [each.process_id for each in office.engine.instances.startable(ANN)] == ["loan"]
    assert office.engine.instances.startable(OUT) == ()
    with pytest.raises(Forbidden) as refused:
        office.start("out")
    assert refused.value.fields["right"] == "start"


def test_lists_ask_as_often_for_one_row_as_for_many(office: Office) -> None:
    def asked() -> list[int]:
        counts = []
        for ask in (
            lambda: office.engine.tasks.inbox(ANN),
            lambda: office.engine.records.list(ANN),
            lambda: office.engine.incidents.list(HEL),
        ):
            with office.statements() as sent:
                ask()
            counts.append(len(sent))
        return counts

    office.start()
    office.engine.tasks.inbox(ANN)
    one = asked()
    for _ in range(20):
        office.start()
    assert asked() == one


def test_pages_of_the_inbox_join_without_gap_or_overlap(office: Office) -> None:
    from engine.views import InboxFilter

    for _ in range(7):
        office.start()
    found, after = [], ""
    while True:
        page = office.engine.tasks.inbox(ANN, InboxFilter(limit=3, after=after))
        found += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert len(found) == len(set(found)) == 7
    assert (page.mine, page.groups) == (7, 0)
