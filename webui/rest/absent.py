"""What Camunda 7 has and Gendan has not: answered 501 with the reason, never 404."""

from __future__ import annotations

from typing import NoReturn

from flask import current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from webui.rest.refusing import unsupported

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


def refuse(path: str) -> NoReturn:
    """The answer to every address under /engine-rest that no operation has."""
    allowed = _methods_at(request.path)
    reason = REASONS.get(path.partition("/")[0])
    if allowed and request.method not in allowed and reason is None:
        raise MethodNotAllowed(valid_methods=sorted(allowed))
    if reason is None:
        raise NotFound(f"There is no {request.path}, neither here nor in Camunda 7.")
    raise unsupported(f"{request.method} /{path} is not supported by Gendan. {reason}")


def _methods_at(path: str) -> set[str]:
    """The methods of the operations at this very address."""
    adapter = current_app.url_map.bind("")
    return {
        method
        for method in METHODS
        if adapter.test(path, method) and not str(adapter.match(path, method)[0]).endswith(".absent")
    }
