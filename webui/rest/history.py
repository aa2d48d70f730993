"""History: instances, tasks, activities, decisions, variables, and what was entered into forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.values import Value
from engine.views import (
    HistoryFilter,
    InstanceFilter,
    InstanceHead,
    PastActivity,
    PastDecision,
    PastTask,
    PastValue,
    Span,
)
from webui.access import engine
from webui.rest import ids, narrowing, variables
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.refusing import unsupported
from webui.rest.shapes import Answer, Count, Moment, Query, moment

resource = Resource("History")
_INSTANCES = {
    "instanceId": "id", "definitionId": "definition", "definitionKey": "process", "businessKey": "key",
    "startTime": "started", "endTime": "ended",
}  # fmt: skip
_TASKS = {
    "taskId": "id", "startTime": "began", "endTime": "ended", "assignee": "assignee", "dueDate": "due",
    "processInstanceId": "instance_id", "taskDefinitionKey": "element_id", "processDefinitionId": "definition_id",
}  # fmt: skip
_ACTIVITIES = {
    "activityInstanceId": "token", "instanceId": "instance_id", "executionId": "token", "activityId": "element_id",
    "startTime": "began", "endTime": "ended", "definitionId": "definition_id",
}  # fmt: skip
_DECISIONS = {"evaluationTime": "began"}
_STATES = {"active": "ACTIVE", "suspended": "SUSPENDED", "completed": "COMPLETED", "cancelled": "EXTERNALLY_TERMINATED"}


class Past(Answer, frozen=True, kw_only=True):
    """What all that happened in an instance has."""

    process_definition_id: str
    process_definition_key: str
    process_instance_id: str
    root_process_instance_id: str
    tenant_id: str | None = None
    removal_time: Moment | None = None


class PastInstance(Answer, frozen=True, kw_only=True):
    """An instance, open or over."""

    id: str
    root_process_instance_id: str
    super_process_instance_id: str | None = None
    super_case_instance_id: str | None = None
    case_instance_id: str | None = None
    process_definition_name: str | None = None
    process_definition_key: str
    process_definition_version: int
    process_definition_id: str
    business_key: str
    start_time: Moment
    end_time: Moment | None
    removal_time: Moment | None = None
    duration_in_millis: int | None
    start_user_id: str | None
    start_activity_id: str | None = None
    delete_reason: str | None = None
    tenant_id: str | None = None
    state: str


class PastTaskShown(Past, frozen=True, kw_only=True):
    """A task, open or over."""

    id: str
    activity_instance_id: str
    execution_id: str
    task_definition_key: str
    name: str
    description: str | None = None
    assignee: str | None
    owner: str | None
    start_time: Moment
    end_time: Moment | None
    duration: int | None
    due: Moment | None
    follow_up: Moment | None = None
    delete_reason: str | None
    priority: int | None = None
    parent_task_id: str | None = None


class PastActivityShown(Past, frozen=True, kw_only=True):
    """What went on at an element."""

    id: str
    parent_activity_instance_id: str
    activity_id: str
    activity_name: str | None
    activity_type: str
    execution_id: str
    task_id: str | None
    assignee: str | None
    called_process_instance_id: str | None = None
    called_case_instance_id: str | None = None
    start_time: Moment
    end_time: Moment | None
    duration_in_millis: int | None
    canceled: bool
    complete_scope: bool = False


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


class DecisionInput(Answer, frozen=True, kw_only=True):
    """What went into a table."""

    id: str
    decision_instance_id: str
    clause_id: str
    clause_name: str
    type: str
    value: Any
    value_info: dict[str, Any]
    error_message: str | None = None


class DecisionOutput(Answer, frozen=True, kw_only=True):
    """What came out of it."""

    id: str
    decision_instance_id: str
    clause_id: str
    clause_name: str
    rule_id: str | None
    rule_order: int | None
    variable_name: str
    type: str
    value: Any
    value_info: dict[str, Any]
    error_message: str | None = None


class PastDecisionShown(Past, frozen=True, kw_only=True):
    """A decision that was made."""

    id: str
    decision_definition_id: str | None = None
    decision_definition_key: str
    decision_definition_name: str | None = None
    evaluation_time: Moment
    activity_id: str
    activity_instance_id: str
    user_id: str | None = None
    inputs: tuple[DecisionInput, ...]
    outputs: tuple[DecisionOutput, ...]
    collect_result_value: float | None = None
    root_decision_instance_id: str | None = None


# --- instances --------------------------------------------------------------------------------------------------


class PastInstanceQuery(Query, frozen=True, kw_only=True):
    """Which instances."""

    process_instance_id: str | None = None
    process_instance_ids: tuple[str, ...] | None = None
    process_instance_business_key: str | None = None
    process_instance_business_key_in: tuple[str, ...] | None = None
    process_instance_business_key_like: str = ""
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    process_definition_key_not_in: tuple[str, ...] = ()
    finished: bool = False
    unfinished: bool = False
    with_incidents: bool = False
    started_by: str = ""
    started_before: Moment | None = None
    started_after: Moment | None = None
    finished_before: Moment | None = None
    finished_after: Moment | None = None
    active: bool = False
    suspended: bool = False
    completed: bool = False
    externally_terminated: bool = False
    root_process_instances: bool = False
    without_tenant_id: bool = False


class SortedPastInstanceQuery(PastInstanceQuery, frozen=True, kw_only=True):
    """Which instances, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/history/process-instance")
def instances(query: PastInstanceQuery, page: Page) -> tuple[PastInstance, ...]:
    """The instances that one may know, open and over."""
    return _instances(query, page, page.order(_INSTANCES))


@resource.post("/history/process-instance")
def query_instances(body: SortedPastInstanceQuery, page: Paging) -> tuple[PastInstance, ...]:
    """The same by a query as JSON."""
    return _instances(body, page, order(body.sorting, _INSTANCES))


@resource.get("/history/process-instance/count")
def count_instances(query: PastInstanceQuery) -> Count:
    """How many there are."""
    return Count(count=engine().instances.count(_of_instances(query), actor()))


@resource.post("/history/process-instance/count")
def query_count_instances(body: SortedPastInstanceQuery) -> Count:
    """The same by a query as JSON."""
    return count_instances(body)


@resource.get("/history/process-instance/<id>")
def instance(id: str) -> PastInstance:
    """One instance."""
    return _past(_instance(id))


# --- tasks ------------------------------------------------------------------------------------------------------


class PastQuery(Query, frozen=True, kw_only=True):
    """In which instances."""

    process_instance_id: str | None = None
    process_instance_id_in: tuple[str, ...] | None = None
    process_instance_business_key: str | None = None
    process_instance_business_key_in: tuple[str, ...] | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    without_tenant_id: bool = False


class PastTaskQuery(PastQuery, frozen=True, kw_only=True):
    """Which tasks."""

    task_id: str | None = None
    task_definition_key: str | None = None
    task_definition_key_in: tuple[str, ...] | None = None
    task_assignee: str | None = None
    task_had_assignee: str | None = None
    finished: bool = False
    unfinished: bool = False
    started_before: Moment | None = None
    started_after: Moment | None = None
    finished_before: Moment | None = None
    finished_after: Moment | None = None


class SortedPastTaskQuery(PastTaskQuery, frozen=True, kw_only=True):
    """Which tasks, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/history/task")
def tasks(query: PastTaskQuery, page: Page) -> tuple[PastTaskShown, ...]:
    """The tasks of instances that one may know, open and over."""
    return _tasks(query, page, page.order(_TASKS))


@resource.post("/history/task")
def query_tasks(body: SortedPastTaskQuery, page: Paging) -> tuple[PastTaskShown, ...]:
    """The same by a query as JSON."""
    return _tasks(body, page, order(body.sorting, _TASKS))


@resource.get("/history/task/count")
def count_tasks(query: PastTaskQuery) -> Count:
    """How many there are."""
    return Count(count=engine().history_search.count_tasks(_of_tasks(query), actor()))


@resource.post("/history/task/count")
def query_count_tasks(body: SortedPastTaskQuery) -> Count:
    """The same by a query as JSON."""
    return count_tasks(body)


# --- activities -------------------------------------------------------------------------------------------------


class PastActivityQuery(PastQuery, frozen=True, kw_only=True):
    """Which activities."""

    activity_instance_id: str | None = None
    execution_id: str | None = None
    activity_id: str | None = None
    activity_id_in: tuple[str, ...] | None = None
    task_assignee: str | None = None
    finished: bool = False
    unfinished: bool = False
    canceled: bool = False
    started_before: Moment | None = None
    started_after: Moment | None = None
    finished_before: Moment | None = None
    finished_after: Moment | None = None


class SortedPastActivityQuery(PastActivityQuery, frozen=True, kw_only=True):
    """Which activities, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/history/activity-instance")
def activities(query: PastActivityQuery, page: Page) -> tuple[PastActivityShown, ...]:
    """What went on at elements, in instances that one may know."""
    return _activities(query, page, page.order(_ACTIVITIES))


@resource.post("/history/activity-instance")
def query_activities(body: SortedPastActivityQuery, page: Paging) -> tuple[PastActivityShown, ...]:
    """The same by a query as JSON."""
    return _activities(body, page, order(body.sorting, _ACTIVITIES))


@resource.get("/history/activity-instance/count")
def count_activities(query: PastActivityQuery) -> Count:
    """How many there are."""
    return Count(count=engine().history_search.count_activities(_of_activities(query), actor()))


@resource.post("/history/activity-instance/count")
def query_count_activities(body: SortedPastActivityQuery) -> Count:
    """The same by a query as JSON."""
    return count_activities(body)


@resource.get("/history/activity-instance/<id>")
def activity(id: str) -> PastActivityShown:
    """One of them."""
    found = engine().history_search.activities(_of_activities(PastActivityQuery(activity_instance_id=id)), actor(), 1)
    return _activity(found[0]) if found else ids.missing(id, "activity instance")


# --- variables, details -----------------------------------------------------------------------------------------


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


# --- decisions --------------------------------------------------------------------------------------------------


class PastDecisionQuery(PastQuery, frozen=True, kw_only=True):
    """Which decisions."""

    decision_definition_key: str | None = None
    activity_id: str | None = None
    activity_id_in: tuple[str, ...] | None = None
    evaluated_before: Moment | None = None
    evaluated_after: Moment | None = None
    include_inputs: bool = False
    include_outputs: bool = False
    disable_binary_fetching: bool = False
    disable_custom_object_deserialization: bool = False


@resource.get("/history/decision-instance")
def decisions(query: PastDecisionQuery, page: Page) -> tuple[PastDecisionShown, ...]:
    """The decisions made in instances that one may know."""
    wanted = _of_decisions(query, page.order(_DECISIONS))
    found = engine().history_search.decisions(wanted, actor(), page.limit, page.first_result)
    return tuple(_decision(each, query.include_inputs, query.include_outputs) for each in page.whole(found))


@resource.get("/history/decision-instance/count")
def count_decisions(query: PastDecisionQuery) -> Count:
    """How many there are."""
    return Count(count=engine().history_search.count_decisions(_of_decisions(query), actor()))


@resource.get("/history/decision-instance/<id>")
def decision(id: str) -> PastDecisionShown:
    """One of them, with what went in and came out."""
    wanted = HistoryFilter(one=ids.execution_parts(id))
    found = engine().history_search.decisions(wanted, actor(), 1)
    return _decision(found[0], True, True) if found else ids.missing(id, "decision instance")


# --- within -----------------------------------------------------------------------------------------------------


def _instance(id: str) -> InstanceHead:
    wanted = InstanceFilter(ids=(ids.whole(id, "process instance"),))
    found = engine().instances.search(wanted, actor(), limit=1)
    return found[0] if found else ids.missing(id, "process instance")


def _instances(
    query: PastInstanceQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]
) -> tuple[PastInstance, ...]:
    found = engine().instances.search(_of_instances(query), actor(), wanted, page.limit, page.first_result)
    return tuple(map(_past, page.whole(found)))


def _of_instances(query: PastInstanceQuery) -> InstanceFilter:
    numbers = narrowing.numbers(narrowing.both(query.process_instance_id, query.process_instance_ids))
    keys = narrowing.both(query.process_instance_business_key, query.process_instance_business_key_in)
    processes = narrowing.both(query.process_definition_key, query.process_definition_key_in)
    definition = narrowing.definition(query.process_definition_id)
    states = [
        state
        for state, chosen in (
            ("active", query.active), ("suspended", query.suspended), ("completed", query.completed),
            ("cancelled", query.externally_terminated),
        )
        if chosen
    ]  # fmt: skip
    if () in (keys, processes):
        return InstanceFilter(ids=())
    return InstanceFilter(
        ids=numbers,
        keys=keys or (),
        like=query.process_instance_business_key_like,
        processes=processes or (),
        not_processes=query.process_definition_key_not_in,
        definitions=(definition,) if definition is not None else (),
        states=tuple(states),
        open=narrowing.either(query.unfinished, query.finished, "finished"),
        stuck=True if query.with_incidents else None,
        started_by=query.started_by,
        started_after=narrowing.read(query.started_after),
        started_before=narrowing.read(query.started_before),
        ended_after=narrowing.read(query.finished_after),
        ended_before=narrowing.read(query.finished_before),
    )


def _past(found: InstanceHead) -> PastInstance:
    return PastInstance(
        id=str(found.id),
        root_process_instance_id=str(found.id),
        process_definition_key=found.process_id,
        process_definition_version=found.version,
        process_definition_id=ids.definition(found.process_id, found.version, found.definition_id),
        business_key=found.business_key,
        start_time=Moment(found.started_at),
        end_time=moment(found.ended_at),
        duration_in_millis=_took(found.started_at, found.ended_at),
        start_user_id=found.started_by or None,
        state=_STATES.get(found.state, found.state.upper()),
    )


def _took(began: datetime, ended: datetime | None) -> int | None:
    return None if ended is None else int((ended - began).total_seconds() * 1000)


def _where(found: PastTask | PastActivity | PastDecision | PastValue) -> dict[str, Any]:
    return {
        "process_definition_id": ids.definition(found.process_id, found.version, found.definition_id),
        "process_definition_key": found.process_id,
        "process_instance_id": str(found.instance_id),
        "root_process_instance_id": str(found.instance_id),
    }


def _activity_id(found: PastTask | PastActivity | PastDecision | PastValue) -> str:
    return f"{found.element_id}:{ids.execution(found.instance_id, found.token)}"


def _base(query: PastQuery) -> dict[str, Any]:
    return {
        "instance_ids": narrowing.numbers(narrowing.both(query.process_instance_id, query.process_instance_id_in)),
        "keys": narrowing.both(query.process_instance_business_key, query.process_instance_business_key_in),
        "processes": narrowing.both(query.process_definition_key, query.process_definition_key_in),
        "definition_id": narrowing.definition(query.process_definition_id),
    }


def _span(after: Moment | None, before: Moment | None) -> Span:
    return Span(None, narrowing.read(after), narrowing.read(before))


def _of_tasks(query: PastTaskQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> HistoryFilter:
    return HistoryFilter(
        **_base(query),
        task_ids=narrowing.numbers(narrowing.both(query.task_id, None)),
        element_ids=narrowing.both(query.task_definition_key, query.task_definition_key_in),
        assignee=query.task_assignee,
        actor=query.task_had_assignee,
        finished=narrowing.either(query.finished, query.unfinished, "finished"),
        began=_span(query.started_after, query.started_before),
        ended=_span(query.finished_after, query.finished_before),
        order=wanted,
    )


def _tasks(query: PastTaskQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[PastTaskShown, ...]:
    found = engine().history_search.tasks(_of_tasks(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_task, page.whole(found)))


def _task(found: PastTask) -> PastTaskShown:
    reason = None if found.ended is None else "deleted" if found.withdrawn else "completed"
    return PastTaskShown(
        **_where(found),
        id=str(found.id),
        activity_instance_id=_activity_id(found),
        execution_id=ids.execution(found.instance_id, found.token),
        task_definition_key=found.element_id,
        name=found.name,
        assignee=found.assignee or None,
        owner=found.owner or None,
        start_time=Moment(found.began),
        end_time=moment(found.ended),
        duration=_took(found.began, found.ended),
        due=moment(found.due),
        delete_reason=reason,
    )


def _of_activities(query: PastActivityQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> HistoryFilter:
    elements = narrowing.both(query.activity_id, query.activity_id_in)
    one = None if query.execution_id is None else ids.execution_parts(query.execution_id)
    if query.activity_instance_id is not None:
        element, _, execution = query.activity_instance_id.partition(":")
        elements, one = narrowing.both(element, elements), ids.execution_parts(execution)
    return HistoryFilter(
        **_base(query),
        element_ids=elements,
        one=one,
        assignee=query.task_assignee,
        canceled=True if query.canceled else None,
        finished=narrowing.either(query.finished, query.unfinished, "finished"),
        began=_span(query.started_after, query.started_before),
        ended=_span(query.finished_after, query.finished_before),
        order=wanted,
    )


def _activities(
    query: PastActivityQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]
) -> tuple[PastActivityShown, ...]:
    found = engine().history_search.activities(_of_activities(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_activity, page.whole(found)))


def _activity(found: PastActivity) -> PastActivityShown:
    return PastActivityShown(
        **_where(found),
        id=_activity_id(found),
        parent_activity_instance_id=str(found.instance_id),
        activity_id=found.element_id,
        activity_name=found.name,
        activity_type=found.kind,
        execution_id=ids.execution(found.instance_id, found.token),
        task_id=None if found.task_id is None else str(found.task_id),
        assignee=found.actor or None,
        start_time=Moment(found.began),
        end_time=moment(found.ended),
        duration_in_millis=_took(found.began, found.ended),
        canceled=found.canceled,
    )


def _variables(query: PastVariableQuery) -> list[PastVariable]:
    if query.process_instance_id is None:
        raise unsupported("Variables are asked for by their instance: processInstanceId.")
    found = _instance(query.process_instance_id)
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
        **_where(found),
        id=f"{found.instance_id}:{found.seq}:{found.name}",
        field_id=found.name,
        field_value=variables.show(found.value).value,
        activity_instance_id=_activity_id(found),
        execution_id=ids.execution(found.instance_id, found.token),
        task_id=None if found.task_id is None else str(found.task_id),
        time=Moment(found.at),
    )


def _of_decisions(query: PastDecisionQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> HistoryFilter:
    return HistoryFilter(
        **_base(query),
        decision=query.decision_definition_key,
        element_ids=narrowing.both(query.activity_id, query.activity_id_in),
        began=_span(query.evaluated_after, query.evaluated_before),
        order=wanted,
    )


def _decision(found: PastDecision, inputs: bool, outputs: bool) -> PastDecisionShown:
    id = ids.execution(found.instance_id, found.seq)
    return PastDecisionShown(
        **_where(found),
        id=id,
        decision_definition_key=found.decision,
        evaluation_time=Moment(found.at),
        activity_id=found.element_id,
        activity_instance_id=_activity_id(found),
        inputs=tuple(_input(id, name, value) for name, value in found.inputs.items()) if inputs else (),
        outputs=tuple(_outputs(id, found)) if outputs else (),
    )


def _input(id: str, name: str, value: Value) -> DecisionInput:
    given = variables.show(value)
    return DecisionInput(
        id=f"{id}:{name}",
        decision_instance_id=id,
        clause_id=name,
        clause_name=name,
        type=given.type,
        value=given.value,
        value_info=given.value_info,
    )


def _outputs(id: str, found: PastDecision) -> list[DecisionOutput]:
    """The values of each row that came out, or the one value, with the rule it came from where that is plain."""
    rows = found.result if isinstance(found.result, list) else [found.result]
    shown = []
    for number, row in enumerate(rows):
        named = row if isinstance(row, dict) else {found.decision: row}
        rule = found.rules[number] if len(found.rules) == len(rows) else None
        for name, value in named.items():
            given = variables.show(value)
            shown.append(
                DecisionOutput(
                    id=f"{id}:{number}:{name}",
                    decision_instance_id=id,
                    clause_id=name,
                    clause_name=name,
                    rule_id=rule,
                    rule_order=number + 1 if rule is not None else None,
                    variable_name=name,
                    type=given.type,
                    value=given.value,
                    value_info=given.value_info,
                )
            )
    return shown
