"""Who has no part in a confidential case learns nothing of it through the interface either.

Every operation is asked with the ids of the case, in its path, its query and its body, and with ids that do not exist:
the answers are the same. Every list is asked before and after the case began: the answers are the same. An operation
whose path has an argument of a kind that stands nowhere below fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.engine import SYSTEM, Engine
from engine.views import Actor
from tests.webui import secrets
from tests.webui.conftest import PRACTICE
from tests.webui.rest.asking import Request, operations, requests
from tests.webui.rest.conftest import Program
from tests.webui.secrets import OUTSIDERS, SECRET, Case

ABSENT = "987654"
OPEN = ("deployment", "process-definition", "decision-definition", "user", "group", "identity", "metrics")
"""Resources that tell nothing of instances, or only counts that the second test compares."""
Cases = Callable[[], tuple[Case, ...]]


@pytest.fixture
def cases(engine: Engine, repair: Callable[..., str]) -> Cases:
    """Begins the two cases when called; the repair that one hangs on is there before."""
    engine.deployments.deploy(secrets.files(PRACTICE), SYSTEM)
    secrets.hire(engine)
    visible = repair("灯")
    return lambda: (secrets.begin(engine, "conduct"), secrets.begin(engine, "grievance", visible))


def of_resource(engine: Engine, case: Case, real: bool) -> dict[str, str]:
    """The id in a path, by the first part of the path."""
    live = engine.instances.live(case.instance_id, Actor("chen"))
    token = next(each.token for each in live if each.element_id == "close")
    found = {
        "process-instance": str(case.instance_id),
        "execution": f"{case.instance_id}:{token}",
        "task": str(case.task_id),
        "job": str(case.job_id),
        "incident": str(case.incident_id),
        "external-task": str(case.job_id),
    }
    return found if real else dict.fromkeys(found, ABSENT) | {"execution": f"{ABSENT}:{token}"}


def of_history(case: Case, real: bool) -> dict[str, str]:
    """The id in a path of the history, by its second part; the absent ones are written as the real ones are."""
    instance = str(case.instance_id) if real else ABSENT
    return {
        "process-instance": instance,
        "task": str(case.task_id) if real else ABSENT,
        "incident": str(case.incident_id) if real else ABSENT,
        "activity-instance": f"hear:{instance}:1",
        "variable-instance": f"{instance}:what",
        "decision-instance": f"{instance}:1",
        "detail": f"{instance}:1",
    }


def named(case: Case, real: bool) -> dict[str, str]:
    """The ids that queries and bodies take, by their names."""
    instance, task, key = (
        (str(case.instance_id), str(case.task_id), case.key) if real else (ABSENT, ABSENT, "CD26-9876")
    )
    if case.process_id == "grievance":
        key = case.key  # it hangs on a record that may be known
    found = dict.fromkeys(
        ("processInstanceId", "processInstanceIds", "processInstanceIdIn", "rootProcessInstanceId", "executionId"),
        instance,
    )
    found |= dict.fromkeys(("taskId", "taskIds", "taskIdIn"), task)
    found |= dict.fromkeys(("businessKey", "processInstanceBusinessKey", "businessKeyLike"), key)
    found |= dict.fromkeys(("processInstanceBusinessKeyIn", "processInstanceBusinessKeyLike"), key)
    found["messageName"] = f"close_{case.process_id}"
    found |= {"incidentId": str(case.incident_id) if real else ABSENT, "jobId": str(case.job_id) if real else ABSENT}
    return found


def asked(engine: Engine, case: Case, real: bool) -> list[Request]:
    found: list[Request] = []
    for operation in operations():
        parts = operation.path.strip("/").split("/")
        own = of_resource(engine, case, real)
        if parts[0] == "history" and len(parts) > 1:
            own["history"] = of_history(case, real).get(parts[1], "?")
        arguments = {}
        for name in operation.arguments:
            if parts[0] in OPEN:
                arguments[name] = "1"
                continue
            assert parts[0] in own, f"{operation.path}: say above which id of the case stands here"
            assert own[parts[0]] != "?", f"{operation.path}: say above which id of the case stands here"
            other = {"message_name": f"close_{case.process_id}", "name": "what"}
            arguments[name] = own[parts[0]] if name == "id" else other.get(name, "1")
        found += requests(operation, arguments, named(case, real))
    return found


def answer(program: Program, request: Request) -> tuple[int, str]:
    more: dict[str, Any] = {} if request.body is None else {"json": request.body}
    got = program.open(request.method, request.path, query_string=request.query, **more)
    said = got.get_data(as_text=True)
    assert SECRET not in said, str(request)
    return got.status_code, said


def without_ids(said: str, case: Case, request: Request) -> str:
    """An answer repeats what it was asked; that tells nothing."""
    ids = {str(case.instance_id), str(case.task_id), str(case.job_id), str(case.incident_id)}
    for own in sorted({ABSENT, *(each for each in ids if each in str(request))}, key=len, reverse=True):
        said = re.sub(rf"(?<!\d){own}(?!\d)", "ID", said)
    return re.sub(r"CD26-\d{4}", "KEY", said)


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("which", [0, 1], ids=["own record", "linked"])
def test_every_operation_on_a_secret_case_answers_as_if_there_were_none(
    rest: Callable[[str], Program], engine: Engine, cases: Cases, who: str, which: int
) -> None:
    case, program = cases()[which], rest(who)
    before = secrets.state(engine, case)
    pairs = list(zip(asked(engine, case, True), asked(engine, case, False), strict=True))
    assert len(pairs) > 60
    for real, absent in pairs:
        if real.path == absent.path and real.query == absent.query and real.body == absent.body:
            continue
        got, other = answer(program, real), answer(program, absent)
        shown = without_ids(got[1], case, real), without_ids(other[1], case, absent)
        assert (got[0], shown[0]) == (other[0], shown[1]), f"{who}: {real}"
    assert secrets.state(engine, case) == before


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_list_or_count_changes_when_a_secret_case_begins(
    rest: Callable[[str], Program], engine: Engine, cases: Cases, who: str
) -> None:
    program = rest(who)
    lists = [
        request
        for operation in operations()
        if not operation.arguments and (operation.method == "GET" or operation.path.rpartition("/")[2] in QUERIED)
        for request in requests(operation, {}, {})
    ]
    assert len(lists) > 20
    before = {str(request): answer(program, request) for request in lists}
    cases()
    for request in lists:
        assert answer(program, request) == before[str(request)], f"{who}: {request}"


QUERIED = frozenset({"process-instance", "count", "task", "external-task", "job", "incident", "activity-instance"})
"""What ends the path of a query that is posted."""


def test_who_handles_the_case_sees_it(rest: Callable[[str], Program], cases: Cases) -> None:
    case = cases()[0]
    chen = rest("chen")
    assert chen.get(f"/process-instance/{case.instance_id}")["businessKey"] == case.key
    assert SECRET in str(chen.get(f"/process-instance/{case.instance_id}/variables"))
    assert chen.get("/process-instance/count", businessKey=case.key) == {"count": 1}
