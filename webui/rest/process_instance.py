"""Process instances: lists, variables, holding, ending, repairing, and what goes on in one."""

from __future__ import annotations

from typing import Any, Literal

from engine.views import InstanceFilter, InstanceHead, Live
from webui.access import engine
from webui.rest import ids, process_definition, variables
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.refusing import invalid, unsupported
from webui.rest.shapes import Answer, Body, Count, Link, Query
from webui.rest.variables import Given, Shown

resource = Resource("Process instance")
REASON = "Through /engine-rest"
"""What history gives as the reason, where Camunda 7's interface has none."""
_ORDER = {"instanceId": "id", "definitionId": "definition", "definitionKey": "process", "businessKey": "key"}


class ProcessInstance(Answer, frozen=True, kw_only=True):
    """An instance that has not ended."""

    id: str
    definition_id: str
    definition_key: str
    business_key: str
    case_instance_id: str | None = None
    ended: bool = False
    suspended: bool
    tenant_id: str | None = None
    links: tuple[Link, ...] = ()


class InstanceQuery(Query, frozen=True, kw_only=True):
    """Which instances."""

    process_instance_ids: tuple[str, ...] | None = None
    business_key: str | None = None
    business_key_like: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    process_definition_key_not_in: tuple[str, ...] | None = None
    deployment_id: str | None = None
    active: bool = False
    suspended: bool = False
    with_incident: bool = False
    activity_id_in: tuple[str, ...] | None = None
    root_process_instances: bool = False
    leaf_process_instances: bool = False
    process_definition_without_tenant_id: bool = False
    without_tenant_id: bool = False


class SortedInstanceQuery(InstanceQuery, frozen=True, kw_only=True):
    """Which instances, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/process-instance")
def list_(query: InstanceQuery, page: Page) -> tuple[ProcessInstance, ...]:
    """The open instances that one may know."""
    return _listed(query, page, page.order(_ORDER))


@resource.post("/process-instance")
def query(body: SortedInstanceQuery, page: Paging) -> tuple[ProcessInstance, ...]:
    """The same by a query as JSON."""
    return _listed(body, page, order(body.sorting, _ORDER))


@resource.get("/process-instance/count")
def count(query: InstanceQuery) -> Count:
    """How many there are."""
    return Count(count=engine().instances.count(_filter(query), actor()))


@resource.post("/process-instance/count")
def query_count(body: SortedInstanceQuery) -> Count:
    """The same by a query as JSON."""
    return Count(count=engine().instances.count(_filter(body), actor()))


@resource.get("/process-instance/<id>")
def get(id: str) -> ProcessInstance:
    """One instance, while it has not ended."""
    return shown(head(id))


class Deletion(Query, frozen=True, kw_only=True):
    """How to end it. `deleteReason` is ours: history keeps it."""

    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    skip_subprocesses: bool = False
    fail_if_not_exists: bool = True
    delete_reason: str = REASON


@resource.delete("/process-instance/<id>")
def delete(id: str, query: Deletion) -> None:
    """Cancel an instance with everything it waits for; needs the right to cancel. Its history stays."""
    if query.skip_subprocesses:
        raise unsupported("An instance is ended with all it called.")
    found = engine().instances.search(_one(id), actor(), limit=1)
    if found or query.fail_if_not_exists:
        engine().instances.cancel(ids.whole(id, "process instance"), query.delete_reason, actor())


class Suspend(Body, frozen=True, kw_only=True):
    """Hold it, or go on."""

    suspended: bool


@resource.put("/process-instance/<id>/suspended")
def suspend(id: str, body: Suspend) -> None:
    """Hold the record of an instance, or end the hold; needs the right to hold."""
    number = ids.whole(id, "process instance")
    if body.suspended:
        engine().instances.hold(number, REASON, None, actor())
    else:
        engine().instances.resume(number, actor())


# --- variables --------------------------------------------------------------------------------------------------


class Reading(Query, frozen=True, kw_only=True):
    """How to read variables; JSON is a text either way."""

    deserialize_values: bool = True
    deserialize_value: bool = True


class Modifications(Body, frozen=True, kw_only=True):
    """What to change."""

    modifications: dict[str, Given] | None = None
    deletions: tuple[str, ...] | None = None


@resource.get("/process-instance/<id>/variables")
def all_variables(id: str, query: Reading) -> dict[str, Shown]:  # noqa: ARG001 - JSON is a text either way
    """The variables; needs the right to correct them."""
    return variables.shown(engine().instances.variables(ids.whole(id, "process instance"), actor()))


@resource.post("/process-instance/<id>/variables")
def change_variables(id: str, body: Modifications) -> None:
    """Correct variables; what they were is kept in the history."""
    if body.deletions:
        raise unsupported("A variable is not taken away, since history would miss it. Set it to null.")
    _correct(id, body.modifications or {})


@resource.get("/process-instance/<id>/variables/<name>")
def one_variable(id: str, name: str, query: Reading) -> Shown:
    """One variable."""
    found = all_variables(id, query)
    if name not in found:
        raise invalid(f"The instance {id} has no variable {name}.", 404)
    return found[name]


@resource.put("/process-instance/<id>/variables/<name>")
def put_variable(id: str, name: str, body: Given) -> None:
    """Correct one variable."""
    _correct(id, {name: body})


# --- what goes on -----------------------------------------------------------------------------------------------


class ActivityIncident(Answer, frozen=True, kw_only=True):
    """An incident at an activity."""

    id: str
    activity_id: str


class ActivityInstance(Answer, frozen=True, kw_only=True):
    """An activity that is going on, with those within it."""

    id: str
    parent_activity_instance_id: str | None
    activity_id: str
    activity_name: str | None
    name: str | None
    activity_type: str
    process_instance_id: str
    process_definition_id: str
    child_activity_instances: tuple[ActivityInstance, ...]
    child_transition_instances: tuple[str, ...] = ()
    execution_ids: tuple[str, ...]
    incident_ids: tuple[str, ...] = ()
    incidents: tuple[ActivityIncident, ...] = ()


@resource.get("/process-instance/<id>/activity-instances")
def activity_instances(id: str) -> ActivityInstance:
    """The tree of what goes on. What was called is within its call activity."""
    found = head(id)
    live = engine().instances.live(found.id, actor())
    return ActivityInstance(
        id=id,
        parent_activity_instance_id=None,
        activity_id=_definition_id(found),
        activity_name=None,
        name=None,
        activity_type="processDefinition",
        process_instance_id=id,
        process_definition_id=_definition_id(found),
        child_activity_instances=_within(found, live, 0),
        execution_ids=(id,),
    )


class Instruction(Body, frozen=True, kw_only=True):
    """One thing to do."""

    type: Literal["cancel", "startBeforeActivity", "startAfterActivity", "startTransition"]
    activity_id: str | None = None
    transition_id: str | None = None
    activity_instance_id: str | None = None
    transition_instance_id: str | None = None
    ancestor_activity_instance_id: str | None = None
    variables: dict[str, Any] | None = None
    cancel_current_active_activity_instances: bool = False


class Modification(Body, frozen=True, kw_only=True):
    """How to repair an instance."""

    instructions: tuple[Instruction, ...] = ()
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    annotation: str | None = None


@resource.post("/process-instance/<id>/modification")
def modify(id: str, body: Modification) -> None:
    """Withdraw what is at elements, start before others; needs the right to modify. The annotation is the reason."""
    cancel: list[str] = []
    before: list[str] = []
    for each in body.instructions:
        if each.activity_id is None or each.type in ("startAfterActivity", "startTransition"):
            raise unsupported("An instruction is cancel or startBeforeActivity, with an activityId.")
        if each.variables:
            raise unsupported("Set the variables by themselves, then modify the instance.")
        (cancel if each.type == "cancel" else before).append(each.activity_id)
    if not cancel and not before:
        raise invalid("There is no instruction.")
    number = ids.whole(id, "process instance")
    engine().instances.modify(number, cancel, before, body.annotation or REASON, actor())


# --- for other resources ----------------------------------------------------------------------------------------


def head(id: str) -> InstanceHead:
    """The open instance with this id, if one may know it. Raises Refused with 404."""
    found = engine().instances.search(_one(id), actor(), limit=1)
    return found[0] if found else ids.missing(id, "process instance")


def shown(found: InstanceHead) -> ProcessInstance:
    """An instance as it is answered."""
    return ProcessInstance(
        id=str(found.id),
        definition_id=_definition_id(found),
        definition_key=found.process_id,
        business_key=found.business_key,
        ended=found.ended_at is not None,
        suspended=found.state == "suspended",
    )


def numbers(texts: tuple[str, ...] | None) -> tuple[int, ...] | None:
    """The numbers of ids; what is none of ours is nobody's."""
    if texts is None:
        return None
    return tuple(ids.execution_parts(each)[0] for each in texts if each.isascii() and each.isdigit() and len(each) < 19)


# --- within -----------------------------------------------------------------------------------------------------


def _one(id: str) -> InstanceFilter:
    return InstanceFilter(ids=(ids.whole(id, "process instance"),), open=True)


def _definition_id(found: InstanceHead) -> str:
    return ids.definition(found.process_id, found.version, found.definition_id)


def _listed(query: InstanceQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[ProcessInstance, ...]:
    found = engine().instances.search(_filter(query), actor(), wanted, page.limit, page.first_result)
    return tuple(shown(each) for each in page.whole(found))


def _filter(query: InstanceQuery) -> InstanceFilter:
    definition = ids.definition_number(query.process_definition_id or "")
    if query.process_definition_id is not None and definition is None:
        return InstanceFilter(ids=())
    if query.active and query.suspended:
        return InstanceFilter(ids=())
    definitions: tuple[int, ...] = () if definition is None else (definition,)
    if query.deployment_id is not None:
        brought = {row.id for row in process_definition.rows() if str(row.deployment_id) == query.deployment_id}
        definitions = tuple(brought.intersection(definitions or brought))
        if not definitions:
            return InstanceFilter(ids=())
    keys = query.process_definition_key_in or ()
    if query.process_definition_key is not None:
        keys = (query.process_definition_key,)
    return InstanceFilter(
        ids=numbers(query.process_instance_ids),
        keys=(query.business_key,) if query.business_key is not None else (),
        like=query.business_key_like or "",
        processes=keys,
        not_processes=query.process_definition_key_not_in or (),
        definitions=definitions,
        states=("active",) if query.active else ("suspended",) if query.suspended else (),
        open=True,
        stuck=True if query.with_incident else None,
        elements=query.activity_id_in or (),
    )


def _correct(id: str, given: dict[str, Given]) -> None:
    if not given:
        raise invalid("There is nothing to change.")
    engine().instances.correct(ids.whole(id, "process instance"), variables.read(given), REASON, actor())


def _within(found: InstanceHead, live: tuple[Live, ...], parent: int) -> tuple[ActivityInstance, ...]:
    around = _activity_id(found, live, parent)
    return tuple(
        ActivityInstance(
            id=f"{each.element_id}:{found.id}:{each.token}",
            parent_activity_instance_id=around,
            activity_id=each.element_id,
            activity_name=each.name or None,
            name=each.name or None,
            activity_type=each.kind,
            process_instance_id=str(found.id),
            process_definition_id=_definition_id(found),
            child_activity_instances=_within(found, live, each.token),
            execution_ids=(ids.execution(found.id, each.token),),
        )
        for each in live
        if each.parent == parent
    )


def _activity_id(found: InstanceHead, live: tuple[Live, ...], token: int) -> str:
    return next((f"{each.element_id}:{found.id}:{token}" for each in live if each.token == token), str(found.id))
