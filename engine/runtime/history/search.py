"""History across instances, as programs ask for it; every list is one statement, whatever its length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.runtime.deployed.traits import Element
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.store import history_search
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value, loads
from engine.views import Actor, HistoryFilter, PastActivity, PastDecision, PastTask, PastValue

Found = TypeVar("Found")


class HistorySearch:
    """What happened in the instances that the person may know."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def tasks(self, wanted: HistoryFilter, actor: Actor, limit: int, first: int = 0) -> tuple[PastTask, ...]:
        """A part of the tasks, open and over."""
        return self._ask(
            actor, lambda c, who: tuple(map(self._task, history_search.tasks(c, wanted, who, limit, first)))
        )

    def count_tasks(self, wanted: HistoryFilter, actor: Actor) -> int:
        """How many there are."""
        return self._ask(actor, lambda c, who: history_search.count_tasks(c, wanted, who))

    def activities(self, wanted: HistoryFilter, actor: Actor, limit: int, first: int = 0) -> tuple[PastActivity, ...]:
        """A part of the activities, going on and over."""
        return self._ask(
            actor, lambda c, who: tuple(map(self._activity, history_search.activities(c, wanted, who, limit, first)))
        )

    def count_activities(self, wanted: HistoryFilter, actor: Actor) -> int:
        """How many there are."""
        return self._ask(actor, lambda c, who: history_search.count_activities(c, wanted, who))

    def decisions(self, wanted: HistoryFilter, actor: Actor, limit: int, first: int = 0) -> tuple[PastDecision, ...]:
        """A part of the decisions."""
        return self._ask(
            actor, lambda c, who: tuple(map(_decision, history_search.decisions(c, wanted, who, limit, first)))
        )

    def count_decisions(self, wanted: HistoryFilter, actor: Actor) -> int:
        """How many there are."""
        return self._ask(actor, lambda c, who: history_search.count_decisions(c, wanted, who))

    def values(self, wanted: HistoryFilter, actor: Actor, limit: int, first: int = 0) -> tuple[PastValue, ...]:
        """A part of what was entered into forms; contents that were removed are left out."""
        return self._ask(
            actor, lambda c, who: tuple(map(_value, history_search.submitted(c, wanted, who, limit, first)))
        )

    def count_values(self, wanted: HistoryFilter, actor: Actor) -> int:
        """How many there are."""
        return self._ask(actor, lambda c, who: history_search.count_submitted(c, wanted, who))

    def _ask(self, actor: Actor, ask: Callable[[Connection, Acting], Found]) -> Found:
        return self._machinery.read(lambda connection: ask(connection, acting_as(self._machinery, connection, actor)))

    def _element(self, row: Any) -> Element | None:
        process = self._machinery.library.practice(row.deployment_id).processes.get(row.process_id)
        return process.elements.get(row.element_id) if process is not None else None

    def _task(self, row: Any) -> PastTask:
        element = self._element(row)
        return PastTask(
            id=row.task_id,
            instance_id=row.instance_id,
            token=row.token or 0,
            business_key=row.business_key,
            process_id=row.process_id,
            definition_id=row.definition_id,
            version=row.version,
            element_id=row.element_id,
            name=element.name if element is not None else row.element_id,
            assignee=row.assignee,
            owner=row.delegated_by or "",
            began=row.began,
            ended=row.ended,
            due=row.due_at,
            withdrawn=bool(row.withdrawn),
        )

    def _activity(self, row: Any) -> PastActivity:
        element = self._element(row)
        return PastActivity(
            instance_id=row.instance_id,
            token=row.token,
            process_id=row.process_id,
            definition_id=row.definition_id,
            version=row.version,
            element_id=row.element_id,
            name=element.name if element is not None else row.element_id,
            kind=str(element.node.kind.value) if element is not None else "task",
            task_id=row.task_id,
            actor=row.actor,
            began=row.began,
            ended=row.ended,
            canceled=bool(row.canceled),
        )


def _data(row: Any) -> dict[str, Value]:
    found = loads(row.data) if row.data else {}
    return found if isinstance(found, dict) else {}


def _decision(row: Any) -> PastDecision:
    data = _data(row)
    rules, inputs = data.get("rules"), data.get("inputs")
    return PastDecision(
        instance_id=row.instance_id,
        seq=row.seq,
        token=row.token or 0,
        process_id=row.process_id,
        definition_id=row.definition_id,
        version=row.version,
        element_id=row.element_id,
        decision=str(data.get("decision") or ""),
        at=row.at,
        rules=tuple(str(each) for each in rules) if isinstance(rules, list) else (),
        inputs=inputs if isinstance(inputs, dict) else {},
        result=data.get("result"),
    )


def _value(row: Any) -> PastValue:
    given = _data(row).get("values")
    return PastValue(
        instance_id=row.instance_id,
        seq=row.seq,
        task_id=row.task_id,
        process_id=row.process_id,
        definition_id=row.definition_id,
        version=row.version,
        element_id=row.element_id,
        token=row.token or 0,
        actor=row.actor,
        at=row.at,
        name=row.name,
        value=given[row.name] if isinstance(given, dict) else None,
    )
