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
from webui.rest.history.past import Past, activity_id, head, resource, span, where
from webui.rest.paging import Page, Paging, Sorting, in_order, order
from webui.rest.refusing import unsupported
from webui.rest.shapes import Count, Moment, Query

_VARIABLES = {"variableName": "name", "variableType": "type"}
_DETAILS = {"processInstanceId": "instance_id", "formPropertyId": "name", "time": "began", "occurrence": "seq"}


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
    variable_name_like: str = ""
    deserialize_values: bool = True
    deserialize_value: bool = True


class SortedPastVariableQuery(PastVariableQuery, frozen=True, kw_only=True):
    """Which variables, and in which order."""

    sorting: tuple[Sorting, ...] = ()


class DetailQuery(Query, frozen=True, kw_only=True):
    """Which details: those of one instance or task."""

    process_instance_id: str | None = None
    process_instance_id_in: tuple[str, ...] | None = None
    task_id: str | None = None
    activity_instance_id: str | None = None
    execution_id: str | None = None
    form_fields: bool = False
    occurred_before: Moment | None = None
    occurred_after: Moment | None = None
    exclude_task_details: bool = False
    deserialize_values: bool = True


class SortedDetailQuery(DetailQuery, frozen=True, kw_only=True):
    """Which details, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/history/variable-instance")
def variable_instances(query: PastVariableQuery, page: Page) -> tuple[PastVariable, ...]:
    """The variables of an instance; needs the right to correct them."""
    return tuple(page.sorted_part(_variables(query), _VARIABLES))


@resource.post("/history/variable-instance")
def query_variables(body: SortedPastVariableQuery, page: Paging) -> tuple[PastVariable, ...]:
    """The same by a query as JSON."""
    return tuple(page.part(in_order(_variables(body), order(body.sorting, _VARIABLES))))


@resource.get("/history/variable-instance/count")
def count_variables(query: PastVariableQuery) -> Count:
    """How many there are."""
    return Count(count=len(_variables(query)))


@resource.post("/history/variable-instance/count")
def query_count_variables(body: SortedPastVariableQuery) -> Count:
    """The same by a query as JSON."""
    return count_variables(body)


@resource.get("/history/variable-instance/<id>")
def variable_instance(id: str) -> PastVariable:
    """One of them; its id is `instance:name`."""
    number, _, name = id.partition(":")
    found = _variables(PastVariableQuery(process_instance_id=number, variable_name=name))
    return found[0] if found else ids.missing(id, "variable instance")


@resource.get("/history/detail")
def details(query: DetailQuery, page: Page) -> tuple[Detail, ...]:
    """What was entered into the forms of an instance or task, in order."""
    return _details(query, page, page.order(_DETAILS))


@resource.post("/history/detail")
def query_details(body: SortedDetailQuery, page: Paging) -> tuple[Detail, ...]:
    """The same by a query as JSON."""
    return _details(body, page, order(body.sorting, _DETAILS))


@resource.get("/history/detail/count")
def count_details(query: DetailQuery) -> Count:
    """How much that is."""
    return Count(count=engine().history_search.count_values(_of_details(query), actor()))


def _details(query: DetailQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[Detail, ...]:
    found = engine().history_search.values(_of_details(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_detail, page.whole(found)))


def _of_details(query: DetailQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> HistoryFilter:
    instances = narrowing.both(query.process_instance_id, query.process_instance_id_in)
    if instances is None and query.task_id is None:
        raise unsupported("Details are asked for by their instance or task: processInstanceId, taskId.")
    if query.exclude_task_details:
        raise unsupported("Details are what was entered into forms, most of them those of tasks.")
    element, one = narrowing.activity(query.activity_instance_id, query.execution_id)
    return HistoryFilter(
        instance_ids=narrowing.numbers(instances),
        task_ids=narrowing.numbers(narrowing.both(query.task_id, None)),
        element_ids=narrowing.both(element, None),
        one=one,
        began=span(query.occurred_after, query.occurred_before),
        order=wanted,
    )


def _variables(query: PastVariableQuery) -> list[PastVariable]:
    if query.process_instance_id is None:
        raise unsupported("Variables are asked for by their instance: processInstanceId.")
    found = head(query.process_instance_id)
    names = narrowing.both(query.variable_name, query.variable_name_in)
    values = engine().instances.variables(found.id, actor())  # all are one text in one row
    return [
        _variable(found, name, value)
        for name, value in sorted(values.items())
        if (names is None or name in names) and narrowing.like(query.variable_name_like, name)
    ]


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
