"""Starting and completing: rows, rights, conflicts, repeated submissions, statements."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from engine.engine import SYSTEM
from engine.errors import Conflict, Forbidden, FormInvalid, NotFound
from engine.views import Actor
from tests.engine.definitions.diagrams import flows, node
from tests.engine.runtime.office import Office, field, loan, user_task

ANN, BOB, OUT = Actor("ann"), Actor("bob"), Actor("out")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def two_steps(office: Office) -> None:
    office.deploy(
        loan(
            BEGIN,
            user_task("enter", "ann", "", field("borrower"), field("amount", "number")),
            user_task("check", "", "clerk", field("good", "boolean")),
            DONE,
            flows("begin enter check done"),
            title="${'Loan of ' + borrower}",
        )
    )


def test_an_instance_goes_from_start_to_end(office: Office) -> None:
    two_steps(office)
    started = office.start()
    assert started.business_key == "LN26-0001"
    assert office.names("ann") == ["enter"]
    done = office.complete("enter", "ann", {"borrower": "Zed", "amount": "12.50"})
    assert [(row.element_id, row.candidate_groups) for row in done.next] == [("check", ("clerk",))]
    assert office.names("bob") == ["check"]
    assert office.complete("check", "bob", {"good": True}).state == "completed"
    record = office.engine.records.get(started.business_key, ANN)
    assert record.title == "Loan of Zed"
    assert {each.name: str(each.value) for each in record.fields} == {"borrower": "Zed", "amount": "12.50"}
    assert record.instances[0].end == "done"
    assert office.engine.history.verify().findings == ()


def test_what_was_submitted_and_by_whom_stands_in_history(office: Office) -> None:
    two_steps(office)
    started = office.start()
    office.complete("enter", "ann", {"borrower": "Zed", "amount": 5})
    row = next(row for row in office.engine.history.rows(started.instance_id) if row.kind == "task-completed")
    assert (row.element_id, row.actor) == ("enter", "ann")
    assert row.data["values"] == {"borrower": "Zed", "amount": 5}
    assert row.data["took"] == ["enter_check"]


def test_an_outsider_does_not_learn_that_a_task_exists(office: Office) -> None:
    started = office.start()
    task = office.task("enter")
    for act in (
        lambda: office.engine.tasks.get(task.id, OUT),
        lambda: office.engine.tasks.complete(task.id, {}, OUT),
        lambda: office.engine.tasks.claim(task.id, OUT),
        lambda: office.engine.records.get(started.business_key, OUT),
        lambda: office.engine.instances.get(started.instance_id, OUT),
        lambda: office.engine.instances.cancel(started.instance_id, "why", OUT),
        lambda: office.engine.tasks.comment(task.id, "hello", OUT),
    ):
        with pytest.raises(NotFound):
            act()
    assert office.engine.records.list(OUT) == ((), "")
    assert office.engine.tasks.inbox(OUT).rows == ()


def test_a_colleague_who_may_see_it_is_told_whose_task_it_is(office: Office) -> None:
    office.start()
    task = office.task("enter")
    with pytest.raises(Forbidden) as refused:
        office.engine.tasks.complete(task.id, {}, Actor("hel"))
    assert refused.value.fields["right"] == "complete"
    assert "Ann" in str(refused.value)


def test_the_second_of_two_is_told_who_was_first_and_when(office: Office) -> None:
    two_steps(office)
    office.start()
    office.complete("enter", "ann", {"borrower": "Zed", "amount": 5})
    task = office.task("check")
    office.engine.tasks.complete(task.id, {"good": True}, BOB)
    with pytest.raises(Conflict) as late:
        office.engine.tasks.complete(task.id, {"good": False}, ANN)
    assert late.value.fields["who"] == "Bob"
    assert late.value.fields["when"] == office.clock.now()


def test_a_repeated_submission_gives_the_first_answer(office: Office) -> None:
    started = office.engine.instances.start("loan", {}, ANN, submission="one")
    again = office.engine.instances.start("loan", {}, ANN, submission="one")
    assert (again.instance_id, again.repeated) == (started.instance_id, True)
    task = office.task("enter")
    first = office.engine.tasks.complete(task.id, {}, ANN, submission="two")
    second = office.engine.tasks.complete(task.id, {}, ANN, submission="two")
    assert (first.repeated, second.repeated) == (False, True)
    assert second.instance_id == first.instance_id


def together(*acts: Any) -> list[object]:
    """Run all at the same time; what each answered or raised."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Any) -> None:
        gate.wait()
        try:
            found[place] = act()
        except Exception as error:
            found[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(found)


def test_of_two_at_once_one_wins_and_the_other_is_told(office: Office) -> None:
    two_steps(office)
    for _ in range(5):
        office.start()
        office.complete("enter", "ann", {"borrower": "Zed", "amount": 5})
        act = partial(office.engine.tasks.complete, office.task("check").id, {"good": True})
        answers = together(partial(act, ANN), partial(act, BOB))
        errors = [each for each in answers if isinstance(each, Exception)]
        assert len(errors) == 1
        assert isinstance(errors[0], Conflict), errors
        assert errors[0].fields["who"] in ("Ann", "Bob")
    assert office.engine.history.verify().findings == ()


def test_a_double_click_at_once_counts_once(office: Office) -> None:
    start = office.engine.instances.start
    answers = together(*[lambda: start("loan", {}, ANN, submission="same") for _ in range(4)])
    assert all(not isinstance(each, Exception) for each in answers), answers
    assert len({each.instance_id for each in answers}) == 1  # type: ignore[attr-defined]
    assert sorted(each.repeated for each in answers) == [False, True, True, True]  # type: ignore[attr-defined]


def test_both_branches_completed_at_once_keep_both_values(office: Office) -> None:
    office.deploy(
        loan(
            BEGIN, node("parallelGateway", "split"), user_task("left", "ann", "", field("borrower")),
            user_task("right", "bob", "", field("amount", "number")), node("parallelGateway", "join"), DONE,
            flows("begin split left join done", "split right join"),
        )
    )  # fmt: skip
    started = office.start()
    left, right = office.task("left"), office.task("right")
    answers = together(
        lambda: office.engine.tasks.complete(left.id, {"borrower": "Zed"}, ANN),
        lambda: office.engine.tasks.complete(right.id, {"amount": 7}, BOB),
    )
    assert not [each for each in answers if isinstance(each, Exception)], answers
    record = office.engine.records.get(started.business_key, ANN)
    assert record.instances[0].state == "completed"
    assert {each.name: each.value for each in record.fields} == {"borrower": "Zed", "amount": 7}


def test_bad_input_changes_nothing(office: Office) -> None:
    two_steps(office)
    started = office.start()
    before = office.kinds(started.instance_id)
    with pytest.raises(FormInvalid) as refused:
        office.complete("enter", "ann", {"amount": "many", "unknown": 1})
    assert set(refused.value.errors) == {"amount", "unknown"}
    assert office.kinds(started.instance_id) == before
    assert office.names("ann") == ["enter"]


def test_claim_unclaim_delegate_reassign(office: Office) -> None:
    two_steps(office)
    started = office.start()
    office.complete("enter", "ann", {"borrower": "Zed", "amount": 5})
    task = office.task("check")
    tasks = office.engine.tasks
    tasks.claim(task.id, BOB)
    assert [row.mine for row in office.tasks("bob")] == [True]
    assert office.names("ann") == []
    with pytest.raises(Conflict, match="Bob took"):
        tasks.claim(task.id, ANN)
    with pytest.raises(Conflict, match="Bob took"):
        tasks.complete(task.id, {"good": True}, ANN)
    tasks.unclaim(task.id, BOB)
    assert office.names("ann") == ["check"]
    tasks.claim(task.id, BOB)
    tasks.delegate(task.id, "cy", BOB)
    assert office.names("cy") == ["check"]
    with pytest.raises(Forbidden):
        tasks.reassign(task.id, "ann", ANN)
    tasks.reassign(task.id, "ann", Actor("hel"))
    tasks.set_priority(task.id, 80, Actor("hel"))
    assert office.task("check").priority == 80
    office.complete("check", "ann")
    kinds = office.kinds(started.instance_id)
    assert [k for k in kinds if k in ("claimed", "unclaimed", "delegated", "reassigned", "priority-set")] == [
        "claimed", "unclaimed", "claimed", "delegated", "reassigned", "priority-set",
    ]  # fmt: skip


def test_who_did_an_earlier_step_is_kept_away_by_four_eyes(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "", "clerk"), user_task("check", "", "clerk", fourEyes="enter"), DONE,
             flows("begin enter check done"))
    )  # fmt: skip
    office.start()
    office.complete("enter", "ann")
    assert office.names("ann") == []
    with pytest.raises(Forbidden) as refused:
        office.complete("check", "ann")
    assert refused.value.fields["reason"] == "four-eyes"
    office.complete("check", "bob")


def test_a_task_that_nobody_can_do_is_an_incident_at_once(office: Office) -> None:
    office.deploy(loan(BEGIN, user_task("enter", "", "empty"), DONE, flows("begin enter done")))
    office.start()
    incident = office.engine.incidents.list(SYSTEM)[0]
    assert (incident.element_id, incident.code) == ("enter", "nobody")
    office.engine.tasks.reassign(office.task("enter").id, "ann", Actor("hel"))
    assert office.engine.incidents.list(SYSTEM) == ()
    office.complete("enter", "ann")


def test_a_bare_completion_takes_few_statements_and_one_commit(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), user_task("check", "", "clerk"), user_task("last", "ann"), DONE,
             flows("begin enter check last done"))
    )  # fmt: skip
    for _ in range(2):  # the second time what is deployed is parsed and who took part is known
        office.start()
        office.complete("enter", "ann")
        task = office.task("check")
        with office.statements() as seen:
            office.engine.tasks.complete(task.id, {}, ANN, submission=f"s{task.id}")
        office.complete("last", "ann")
    assert seen.count("COMMIT") == 1
    assert len(seen) - 1 <= 10, "\n".join(seen)


def test_drafts_are_kept_for_their_writer(office: Office) -> None:
    office.start()
    task = office.task("enter")
    office.engine.tasks.save_draft(task.id, {"borrower": "Ze"}, ANN)
    office.engine.tasks.save_draft(task.id, {"borrower": "Zed"}, ANN)
    assert office.engine.tasks.draft(task.id, ANN) == {"borrower": "Zed"}
    assert office.engine.tasks.draft(task.id, Actor("hel")) == {}
    office.complete("enter", "ann")
    assert office.engine.tasks.draft(task.id, ANN) == {}
