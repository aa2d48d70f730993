"""Two confidential cases beside the practice of repairs, with something of everything in them, and who must not know.

`conduct` is a record of its own; `grievance` hangs on a repair that Zhou may see. Both are about Wang, a head like
Chen who handles them; Xu administers and sees all, but is excluded too. Dai stands in for Chen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from engine.store import files as attached
from engine.store import waits
from engine.views import Actor, InboxFilter
from tests.engine.definitions.diagrams import definitions, event, extensions, flows, node, process, properties, timer

SECRET = "机密XQ7"
CHEN = Actor("chen")
OUTSIDERS = ("guest", "zhou", "wang", "xu", "dai")
_FORM = (
    '<camunda:formData><camunda:formField id="about" label="about" type="user"/>'
    '<camunda:formField id="what" label="what" type="string"/>'
    '<camunda:formField id="paper" label="paper" type="file"/></camunda:formData>'
)
_TASK = '<camunda:formData><camunda:formField id="found" label="found" type="string"/></camunda:formData>'
_NOTIFY = (
    '<camunda:inputOutput><camunda:inputParameter name="to">group:head, user:chen, user:xu</camunda:inputParameter>'
    '<camunda:inputParameter name="subject">${what}</camunda:inputParameter>'
    '<camunda:inputParameter name="text">${what}</camunda:inputParameter></camunda:inputOutput>'
)
_HTTP = (
    '<camunda:inputOutput><camunda:inputParameter name="url">https://nowhere.example/${what}</camunda:inputParameter>'
    "</camunda:inputOutput>"
)
_RECORD = """
  - id: conduct
    zh: 行为
    en: Conduct
    number: "CD{yy}-{seq:4}"
    statuses:
      - {id: open, zh: 调查中, en: Open, mark: "○"}
    stages:
      - {id: hearing, zh: 听证, en: Hearing}
    fields:
      - {name: what, type: text, zh: 何事, en: What}
    list: [what]
    search: [what]
"""


@dataclass(frozen=True)
class Case:
    """Everything of a confidential case that has an id in some address."""

    key: str
    instance_id: int
    process_id: str
    task_id: int
    other_task_id: int
    incident_id: int
    subscription_id: int
    file_id: int
    pending_file_id: int
    notification_id: int
    job_id: int


def files(practice: Path) -> dict[str, bytes]:
    """The practice with the two confidential processes."""
    found = practice_files(practice)
    found["records.yaml"] = found["records.yaml"].rstrip() + b"\n" + _RECORD.lstrip("\n").encode()
    found["conduct.bpmn"] = _drawn("conduct", recordType="conduct", publish="what", summary="what")
    found["grievance.bpmn"] = _drawn("grievance", linkedTo="repair", number="GR{yy}-{seq:4}", summary="what")
    return found


def _drawn(id: str, **given: str) -> bytes:
    named = {
        **given,
        "title": "${what}",
        "starters": "head",
        "readers": "group:head",
        "excluded": '${[about, "xu"]}',
        "confidential": "true",
    }
    closing = extensions(properties(senders="head", label="close"))
    return definitions(
        f'<bpmn:message id="m_{id}" name="close_{id}"/>',
        process(
            extensions(properties(**named)),
            node("startEvent", "begin", extensions(_FORM)),
            node("parallelGateway", "fork"),
            node("userTask", "hear", extensions(_TASK, properties(batch="true", stage="hearing")),
                 'camunda:candidateGroups="head"'),
            node("userTask", "judge", extensions(_TASK), 'camunda:assignee="chen"'),
            node("intermediateCatchEvent", "close", closing + event("message", more=f'messageRef="m_{id}"')),
            node("serviceTask", "tell", extensions(_NOTIFY), 'camunda:type="external" camunda:topic="notify"'),
            node("serviceTask", "asks", extensions(_HTTP), 'camunda:type="external" camunda:topic="http"'),
            node("intermediateCatchEvent", "later", timer("P1D")),
            node("scriptTask", "fails", "<bpmn:script>number(what)</bpmn:script>",
                 'scriptFormat="feel" camunda:resultVariable="never"'),
            node("parallelGateway", "join"),
            node("endEvent", "done"),
            flows("begin fork", "join done", *(f"fork {each} join" for each in
                                               ("hear", "judge", "close", "tell", "later", "fails", "asks"))),
            id=id,
        ),
    )  # fmt: skip


def hire(engine: Engine) -> None:
    """Who is excluded, and who stands in for Chen; steps may call one host, which is never asked."""
    kept = engine.machinery.settings
    engine.machinery.settings = replace(kept, outside=replace(kept.outside, http_hosts=("nowhere.example",)))
    engine.people.create("wang", "王", "", ["head"], SYSTEM)
    engine.people.create("xu", "徐", "", ["it"], SYSTEM)
    engine.people.create("dai", "代", "", [], SYSTEM)
    engine.people.add_substitution("chen", "dai", None, None, SYSTEM)


def begin(engine: Engine, process_id: str, key: str = "") -> Case:
    """Start a case as Chen and put something into every place that can hold it."""
    paper = engine.tasks.upload(BytesIO(f"{SECRET} 原件".encode()), f"{SECRET}.txt", CHEN)
    values = {"about": "wang", "what": f"{SECRET} 情况", "paper": str(paper.id)}
    started = engine.instances.start(process_id, values, CHEN, key=key)
    mine = InboxFilter(owner="both", limit=500)
    rows = [row for row in engine.tasks.inbox(CHEN, mine).rows if row.instance_id == started.instance_id]
    tasks = {row.element_id: row.id for row in rows}
    engine.tasks.comment(tasks["hear"], f"{SECRET} 说", CHEN)
    engine.tasks.attach(BytesIO(f"{SECRET} 附".encode()), f"{SECRET} 附.txt", CHEN, tasks["judge"])
    pending = engine.tasks.upload(BytesIO(f"{SECRET} 未交".encode()), f"{SECRET} 未交.txt", CHEN, tasks["judge"])
    engine.tasks.save_draft(tasks["judge"], {"found": f"{SECRET} 稿"}, CHEN)
    record = engine.records.get(started.business_key, CHEN)
    button = next(each for each in record.buttons if each.kind == "message" and each.process_id == process_id)
    incident = next(each for each in engine.incidents.list(CHEN) if each.instance_id == started.instance_id)
    notice = next(each for each in engine.notifications.list(CHEN) if SECRET in each.subject)
    there = engine.records.files(started.business_key, CHEN)
    found = next(each for each in there if each.name == f"{SECRET}.txt")
    return Case(
        key=started.business_key,
        instance_id=started.instance_id,
        process_id=process_id,
        task_id=tasks["hear"],
        other_task_id=tasks["judge"],
        incident_id=incident.id,
        subscription_id=button.subscription_id,
        file_id=found.id,
        pending_file_id=pending.id,
        notification_id=notice.id,
        job_id=max(each.id for each in engine.jobs.list(SYSTEM)),
    )


def state(engine: Engine, case: Case) -> tuple[int, ...]:
    """All that an outsider could have changed of a case: events, open tasks, files, comments."""
    with engine.machinery.database.reading() as connection:
        return (
            len(engine.history.rows(case.instance_id)),
            len(waits.tasks_of(connection, case.instance_id)),
            len(attached.attachments_of(connection, [case.instance_id])),
            len(attached.comments_of(connection, [case.instance_id])),
        )


def addresses() -> Iterator[str]:
    """Lists and searches as an outsider may ask them."""
    yield from ("/tasks", "/tasks?owner=all", "/tasks?owner=groups", "/tasks?by=kind", f"/tasks?text={SECRET}")
    yield from ("/records", "/records?type=conduct", f"/records?text={SECRET}", "/records?text=CD26-0001")
    yield from (f"/records?what={SECRET}%20情况", "/records?status=open", "/records/export", "/records?text=GR26-0001")
    yield from ("/notifications", "/notifications?box=all", "/notifications?box=sent", "/incidents")
    yield from ("/processes", "/processes/conduct", "/processes/grievance", "/processes/conduct/elements/hear")
    yield from ("/processes/conduct/elements/fails", "/processes/grievance/elements/judge", "/start", "/people")
    yield from ("/start/conduct", "/start/grievance", "/tasks/batch/conduct/hear", "/tasks/batch/grievance/hear")
