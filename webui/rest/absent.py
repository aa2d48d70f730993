"""What Camunda 7 has and Gendan has not: answered 501 with the reason, never 404."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from flask import current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from webui.rest.refusing import Refused, invalid, unsupported

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REASONS = {
    "authorization": "What somebody may do is decided by the practice's groups.yaml and by the diagrams.",
    "batch": "There are no batches: ask for each instance.",
    "case-definition": "Cases (CMMN) are not supported; draw a process.",
    "case-execution": "Cases (CMMN) are not supported; draw a process.",
    "case-instance": "Cases (CMMN) are not supported; draw a process.",
    "condition": "Conditions are looked at by the engine itself, whenever an instance changes.",
    "decision-definition": "This is not supported of decisions.",
    "decision-requirements-definition": "Decisions are asked for one by one: decision-definition.",
    "deployment": "This is not supported of deployments.",
    "event-subscription": "What waits for a message is seen on the record's page.",
    "execution": "This is not supported of executions.",
    "external-task": "This is not supported of external tasks.",
    "filter": "Filters are not kept; POST the query to /task.",
    "group": "Groups are those of the practice's groups.yaml, people are put into them on the page People.",
    "history": "This part of the history is not supported.",
    "identity": "Passwords are proved with each request; groups of a person: /group?member=.",
    "incident": "This is not supported of incidents.",
    "job": "This is not supported of jobs.",
    "job-definition": "Jobs are asked for one by one: job.",
    "message": "This is not supported of messages.",
    "metrics": "Figures for monitors are at /metrics.",
    "migration": "Instances are moved to another version on the page of the process.",
    "modification": "There are no batches: modify each instance.",
    "optimize": "The history is asked for by its own addresses: history.",
    "process-definition": "A version is replaced by deploying another one; instances are held, not versions.",
    "process-instance": "This is not supported of process instances.",
    "schema": "The database's own log is not shown.",
    "signal": "This is not supported of signals.",
    "task": "This is not supported of tasks.",
    "telemetry": "Nothing is sent to anybody, so there is nothing to configure.",
    "tenant": "There are no tenants: an installation is one house's.",
    "user": "People are added and changed on the page People, or by gendan user.",
    "variable-instance": "Variables are asked for by their instance: process-instance/{id}/variables.",
    "version": "This is not supported of the version.",
}
"""Why, by the first part of a path of Camunda 7's. What is supported never comes here."""
_LOCAL = "It has no variables of its own; those it sees are at task/{id}/variables or execution/{id}/localVariables."
_OUTCOME = "A person completes a task; errors and escalations are drawn as outcomes and events of the diagram."
_MANY = "There are no batches: ask for each of them."
_NO_TENANT = "There are no tenants: an installation is one house's."
_FORMS = "A form is the fields of the diagram: ask for form and form-variables."
_LOGS = "What happened is in the history of instances, tasks and activities; there is no log of this kind."
PARTS: Mapping[str, str] = {
    "localVariables": _LOCAL, "bpmnError": _OUTCOME, "bpmnEscalation": _OUTCOME,
    "identity-links": "Candidates are those of the diagram; give a task to somebody by assignee or delegate.",
    "variables": "Variables are corrected at the instance: process-instance/{id}/variables.",
    "rendered-form": _FORMS, "deployed-form": _FORMS, "deployed-start-form": _FORMS, "startForm": _FORMS,
    "tenant-id": _NO_TENANT, "tenant": _NO_TENANT, "delete": _MANY, "retries-async": _MANY, "suspended-async": _MANY,
    "modification-async": _MANY, "delete-async": _MANY, "executeModification": _MANY,
    "restart": "What has ended stays ended; start another instance.",
    "redeploy": "Deploy the files again: what they bring is checked against what runs now.",
    "user-operation": _LOGS, "job-log": _LOGS, "external-task-log": _LOGS, "identity-link-log": _LOGS,
    "stacktrace": "What went wrong is the message of the job's incident.",
}  # fmt: skip
"""A nearer reason, by a part of the path."""
_VALUES = "Lists are not narrowed by the values of variables. Ask by business key, process, element, people or time."
PARAMETERS: Mapping[str, str] = {
    "orQueries": "Conditions hold together; ask once for each alternative.",
    "processVariables": _VALUES, "taskVariables": _VALUES, "variables": _VALUES, "variableValue": _VALUES,
    "processInstanceVariables": _VALUES, "variableName": _VALUES, "variableValueLike": _VALUES,
    "tenantIdIn": _NO_TENANT, "tenantId": _NO_TENANT, "processDefinitionTenantId": _NO_TENANT,
    "parentTaskId": "Tasks have no subtasks.", "parentTaskIdIn": "Tasks have no subtasks.",
    "versionTag": "Versions are known by their number.", "versionTagLike": "Versions are known by their number.",
    "superProcessInstance": "A called process runs within its instance, which is one.",
    "subProcessInstance": "A called process runs within its instance, which is one.",
    "superProcessInstanceId": "A called process runs within its instance, which is one.",
    "parameters": "Lists are not sorted by the values of variables.",
}  # fmt: skip
"""Why, by the name of a parameter or field of Camunda 7's."""


def unknown(names: Sequence[str]) -> Refused:
    """The answer to parameters or fields that an operation does not know: 501 for those of Camunda 7's."""
    for name in names:
        if name.startswith(("caseInstance", "caseDefinition", "caseExecution", "superCase", "subCase")):
            return unsupported(f"The parameter {name} is not supported: cases (CMMN) are not. Draw a process.")
        if name.endswith("Expression"):
            return unsupported(f"The parameter {name} is not supported: no request is an expression. Send its value.")
        if name in PARAMETERS:
            return unsupported(f"The parameter {name} is not supported. {PARAMETERS[name]}")
    return invalid(f"Not supported here, or not known: the parameter {', '.join(names)}.")


def refuse(path: str) -> NoReturn:
    """The answer to every address under /engine-rest that no operation has."""
    allowed = _methods_at(request.path)
    first, *others = path.split("/")
    reason = REASONS.get(first)
    nearer = next((PARTS[each] for each in others if each in PARTS), reason)
    if allowed and request.method not in allowed and reason is None:
        raise MethodNotAllowed(valid_methods=sorted(allowed))
    if reason is None:
        raise NotFound(f"There is no {request.path}, neither here nor in Camunda 7.")
    raise unsupported(f"{request.method} /{path} is not supported by Gendan. {nearer}")


def _methods_at(path: str) -> set[str]:
    """The methods of the operations at this very address."""
    adapter = current_app.url_map.bind("")
    return {
        method
        for method in METHODS
        if adapter.test(path, method) and not str(adapter.match(path, method)[0]).endswith(".absent")
    }
