"""Camunda 7's REST interface under /engine-rest, for what the engine supports: a module a resource.

It opens nothing that the pages guard: every operation is one of the engine's verbs, asked as the person whose password
or token came with the request.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from flask import Blueprint, Flask

from webui.rest import absent, document, door, polling, refusing
from webui.rest.operation import Operation, Resource

RESOURCES = (
    "version",
    "deployment",
    "process_definition",
    "process_instance",
    "message",
    "signal",
    "execution",
    "external_task",
    "task",
    "history",
    "job",
    "incident",
    "decision_definition",
    "identity",
    "metrics",
    "telemetry",
)
"""Its modules; each has a `resource`."""
PREFIXES = {"rest": "/engine-rest", "rest_default": "/engine-rest/engine/default"}
"""Where it stands, by the name of the blueprint; clients that know of several engines use the second."""


def resources() -> tuple[Resource, ...]:
    """All resources."""
    return tuple(import_module(f"webui.rest.{name}").resource for name in RESOURCES)


def register(app: Flask) -> None:
    """Answer under /engine-rest."""
    polling.register(app)
    for name, prefix in PREFIXES.items():
        app.register_blueprint(_blueprint(name, prefix))


@cache  # made once for all applications of a process: what limits count by is kept by name
def _blueprint(name: str, prefix: str) -> Blueprint:
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    door.guard(blueprint)
    refusing.register(blueprint)
    for resource in resources():
        for operation in resource.operations:
            _add(blueprint, operation)
    blueprint.add_url_rule("/openapi.json", "openapi", document.show)
    blueprint.add_url_rule(
        "/<path:path>", "absent", absent.refuse, methods=absent.METHODS, provide_automatic_options=False
    )
    return blueprint


def _add(blueprint: Blueprint, operation: Operation) -> None:
    endpoint = operation.name.replace(".", "-")
    blueprint.add_url_rule(
        operation.path, endpoint, operation.view, methods=[operation.method], provide_automatic_options=False
    )
