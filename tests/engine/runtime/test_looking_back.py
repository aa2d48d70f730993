"""A step looks back at what happened at an element, in rows of history that stand and can be verified."""

from __future__ import annotations

from engine.store import history
from engine.views import Actor
from tests.engine.definitions.diagrams import extensions, flows, node
from tests.engine.runtime.office import Office, field, loan, user_task

BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
READ = user_task("read", "ann")


def look(**inputs: str) -> str:
    """A step that publishes how many rows it saw and what they say."""
    given = "".join(
        f'<camunda:inputParameter name="{name}">{text}</camunda:inputParameter>' for name, text in inputs.items()
    )
    told = "${string join(for r in result return string(r.values.kilos) + r.by + string(r.row) + r.seal)}"
    outputs = (
        f'<camunda:outputParameter name="borrower">{told}</camunda:outputParameter>'
        '<camunda:outputParameter name="amount">${count(result)}</camunda:outputParameter>'
    )
    content = extensions(f"<camunda:inputOutput>{given}{outputs}</camunda:inputOutput>")
    return node("serviceTask", "look", content, 'camunda:type="external" camunda:topic="query-history"')


def seen(office: Office, key: str) -> dict[str, object]:
    return {each.name: each.value for each in office.engine.records.get(key, Actor("ann")).fields}


def test_what_was_done_is_found_with_who_what_and_a_seal_that_holds(office: Office) -> None:
    weigh = user_task("weigh", "ann", "", field("kilos", "integer"))
    steps = (weigh, user_task("rest", "ann"), look(element="weigh", kind="task-completed"))
    office.deploy(loan(BEGIN, *steps, READ, DONE, flows("begin weigh rest look read done")))
    started = office.start()
    office.complete("weigh", "ann", {"kilos": 7})
    office.complete("rest", "ann")

    row = next(each for each in office.engine.history.rows(started.instance_id) if each.kind == "task-completed")
    with office.engine.machinery.database.reading() as connection:
        [stored] = [each for each in history.of_instances(connection, [started.instance_id]) if each.seq == row.seq]
    assert seen(office, started.business_key)["borrower"] == f"7ann{row.seq}{bytes(stored.hash).hex()[:16]}"
    assert office.engine.history.verify().findings == ()


def test_only_what_happened_since_a_moment(office: Office) -> None:
    since = "${now() - duration(&quot;PT1H&quot;)}"
    steps = (user_task("weigh", "ann"), user_task("rest", "ann"), look(element="weigh", since=since))
    office.deploy(loan(BEGIN, *steps, READ, DONE, flows("begin weigh rest look read done")))
    started = office.start()
    office.complete("weigh", "ann")
    office.wait(hours=2)
    office.complete("rest", "ann")

    assert seen(office, started.business_key)["amount"] == 0


def test_a_confidential_instance_is_not_looked_into(office: Office) -> None:
    office.deploy(
        loan(
            BEGIN, user_task("weigh", "ann"), READ, DONE, flows("begin weigh read done"), id="case", confidential="true"
        ),
        loan(BEGIN, look(element="weigh", key="LN26-0001"), READ, DONE, flows("begin look read done"), id="review"),
    )
    secret = office.start(process="case")
    office.complete("weigh", "ann")
    asked = office.start(process="review")

    assert secret.business_key == "LN26-0001"
    assert seen(office, asked.business_key)["amount"] == 0
