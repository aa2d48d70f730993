"""A step of a diagram lets somebody stand in for another, for one record and a time, and ends it."""

from __future__ import annotations

from engine.engine import SYSTEM
from engine.views import Actor
from tests.engine.definitions.diagrams import extensions, flows, node
from tests.engine.runtime.office import Office, loan, user_task

BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def step(id: str, topic: str, **inputs: str) -> str:
    """A service task with a connector."""
    given = "".join(
        f'<camunda:inputParameter name="{name}">{text}</camunda:inputParameter>' for name, text in inputs.items()
    )
    return node(
        "serviceTask",
        id,
        extensions(f"<camunda:inputOutput>{given}</camunda:inputOutput>"),
        f'camunda:type="external" camunda:topic="{topic}"',
    )


COVER = step("cover", "substitute", principal="ann", deputy="cy", scope="record", key="${business_key}",
             until='${now() + @&quot;PT8H&quot;}'.replace("&quot;", '"'))  # fmt: skip
FREE = step("free", "end-substitute", principal="ann", deputy="cy", scope="record", key="${business_key}")


def test_the_deputy_does_the_tasks_of_that_record_until_the_time_is_over(office: Office) -> None:
    office.deploy(loan(BEGIN, COVER, user_task("enter", "ann"), DONE, flows("begin cover enter done")))
    office.start()
    assert office.names("cy") == ["enter"]
    assert [view.scope_kind for view in office.engine.people.substitutions(SYSTEM)] == ["record"]
    office.wait(hours=8)
    assert office.names("cy") == []
    assert office.names("ann") == ["enter"]


def test_what_the_deputy_does_is_done_for_the_principal(office: Office) -> None:
    office.deploy(loan(BEGIN, COVER, user_task("enter", "ann"), DONE, flows("begin cover enter done")))
    started = office.start()
    office.complete("enter", "cy")
    done = [row for row in office.engine.history.rows(started.instance_id) if row.kind == "task-completed"]
    assert [(row.actor, row.on_behalf_of) for row in done] == [("cy", "ann")]


def test_a_step_ends_it_and_only_in_its_scope(office: Office) -> None:
    office.engine.people.add_substitution("ann", "bob", None, None, Actor("ann"))
    office.deploy(
        loan(BEGIN, COVER, user_task("enter", "ann"), FREE, user_task("again", "ann"), DONE,
             flows("begin cover enter free again done"))
    )  # fmt: skip
    office.start()
    office.complete("enter", "cy")
    assert office.names("cy") == []
    assert office.names("bob") == ["again"]
    assert [(view.deputy, view.scope_kind) for view in office.engine.people.substitutions(SYSTEM)] == [("bob", "all")]
