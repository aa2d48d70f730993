"""Decisions that were made, with what went in and came out."""

from __future__ import annotations

from typing import Any

from engine.values import Value
from engine.views import (
    HistoryFilter,
    PastDecision,
)
from webui.access import engine
from webui.rest import ids, narrowing, variables
from webui.rest.door import actor
from webui.rest.history.past import Past, PastQuery, activity_id, base, resource, span, where
from webui.rest.paging import Page
from webui.rest.shapes import Answer, Count, Moment

_DECISIONS = {"evaluationTime": "began"}


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


def _of_decisions(query: PastDecisionQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> HistoryFilter:
    return HistoryFilter(
        **base(query),
        decision=query.decision_definition_key,
        element_ids=narrowing.both(query.activity_id, query.activity_id_in),
        began=span(query.evaluated_after, query.evaluated_before),
        order=wanted,
    )


def _decision(found: PastDecision, inputs: bool, outputs: bool) -> PastDecisionShown:
    id = ids.execution(found.instance_id, found.seq)
    return PastDecisionShown(
        **where(found),
        id=id,
        decision_definition_key=found.decision,
        evaluation_time=Moment(found.at),
        activity_id=found.element_id,
        activity_instance_id=activity_id(found),
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
