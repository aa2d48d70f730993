"""A confidential process is found by the queries of the processes it names, and of no other."""

from __future__ import annotations

import pytest

from engine.views import Actor
from tests.engine.definitions.diagrams import extensions, flows, node
from tests.engine.runtime.office import Office, loan, user_task

BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
ASK = node(
    "serviceTask",
    "ask",
    extensions(
        '<camunda:inputOutput><camunda:inputParameter name="process">case</camunda:inputParameter>'
        '<camunda:inputParameter name="key">*</camunda:inputParameter>'
        '<camunda:outputParameter name="amount">${count(result)}</camunda:outputParameter></camunda:inputOutput>'
    ),
    'camunda:type="external" camunda:topic="query-instances"',
)


@pytest.mark.parametrize(("tells", "found"), [("", 0), ("other", 0), ("other, review", 1)])
def test_who_is_told(office: Office, tells: str, found: int) -> None:
    office.deploy(
        loan(
            BEGIN, user_task("weigh", "ann"), DONE, flows("begin weigh done"),
            id="case", confidential="true", tells=tells,
        ),
        loan(BEGIN, ASK, user_task("read", "ann"), DONE, flows("begin ask read done"), id="review"),
    )  # fmt: skip
    office.start(process="case")
    asked = office.start(process="review")
    fields = office.engine.records.get(asked.business_key, Actor("ann")).fields
    assert {each.name: each.value for each in fields}["amount"] == found
