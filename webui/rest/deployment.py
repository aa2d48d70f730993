"""Deployments: what a modeler's *Deploy* does, and what was deployed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from engine.views import DeploymentFilter, DeploymentRow, Span
from webui.access import engine
from webui.rest import decision_definition, narrowing, process_definition
from webui.rest.decision_definition import DecisionDefinition
from webui.rest.door import actor
from webui.rest.ids import whole
from webui.rest.operation import Resource
from webui.rest.paging import Page
from webui.rest.process_definition import ProcessDefinition
from webui.rest.refusing import invalid, unsupported
from webui.rest.shapes import Answer, Count, Link, Moment, Query

resource = Resource("Deployment")
_ORDER = {"id": "id", "name": "note", "deploymentTime": "at"}
_PLAIN = frozenset({"deployment-name", "deployment-source", "deploy-changed-only", "enable-duplicate-filtering"})
_ABSENT = {
    "tenant-id": "There are no tenants: an installation is one house's.",
    "deployment-activation-time": "A deployment holds at once.",
}
_FORM: dict[str, Any] = {
    "multipart/form-data": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in sorted(_PLAIN)},
        "additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"},
    }
}


class Deployment(Answer, frozen=True, kw_only=True):
    """A deployment."""

    id: str
    name: str | None
    source: str | None
    deployment_time: Moment
    tenant_id: None = None
    links: tuple[Link, ...] = ()


class Deployed(Deployment, frozen=True, kw_only=True):
    """What the files that were sent define, in the versions that hold, by id; null when they define nothing."""

    deployed_process_definitions: dict[str, ProcessDefinition] | None
    deployed_decision_definitions: dict[str, DecisionDefinition] | None
    deployed_case_definitions: None = None
    deployed_decision_requirements_definitions: None = None


class ResourceFile(Answer, frozen=True, kw_only=True):
    """A file of a deployment."""

    id: str
    name: str
    deployment_id: str


class DeploymentQuery(Query, frozen=True, kw_only=True):
    """Which deployments."""

    id: str | None = None
    name: str | None = None
    name_like: str = ""
    after: Moment | None = None
    before: Moment | None = None
    without_tenant_id: bool = True


@resource.get("/deployment")
def list_(query: DeploymentQuery, page: Page) -> tuple[Deployment, ...]:
    """The deployments."""
    wanted = _filter(query, page.order(_ORDER))
    return tuple(map(_shown, page.whole(engine().deployments.deployed(wanted, page.limit, page.first_result))))


@resource.get("/deployment/count")
def count(query: DeploymentQuery) -> Count:
    """How many there are."""
    return Count(count=engine().deployments.deployed_count(_filter(query)))


@resource.post("/deployment/create", consumes=_FORM)
def create() -> Deployed:
    """Deploy files: the last deployment with these replaced or added, checked as a set, all or nothing.

    Files that change nothing make no deployment: the answer is the one that holds. The definitions are all that the
    sent files define, new or not: Camunda Modeler starts the first of them.
    """
    _check_fields()
    files = {_name(file.filename, part): file.stream.read() for part, file in request.files.items(multi=True)}
    if not files:
        raise invalid("No file was sent. Each file is a part with a file name.")
    done = engine().deployments.replace(files, actor(), request.form.get("deployment-name", "").strip())
    processes = [process_definition.shown(each) for each in process_definition.rows() if each.latest]
    decisions = [decision_definition.shown(each) for each in engine().deployments.decisions()]
    row = engine().deployments.deployed_one(done.id)
    return Deployed(
        id=str(row.id),
        name=row.note or None,
        source=request.form.get("deployment-source") or None,
        deployment_time=Moment(row.at),
        links=(_link(row),),
        deployed_process_definitions={each.id: each for each in processes if _is_of(each.resource, files)} or None,
        deployed_decision_definitions={each.id: each for each in decisions if _is_of(each.resource, files)} or None,
    )


@resource.get("/deployment/<id>")
def get(id: str) -> Deployment:
    """One deployment."""
    return _shown(engine().deployments.deployed_one(whole(id, "deployment")))


class Deletion(Query, frozen=True, kw_only=True):
    """How to delete."""

    cascade: bool = False
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False


@resource.delete("/deployment/<id>")
def delete(id: str, query: Deletion) -> None:
    """Take an old deployment away that nothing needs."""
    if query.cascade:
        raise unsupported("What has run is history, and no deployment takes it along. Leave cascade out.")
    engine().deployments.remove(whole(id, "deployment"), actor())


@resource.get("/deployment/<id>/resources")
def resources(id: str) -> tuple[ResourceFile, ...]:
    """Its files; the id of one is its digest."""
    found = engine().deployments.resources(whole(id, "deployment"))
    return tuple(ResourceFile(id=each.digest, name=each.name, deployment_id=id) for each in found)


@resource.get("/deployment/<id>/resources/<resource_id>")
def resource_file(id: str, resource_id: str) -> ResourceFile:
    """One of its files."""
    return _file(id, resource_id)


@resource.get("/deployment/<id>/resources/<resource_id>/data", produces="application/octet-stream")
def data(id: str, resource_id: str) -> Response:
    """The contents of one. Diagrams and tables are no secret; the others need the right to deploy."""
    found = _file(id, resource_id)
    response = Response(engine().deployments.content(int(id), found.name, actor()), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name.rpartition("/")[2])
    return response


def _file(id: str, resource_id: str) -> ResourceFile:
    for each in resources(id):
        if each.id == resource_id:
            return each
    raise invalid(f"The deployment {id} has no file {resource_id}.", 404)


def _filter(query: DeploymentQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> DeploymentFilter:
    return DeploymentFilter(
        ids=narrowing.numbers(narrowing.both(query.id, None)),
        note=query.name,
        note_like=query.name_like,
        at=Span(None, narrowing.read(query.after), narrowing.read(query.before)),
        order=wanted,
    )


def _shown(row: DeploymentRow) -> Deployment:
    return Deployment(id=str(row.id), name=row.note or None, source=None, deployment_time=Moment(row.at))


def _link(row: DeploymentRow) -> Link:
    return Link(method="GET", href=f"{request.root_url}engine-rest/deployment/{row.id}", rel="self")


def _check_fields() -> None:
    for name, value in request.form.items(multi=True):
        if name in _ABSENT and value:
            raise unsupported(_ABSENT[name])
        if name not in _PLAIN and name not in _ABSENT:
            raise invalid(f"The part {name} is neither a file (it has no file name) nor known.")


def _is_of(file: str, sent: Mapping[str, bytes]) -> bool:
    """Whether a file of the practice is one that was sent: modelers know no folders."""
    return file in sent or file.rpartition("/")[2] in sent


def _name(filename: str | None, part: str) -> str:
    """The path within the practice that a part is for."""
    name = (filename or part).replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or not name.isprintable():
        raise invalid(f"A file cannot be called {name}.")
    return name
