"""Rows to views: names, labels and published fields joined in a number of statements that rows do not change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.definitions.practice import RecordField
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.publishing import plain
from engine.runtime.unit.step import Step
from engine.store import lookups, records, tasks
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value, loads
from engine.views import Completed, FieldValue, InstanceRow, TaskRow

Fields = tuple[Practice, DeployedProcess, Mapping[str, Value], Collection[str]]
"""Published values with whose they are and which of them are shown."""


class Showing:
    """Builds views for one viewer on one open connection."""

    def __init__(self, machinery: Machinery, connection: Connection, acting: Acting) -> None:
        self.machinery = machinery
        self.connection = connection
        self.acting = acting
        self._labels: dict[tuple[str, str], str] = {}
        self._people: dict[str, str] = {}
        self._published: dict[int, dict[str, Value]] = {}

    def practice(self, deployment_id: int) -> Practice:
        """The practice of a row."""
        return self.machinery.library.practice(deployment_id)

    def completed(self, step: Step, task_id: int) -> Completed:
        """The answer to completing a task: what the step opened, and with whom. Costs no statement."""
        opened = step.gatherer.changes.tasks
        rows = []
        for token, new_id in step.opened.items():
            given, _ = opened[token]
            process = step.process_at(given.at.process_id, given.at.token)
            element = process.elements[given.at.element_id]
            name, _ = step.holders.get(new_id, ("", True))
            rows.append(
                TaskRow(
                    id=new_id,
                    instance_id=step.stored.id,
                    process_id=process.id,
                    process_name=process.name,
                    element_id=given.at.element_id,
                    name=element.name,
                    business_key=step.stored.business_key,
                    number=step.stored.number,
                    title=str(step.columns.get("title", step.stored.title)),
                    assignee=given.assignee,
                    assignee_name=name or given.assignee,
                    candidate_groups=given.candidate_groups,
                    created_at=step.now,
                    due=given.due,
                    follow_up=given.follow_up,
                    priority=given.priority,
                    mine=given.assignee == self.acting.user_id,
                    claimable=not given.assignee and bool(set(given.candidate_groups) & self.acting.own.groups),
                    on_behalf_of="",
                    stage=element.stage,
                    batch=element.batch,
                    batch_group=given.batch_group,
                    summary=(),
                    suspended=False,
                )
            )
        state = str(step.columns.get("state", step.stored.state))
        return Completed(task_id, step.stored.id, step.stored.business_key, False, tuple(rows), state)

    def task_rows(self, rows: Sequence[Any]) -> tuple[TaskRow, ...]:
        """Rows of `engine.store.inbox.page` as lists show them."""
        offered = tasks.candidates(self.connection, [row.id for row in rows])
        names = lookups.names(self.connection, [row.assignee for row in rows])
        published = self.published({row.instance_id for row in rows} | {row.record_instance_id or 0 for row in rows})
        shown = {
            row.id: {**published.get(row.record_instance_id, {}), **published.get(row.instance_id, {})} for row in rows
        }
        processes = {
            row.id: (
                self.practice(row.deployment_id),
                self.practice(row.deployment_id).processes[row.instance_process_id],
            )
            for row in rows
        }
        self.learn([(*processes[row.id], shown[row.id], processes[row.id][1].traits.summary) for row in rows])
        found = []
        for row in rows:
            practice, process = processes[row.id]
            groups = tuple(each[6:] for each in offered.get(row.id, ()) if each.startswith("group:"))
            found.append(
                TaskRow(
                    id=row.id,
                    instance_id=row.instance_id,
                    process_id=row.process_id,
                    process_name=process.name,
                    element_id=row.element_id,
                    name=row.name,
                    business_key=row.business_key,
                    number=row.number,
                    title=row.title or row.record_title or "",
                    assignee=row.assignee,
                    assignee_name=names.get(row.assignee, row.assignee),
                    candidate_groups=groups,
                    created_at=row.created_at,
                    due=row.due_at,
                    follow_up=row.follow_up_at,
                    priority=row.priority,
                    mine=bool(row.mine),
                    claimable=bool(row.claimable),
                    on_behalf_of="" if row.done_for in (None, self.acting.user_id) else row.done_for,
                    stage=row.stage,
                    batch=row.batch,
                    batch_group=row.batch_group,
                    summary=self.fields(practice, process, shown[row.id], process.traits.summary),
                    suspended=row.state == "suspended",
                )
            )
        return tuple(found)

    def published(self, instance_ids: Collection[int]) -> dict[int, dict[str, Value]]:
        """Instance → name → value of what these instances have published."""
        wanted = {each for each in instance_ids if each}
        missing = wanted - self._published.keys()
        found = records.fields_of(self.connection, missing)
        for key in missing:
            self._published[key] = {name: loads(text) for name, text in found.get(key, {}).items()}
        return {key: self._published[key] for key in wanted if self._published[key]}

    def fields(
        self, practice: Practice, process: DeployedProcess, values: Mapping[str, Value], names: Collection[str]
    ) -> tuple[FieldValue, ...]:
        """These published fields with label and type from the practice, without those that are hidden or have no
        value."""
        found = []
        for name in names:
            if values.get(name) is None:
                continue
            field = field_of(practice, process, name)
            if field is not None and field.hidden:
                continue
            words = self._words(field, values[name]) if field is not None else ""
            found.append(_field_value(name, field, values[name], words))
        return tuple(found)

    def learn(self, shown: Sequence[Fields]) -> None:
        """Look up the words for all keys among these fields: two statements, however many there are."""
        items: set[tuple[str, str]] = set()
        people: set[str] = set()
        for practice, process, values, names in shown:
            for name in names:
                field, value = field_of(practice, process, name), values.get(name)
                if field is None or not isinstance(value, str):
                    continue
                if field.type == "reference":
                    items.add((field.reference, value))
                elif field.type == "user":
                    people.add(value)
        self._labels.update(records.labels(self.connection, items - self._labels.keys()))
        self._people.update(lookups.names(self.connection, sorted(people - self._people.keys())))

    def _words(self, field: RecordField, value: Value) -> str:
        if not isinstance(value, str):
            return ""
        if field.type == "reference":
            return self._labels.get((field.reference, value), "")
        return self._people.get(value, "") if field.type == "user" else ""

    def instance_rows(self, rows: Sequence[Any], incidents: Mapping[int, int]) -> tuple[InstanceRow, ...]:
        """Rows of `process_instance` as pages show them; `incidents` counts the open ones of each."""
        published = self.published({row.id for row in rows})
        processes = {row.id: self.practice(row.deployment_id).processes[row.process_id] for row in rows}
        self.learn(
            [
                (self.practice(row.deployment_id), processes[row.id], published.get(row.id, {}),
                 processes[row.id].traits.summary)
                for row in rows
            ]
        )  # fmt: skip
        found = []
        for row in rows:
            practice = self.practice(row.deployment_id)
            process = practice.processes[row.process_id]
            found.append(
                InstanceRow(
                    id=row.id,
                    process_id=row.process_id,
                    process_name=process.name,
                    version=process.version,
                    business_key=row.business_key,
                    number=row.number,
                    title=row.title,
                    state=row.state,
                    end=row.end_id,
                    started_at=row.started_at,
                    started_by=row.started_by,
                    ended_at=row.ended_at,
                    suspended_until=row.suspended_until,
                    suspend_reason=row.suspend_reason,
                    incidents=incidents.get(row.id, 0),
                    summary=self.fields(practice, process, published.get(row.id, {}), process.traits.summary),
                )
            )
        return tuple(found)


def field_of(practice: Practice, process: DeployedProcess, name: str) -> RecordField | None:
    """What the practice says about a published field: the process's own record type first, then those it joins."""
    kinds = practice.surroundings.records
    wanted = [process.traits.record_type, *process.traits.linked_to, *kinds]
    for kind in wanted:
        if kind in kinds and name in kinds[kind].fields:
            return kinds[kind].fields[name]
    return None


def _field_value(name: str, field: RecordField | None, value: Value, words: str) -> FieldValue:
    if field is None:
        return FieldValue(name, name, "text", value)
    choice = next((each for each in field.values if each.id == plain(value)), None)
    text = choice.label.zh if choice is not None else words
    return FieldValue(name, field.label.zh, field.type, value, text, getattr(choice, "tone", ""))
