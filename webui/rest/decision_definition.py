"""Decision definitions: the decisions that hold, and what they answer."""

from __future__ import annotations

from engine.views import DefinitionRow
from webui.access import engine
from webui.rest import ids, narrowing, variables
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.paging import Page
from webui.rest.refusing import invalid
from webui.rest.shapes import Answer, Body, Count, Query
from webui.rest.variables import Given, Shown

resource = Resource("Decision definition")
_ORDER = {"id": "id", "key": "process_id", "name": "name", "version": "version", "deploymentId": "deployment_id"}


class DecisionDefinition(Answer, frozen=True, kw_only=True):
    """A decision of the practice deployed last."""

    id: str
    key: str
    category: str | None = None
    name: str | None
    version: int
    resource: str
    deployment_id: str
    decision_requirements_definition_id: str | None = None
    decision_requirements_definition_key: str | None = None
    tenant_id: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None


class DecisionXml(Answer, frozen=True, kw_only=True):
    """The file of a decision."""

    id: str
    dmn_xml: str


class DecisionQuery(Query, frozen=True, kw_only=True):
    """Which decisions."""

    decision_definition_id: str | None = None
    decision_definition_id_in: tuple[str, ...] | None = None
    key: str | None = None
    key_like: str = ""
    name: str | None = None
    name_like: str = ""
    deployment_id: str | None = None
    resource_name: str | None = None
    version: int | None = None
    latest_version: bool = False
    without_tenant_id: bool = False


class Evaluate(Body, frozen=True, kw_only=True):
    """The names that the decision reads."""

    variables: dict[str, Given] | None = None


@resource.get("/decision-definition")
def list_(query: DecisionQuery, page: Page) -> tuple[DecisionDefinition, ...]:
    """The decisions that hold."""
    return tuple(map(shown, page.sorted_part(_found(query), _ORDER)))


@resource.get("/decision-definition/count")
def count(query: DecisionQuery) -> Count:
    """How many there are."""
    return Count(count=len(_found(query)))


@resource.get("/decision-definition/<id>")
def get(id: str) -> DecisionDefinition:
    """One decision."""
    return shown(_row(id))


@resource.get("/decision-definition/key/<key>")
def get_by_key(key: str) -> DecisionDefinition:
    """One decision, by its key."""
    return shown(_by_key(key))


@resource.get("/decision-definition/<id>/xml")
def xml(id: str) -> DecisionXml:
    """The file of a decision."""
    return _xml(_row(id))


@resource.get("/decision-definition/key/<key>/xml")
def xml_by_key(key: str) -> DecisionXml:
    """The file of a decision, by its key."""
    return _xml(_by_key(key))


@resource.post("/decision-definition/<id>/evaluate")
def evaluate(id: str, body: Evaluate) -> tuple[dict[str, Shown], ...]:
    """What a decision answers: one object of outputs for each row that holds."""
    return _evaluated(_row(id), body)


@resource.post("/decision-definition/key/<key>/evaluate")
def evaluate_by_key(key: str, body: Evaluate) -> tuple[dict[str, Shown], ...]:
    """The same by its key."""
    return _evaluated(_by_key(key), body)


def shown(row: DefinitionRow) -> DecisionDefinition:
    """A decision as it is answered."""
    return DecisionDefinition(
        id=ids.definition(row.process_id, row.version, row.id),
        key=row.process_id,
        name=row.name or None,
        version=row.version,
        resource=row.file,
        deployment_id=str(row.deployment_id),
    )


def _found(query: DecisionQuery) -> list[DefinitionRow]:
    wanted = query.decision_definition_id_in
    return [
        row
        for row in engine().deployments.decisions()
        if query.decision_definition_id in (None, shown(row).id)
        and (wanted is None or shown(row).id in wanted)
        and query.key in (None, row.process_id)
        and narrowing.like(query.key_like, row.process_id)
        and query.name in (None, row.name)
        and narrowing.like(query.name_like, row.name)
        and query.deployment_id in (None, str(row.deployment_id))
        and query.resource_name in (None, row.file)
        and query.version in (None, row.version)
    ]


def _row(id: str) -> DefinitionRow:
    for row in engine().deployments.decisions():
        if shown(row).id == id:
            return row
    return ids.missing(id, "decision definition")


def _by_key(key: str) -> DefinitionRow:
    for row in engine().deployments.decisions():
        if row.process_id == key:
            return row
    raise invalid(f"There is no decision definition with the key {key}.", 404)


def _xml(row: DefinitionRow) -> DecisionXml:
    content = engine().deployments.decision_source(row.process_id)
    return DecisionXml(id=shown(row).id, dmn_xml=content.decode("utf-8", "replace"))


def _evaluated(row: DefinitionRow, body: Evaluate) -> tuple[dict[str, Shown], ...]:
    outcome = engine().deployments.decide(row.process_id, variables.read(body.variables), actor())
    return tuple(variables.shown(each) for each in outcome.rows)
