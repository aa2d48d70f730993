"""A notice about an instance from which a group is excluded reaches everybody else it is sent to."""

from __future__ import annotations

from engine.engine import SYSTEM
from tests.engine.definitions.diagrams import extensions, flows, node
from tests.engine.runtime.office import Office, loan, user_task

BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
TELL = node(
    "serviceTask",
    "tell",
    extensions(
        '<camunda:inputOutput><camunda:inputParameter name="to">ann, hel, group:clerk</camunda:inputParameter>'
        '<camunda:inputParameter name="subject">Done</camunda:inputParameter></camunda:inputOutput>'
    ),
    'camunda:type="external" camunda:topic="notify"',
)


def test_only_the_excluded_group_is_left_out(office: Office) -> None:
    office.deploy(
        loan(BEGIN, TELL, user_task("enter", "ann"), DONE, flows("begin tell enter done"), excluded='${["group:head"]}')
    )
    office.start()
    told = office.engine.notifications.sent(SYSTEM)[0]
    assert sorted(dict(told.receivers)) == ["Ann", "Bob"]
