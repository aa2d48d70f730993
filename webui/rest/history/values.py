"""Variables as they are or were last, and what was entered into forms."""

from __future__ import annotations

from typing import Any

from engine.values import Value
from engine.views import (
    HistoryFilter,
    InstanceHead,
    PastValue,
)
from webui.access import engine
from webui.rest import ids, narrowing, variables
from webui.rest.door import actor
from webui.rest.history.past import Past, activity_id, head, resource, where
from webui.rest.paging import Paging
from webui.rest.refusing import unsupported
from webui.rest.shapes import Count, Moment, Query


class PastVariable(Past, frozen=True, kw_only=True):
    """A variable of an instance, as it is or was last."""

    id: str
    name: str
    type: str
    value: Any
    value_info: dict[str, Any]
    activity_instance_id: str
    execution_id: str
    task_id: str | None = None
    error_message: str | None = None
    create_time: Moment | None = None
    state: str = "CREATED"


class Detail(Past, frozen=True, kw_only=True):
    """A value that was entered into a field of a form."""

    id: str
    type: str = "formField"
    field_id: str
    field_value: Any
    activity_instance_id: str
    execution_id: str
    task_id: str | None
    time: Moment
    user_operation_id: str | None = None


class PastVariableQuery(Query, frozen=True, kw_only=True):
    """Which variables: those of one instance."""

    process_instance_id: str | None = None
    variable_name: str | None = None
    variable_name_in: tuple[str, ...] | None = None
    deserialize_values: bool = True
    deserialize_value: bool = True


class DetailQuery(Query, frozen=True, kw_only=True):
    """Which details: those of one instance or task."""

    process_instance_id: str | None = None
    task_id: str | None = None
    activity_instance_id: str | None = None
    form_fields: bool = False
    deserialize_values: bool = True


@resource.get("/history/variable-instance")
def variable_instances(query: PastVariableQuery, page: Paging) -> tuple[PastVariable, ...]:
    """The variables of an instance; needs the right to correct them."""
    return tuple(page.part(_variables(query)))


@resource.post("/history/variable-instance")
def query_variables(body: PastVariableQuery, page: Paging) -> tuple[PastVariable, ...]:
    """The same by a query as JSON."""
    return variable_instances(body, page)


@resource.get("/history/variable-instance/count")
def count_variables(query: PastVariableQuery) -> Count:
    """How many there are."""
    return Count(count=len(_variables(query)))


@resource.get("/history/variable-instance/<id>")
def variable_instance(id: str) -> PastVariable:
    """One of them; its id is `instance:name`."""
    number, _, name = id.partition(":")
    found = _variables(PastVariableQuery(process_instance_id=number, variable_name=name))
    return found[0] if found else ids.missing(id, "variable instance")


@resource.get("/history/detail")
def details(query: DetailQuery, page: Paging) -> tuple[Detail, ...]:
    """What was entered into the forms of an instance or task, in order."""
    return tuple(page.part(_details(query)))


@resource.get("/history/detail/count")
def count_details(query: DetailQuery) -> Count:
    """How much that is."""
    return Count(count=len(_details(query)))


def _variables(query: PastVariableQuery) -> list[PastVariable]:
    if query.process_instance_id is None:
        raise unsupported("Variables are asked for by their instance: processInstanceId.")
    found = head(query.process_instance_id)
    names = narrowing.both(query.variable_name, query.variable_name_in)
    values = engine().instances.variables(found.id, actor())
    return [
        _variable(found, name, value) for name, value in sorted(values.items()) if names is None or name in names
    ]  # fmt: skip


def _variable(of: InstanceHead, name: str, value: Value) -> PastVariable:
    given = variables.show(value)
    return PastVariable(
        process_definition_id=ids.definition(of.process_id, of.version, of.definition_id),
        process_definition_key=of.process_id,
        process_instance_id=str(of.id),
        root_process_instance_id=str(of.id),
        id=f"{of.id}:{name}",
        name=name,
        type=given.type,
        value=given.value,
        value_info=given.value_info,
        activity_instance_id=str(of.id),
        execution_id=str(of.id),
    )


def _details(query: DetailQuery) -> list[Detail]:
    if query.process_instance_id is None and query.task_id is None:
        raise unsupported("Details are asked for by their instance or task: processInstanceId, taskId.")
    wanted = HistoryFilter(
        instance_ids=narrowing.numbers(narrowing.both(query.process_instance_id, None)),
        task_ids=narrowing.numbers(narrowing.both(query.task_id, None)),
    )
    found = map(_detail, engine().history_search.values(wanted, actor()))
    return [each for each in found if query.activity_instance_id in (None, each.activity_instance_id)]


def _detail(found: PastValue) -> Detail:
    return Detail(
        **where(found),
        id=f"{found.instance_id}:{found.seq}:{found.name}",
        field_id=found.name,
        field_value=variables.show(found.value).value,
        activity_instance_id=activity_id(found),
        execution_id=ids.execution(found.instance_id, found.token),
        task_id=None if found.task_id is None else str(found.task_id),
        time=Moment(found.at),
    )
