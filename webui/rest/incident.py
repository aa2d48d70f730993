"""Incidents: what is stuck, and trying it again."""

from __future__ import annotations

from engine.views import OpenIncident, Span, WaitingFilter
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.paging import Page
from webui.rest.shapes import Answer, Count, Moment, Query

resource = Resource("Incident")
_EXTERNAL, _FAILED_EXTERNAL, _FAILED = "external", "failedExternalTask", "failedJob"
_ORDER = {
    "incidentId": "id", "incidentTimestamp": "at", "incidentType": "code", "incidentMessage": "text",
    "processInstanceId": "instance_id", "activityId": "element_id",
}  # fmt: skip


class Incident(Answer, frozen=True, kw_only=True):
    """A step that failed, or a task that nobody can do. `incidentCode` is ours: what went wrong, as a word."""

    id: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    incident_timestamp: Moment
    incident_type: str
    incident_code: str
    activity_id: str
    failed_activity_id: str
    cause_incident_id: str
    root_cause_incident_id: str
    configuration: str | None = None
    tenant_id: str | None = None
    incident_message: str
    job_definition_id: str | None = None
    annotation: str | None = None


class IncidentQuery(Query, frozen=True, kw_only=True):
    """Which incidents."""

    incident_id: str | None = None
    incident_type: str | None = None
    incident_message: str | None = None
    incident_message_like: str = ""
    process_definition_id: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    process_instance_id: str | None = None
    execution_id: str | None = None
    activity_id: str | None = None
    failed_activity_id: str | None = None
    incident_timestamp_before: Moment | None = None
    incident_timestamp_after: Moment | None = None


@resource.get("/incident")
def list_(query: IncidentQuery, page: Page) -> tuple[Incident, ...]:
    """The open incidents of instances that one may know."""
    wanted = _filter(query, page.order(_ORDER))
    return tuple(map(_shown, page.whole(engine().waiting.incidents(wanted, actor(), page.limit, page.first_result))))


@resource.get("/incident/count")
def count(query: IncidentQuery) -> Count:
    """How many there are."""
    return Count(count=engine().waiting.count_incidents(_filter(query), actor()))


@resource.get("/incident/<id>")
def get(id: str) -> Incident:
    """One of them."""
    found = engine().waiting.incidents(WaitingFilter(ids=(ids.whole(id, "incident"),)), actor(), 1)
    return _shown(found[0]) if found else ids.missing(id, "incident")


@resource.delete("/incident/<id>")
def resolve(id: str) -> None:
    """Resolve it by letting its step run again; needs the right to retry."""
    engine().incidents.retry(ids.whole(get(id).id, "incident"), actor())


def _filter(query: IncidentQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> WaitingFilter:
    kind = query.incident_type
    codes = (_EXTERNAL,) if kind == _FAILED_EXTERNAL else () if kind not in (None, _FAILED) else None
    return WaitingFilter(
        ids=narrowing.numbers(narrowing.both(query.incident_id, None)),
        codes=codes,
        not_codes=(_EXTERNAL,) if kind == _FAILED else (),
        instance_ids=narrowing.numbers(narrowing.both(query.process_instance_id, None)),
        definition_id=narrowing.definition(query.process_definition_id),
        processes=query.process_definition_key_in,
        element_ids=narrowing.both(query.activity_id, narrowing.both(query.failed_activity_id, None)),
        token=ids.execution_parts(query.execution_id) if query.execution_id is not None else None,
        text=query.incident_message,
        text_like=query.incident_message_like,
        at=Span(None, narrowing.read(query.incident_timestamp_after), narrowing.read(query.incident_timestamp_before)),
        order=wanted,
    )


def _shown(found: OpenIncident) -> Incident:
    return Incident(
        id=str(found.id),
        process_definition_id=ids.definition(found.process_id, found.version, found.definition_id),
        process_instance_id=str(found.instance_id),
        execution_id=ids.execution(found.instance_id, found.token),
        incident_timestamp=Moment(found.at),
        incident_type=_FAILED_EXTERNAL if found.code == _EXTERNAL else _FAILED,
        incident_code=found.code,
        activity_id=found.element_id,
        failed_activity_id=found.element_id,
        cause_incident_id=str(found.id),
        root_cause_incident_id=str(found.id),
        incident_message=found.text,
    )
