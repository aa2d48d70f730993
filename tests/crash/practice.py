"""What runs while the servers are killed: orders that wait for people, timers and each other, in rounds."""

from __future__ import annotations

from tests.engine.definitions.diagrams import definitions, event, extensions, flows, node, process, properties, timer
from tests.engine.runtime.office import RECORDS, field, loan, user_task

PASSWORD = "a long enough secret"
CLERKS = ("ann", "bob", "cy", "dee")
GROUPS = """
groups:
  - {id: clerk, zh: 办事员, en: Clerk, rights: [see_all]}
"""
_MESSAGES = '<bpmn:message id="m_opened" name="opened"/><bpmn:message id="m_back" name="back"/>'
_BEGIN, _DONE = node("startEvent", "begin"), node("endEvent", "done")


def _message(tag: str, id: str, name: str) -> str:
    return node(tag, id, event("message", more=f'messageRef="m_{name}"'))


# A loan is entered, opens an issue by message, waits for its answer, is looked at (and chased after two seconds), and
# goes round again as often as the clerk wants.
LOAN = loan(
    node("startEvent", "begin"),
    node("exclusiveGateway", "again"),
    user_task("enter", "", "clerk", field("amount", "number")),
    _message("intermediateThrowEvent", "tell", "opened"),
    _message("intermediateCatchEvent", "heard", "back"),
    user_task("look", "", "clerk", field("more", "boolean")),
    node("boundaryEvent", "late", timer("PT2S"), 'attachedToRef="look" cancelActivity="false"'),
    user_task("chase", "", "clerk"),
    node("exclusiveGateway", "way", more='default="way_done"'),
    _DONE,
    flows("begin again enter tell heard look way", "way again: ${more}", "way done", "late chase done"),
)
ISSUE = process(
    extensions(properties(linkedTo="loan", number="WT{yy}-{seq:5}")),
    _message("startEvent", "begin", "opened"),
    node("intermediateCatchEvent", "rest", timer("PT1S")),
    _message("intermediateThrowEvent", "answer", "back"),
    _DONE,
    flows("begin rest answer done"),
    id="issue",
)
FILES = {
    "loan.bpmn": definitions(_MESSAGES, LOAN),
    "issue.bpmn": definitions(_MESSAGES, ISSUE),
    "groups.yaml": GROUPS.encode(),
    "records.yaml": RECORDS.encode(),
}
