"""Process definitions: every version that was deployed; starting the one that holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response
from msgspec import UNSET, UnsetType

from engine.scenarios.proof.drawing import draw
from engine.views import DefinitionRow
from webui.access import engine
from webui.rest import ids, narrowing, variables
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.paging import Page
from webui.rest.refusing import invalid, unsupported
from webui.rest.shapes import Answer, Body, Count, Link, Query
from webui.rest.variables import Given, Shown

resource = Resource("Process definition")
NO_KEY = "default"
"""The business key that Camunda Modeler gives every instance it starts unless another is typed: it stands for none."""
_ORDER = {
    "category": "category",
    "deploymentId": "deployment_id",
    "id": "id",
    "key": "process_id",
    "name": "name",
    "version": "version",
    "deployTime": "deployed_at",
}


class ProcessDefinition(Answer, frozen=True, kw_only=True):
    """A version of a process."""

    id: str
    key: str
    category: str | None = None
    description: str | None = None
    name: str | None
    version: int
    resource: str
    deployment_id: str
    diagram: str | None = None
    suspended: bool = False
    tenant_id: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    startable_in_tasklist: bool = True


class Xml(Answer, frozen=True, kw_only=True):
    """The diagram file of a version."""

    id: str
    bpmn20_xml: str


class DefinitionQuery(Query, frozen=True, kw_only=True):
    """Which versions."""

    process_definition_id: str | None = None
    process_definition_id_in: tuple[str, ...] | None = None
    key: str | None = None
    keys_in: tuple[str, ...] | None = None
    key_like: str = ""
    name: str | None = None
    name_like: str = ""
    deployment_id: str | None = None
    resource_name: str | None = None
    version: int | None = None
    latest_version: bool = False
    active: bool = False
    suspended: bool = False
    without_tenant_id: bool = False


class StartInstance(Body, frozen=True, kw_only=True):
    """How to start: with the fields of the start form, and a key of one's own or that of the record to join."""

    variables: dict[str, Given] | None = None
    business_key: str | None = None
    case_instance_id: str | None = None
    start_instructions: list[dict[str, Any]] | None = None
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    with_variables_in_return: bool = False


class StartedInstance(Answer, frozen=True, kw_only=True):
    """What was started."""

    id: str
    definition_id: str
    definition_key: str
    business_key: str | None
    case_instance_id: str | None = None
    ended: bool
    suspended: bool = False
    tenant_id: str | None = None
    links: tuple[Link, ...] = ()
    variables: dict[str, Shown] | UnsetType = UNSET


class IncidentStatistics(Answer, frozen=True, kw_only=True):
    """How many incidents of a kind."""

    incident_type: str
    incident_count: int


class Statistics(Answer, frozen=True, kw_only=True):
    """How much of a version runs."""

    id: str
    instances: int
    failed_jobs: int
    incidents: tuple[IncidentStatistics, ...]
    definition: ProcessDefinition


class StatisticsQuery(Query, frozen=True, kw_only=True):
    """What to count."""

    failed_jobs: bool = False
    incidents: bool = False
    incidents_for_type: str | None = None


@resource.get("/process-definition")
def list_(query: DefinitionQuery, page: Page) -> tuple[ProcessDefinition, ...]:
    """The versions."""
    known = {key: name for key, name in _ORDER.items() if name != "category"}
    return tuple(map(shown, page.sorted_part(_found(query), known)))


@resource.get("/process-definition/count")
def count(query: DefinitionQuery) -> Count:
    """How many there are."""
    return Count(count=len(_found(query)))


@resource.get("/process-definition/statistics")
def statistics(query: StatisticsQuery) -> tuple[Statistics, ...]:
    """How much runs of every version, as far as one may know it, each counted up to 1,000."""
    return tuple(
        Statistics(
            id=ids.definition(row.process_id, row.version, row.id),
            instances=row.running,
            failed_jobs=0,
            incidents=(IncidentStatistics(incident_type="failedJob", incident_count=row.incidents),)
            if query.incidents and row.incidents and query.incidents_for_type in (None, "failedJob")
            else (),
            definition=shown(row),
        )
        for row in engine().deployments.list(actor())
    )


@resource.get("/process-definition/<id>")
def get(id: str) -> ProcessDefinition:
    """One version."""
    return shown(row_of(id))


@resource.get("/process-definition/key/<key>")
def get_by_key(key: str) -> ProcessDefinition:
    """The version that holds."""
    return shown(latest(key))


@resource.get("/process-definition/<id>/xml")
def xml(id: str) -> Xml:
    """The diagram file of a version."""
    return _xml(row_of(id))


@resource.get("/process-definition/key/<key>/xml")
def xml_by_key(key: str) -> Xml:
    """The diagram file of the version that holds."""
    return _xml(latest(key))


@resource.get("/process-definition/<id>/diagram", produces="image/svg+xml")
def diagram(id: str) -> Response | None:
    """The diagram as a picture (SVG); nothing when it was never drawn."""
    return _diagram(row_of(id))


@resource.get("/process-definition/key/<key>/diagram", produces="image/svg+xml")
def diagram_by_key(key: str) -> Response | None:
    """The picture of the version that holds."""
    return _diagram(latest(key))


class FormQuery(Query, frozen=True, kw_only=True):
    """Which fields."""

    variable_names: tuple[str, ...] | None = None
    deserialize_values: bool = True


@resource.get("/process-definition/<id>/form-variables")
def form_variables(id: str, query: FormQuery) -> dict[str, Shown]:
    """The fields of the start form with what fills them beforehand; for who may start it."""
    return _form_variables(_startable(id), query)


@resource.get("/process-definition/key/<key>/form-variables")
def form_variables_by_key(key: str, query: FormQuery) -> dict[str, Shown]:
    """The same of the version that holds."""
    return _form_variables(latest(key), query)


@resource.post("/process-definition/<id>/start")
def start(id: str, body: StartInstance) -> StartedInstance:
    """Start an instance, as the starters of the diagram may; of the version that holds."""
    return _start(_startable(id), body)


@resource.post("/process-definition/key/<key>/start")
def start_by_key(key: str, body: StartInstance) -> StartedInstance:
    """Start an instance of the version that holds."""
    return _start(latest(key), body)


class SubmitForm(Body, frozen=True, kw_only=True):
    """The fields of the start form."""

    variables: dict[str, Given] | None = None
    business_key: str | None = None


@resource.post("/process-definition/<id>/submit-form")
def submit_form(id: str, body: SubmitForm) -> StartedInstance:
    """Start an instance; the same as start."""
    return _start(_startable(id), StartInstance(variables=body.variables, business_key=body.business_key))


@resource.post("/process-definition/key/<key>/submit-form")
def submit_form_by_key(key: str, body: SubmitForm) -> StartedInstance:
    """The same of the version that holds."""
    return _start(latest(key), StartInstance(variables=body.variables, business_key=body.business_key))


# --- for other resources ----------------------------------------------------------------------------------------


def rows() -> Sequence[DefinitionRow]:
    """Every version, by process, newest first."""
    return engine().deployments.definitions()


def row_of(id: str) -> DefinitionRow:
    """The version with this id. Raises Refused with 404."""
    number = ids.definition_number(id)
    for row in rows():
        if row.id == number and ids.definition(row.process_id, row.version, row.id) == id:
            return row
    return ids.missing(id, "process definition")


def latest(key: str) -> DefinitionRow:
    """The version of a process that holds. Raises Refused with 404."""
    for row in rows():
        if row.process_id == key and row.latest:
            return row
    raise invalid(f"There is no process definition with the key {key}.", 404)


def shown(row: DefinitionRow) -> ProcessDefinition:
    """A version as it is answered."""
    return ProcessDefinition(
        id=ids.definition(row.process_id, row.version, row.id),
        key=row.process_id,
        name=row.name or None,
        version=row.version,
        resource=row.file,
        deployment_id=str(row.deployment_id),
    )


# --- within -----------------------------------------------------------------------------------------------------


def _found(query: DefinitionQuery) -> list[DefinitionRow]:
    if query.suspended:
        return []
    numbers = None
    if query.process_definition_id_in is not None:
        numbers = {ids.definition_number(id) for id in query.process_definition_id_in}
    return [
        row
        for row in rows()
        if query.process_definition_id in (None, ids.definition(row.process_id, row.version, row.id))
        and (numbers is None or row.id in numbers)
        and query.key in (None, row.process_id)
        and (query.keys_in is None or row.process_id in query.keys_in)
        and narrowing.like(query.key_like, row.process_id)
        and query.name in (None, row.name)
        and narrowing.like(query.name_like, row.name)
        and query.deployment_id in (None, str(row.deployment_id))
        and query.resource_name in (None, row.file)
        and query.version in (None, row.version)
        and (row.latest or not query.latest_version)
    ]


def _startable(id: str) -> DefinitionRow:
    row = row_of(id)
    if not row.latest:
        raise invalid(f"{id} is not the version that holds. Start {row.process_id} by its key, or the latest version.")
    return row


def _xml(row: DefinitionRow) -> Xml:
    found = engine().deployments.source(row.process_id, row.version, actor())
    return Xml(id=ids.definition(row.process_id, row.version, row.id), bpmn20_xml=found.decode("utf-8", "replace"))


def _diagram(row: DefinitionRow) -> Response | None:
    found = draw(engine().deployments.source(row.process_id, row.version, actor()), row.process_id)
    return Response(found, mimetype="image/svg+xml") if found else None


def _form_variables(row: DefinitionRow, query: FormQuery) -> dict[str, Shown]:
    form, filled = engine().instances.start_form(row.process_id, actor())
    values = {field.name: filled.get(field.name) for field in form}
    return variables.shown(
        {name: value for name, value in values.items() if query.variable_names is None or name in query.variable_names}
    )


def _start(row: DefinitionRow, body: StartInstance) -> StartedInstance:
    if body.start_instructions:
        raise unsupported("An instance starts at its start event. Start it, then modify it.")
    if body.case_instance_id:
        raise unsupported("Cases (CMMN) are not supported.")
    given = variables.read(body.variables)
    key = "" if body.business_key == NO_KEY else body.business_key or ""
    done = engine().instances.start(row.process_id, given, actor(), key=key)
    return StartedInstance(
        id=str(done.instance_id),
        definition_id=ids.definition(row.process_id, row.version, row.id),
        definition_key=row.process_id,
        business_key=done.business_key,
        ended=False,
        variables=variables.shown(given) if body.with_variables_in_return else UNSET,
    )
