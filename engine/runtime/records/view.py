"""A record as one viewer may see it: fields, stages, instances, tasks, buttons. Statements do not grow with rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.definitions.practice import RecordType
from engine.errors import NotFound
from engine.runtime.deployed.practice import DeployedProcess
from engine.runtime.lifecycle.holding import is_holdable
from engine.runtime.lifecycle.startable import Starts
from engine.runtime.unit.environment import PracticeEnvironment, Surrounding
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.showing import Showing
from engine.store import history, inbox, instances, messages, records, retention, waits
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value, loads
from engine.views import Button, FieldValue, RecordRow, RecordView, StageView, TaskRow

_MOST_TASKS = 200


class RecordViews:
    """Builds views of records for one viewer on one open connection."""

    def __init__(self, machinery: Machinery, connection: Connection, acting: Acting) -> None:
        self._machinery = machinery
        self._connection = connection
        self._acting = acting
        self._showing = Showing(machinery, connection, acting)

    def record(self, business_key: str) -> RecordView:
        """The whole record. Raises NotFound to who may see no instance of it."""
        row = records.get(self._connection, business_key)
        found = instances.of_record(self._connection, business_key, self._acting) if row is not None else ()
        if row is None or not found:
            raise NotFound("There is no record %(key)s, or it is not yours to see.", key=business_key)
        ids = [each.id for each in found]
        owner = self._owner(row.instance_id)
        whole = owner.id in ids
        process = self._showing.practice(owner.deployment_id).processes[owner.process_id]
        kind = self._showing.practice(owner.deployment_id).surroundings.records.get(row.record_type)
        shown = self._showing.instance_rows(found, waits.incidents_of(self._connection, ids))
        opened = self._showing.task_rows(inbox.of_instances(self._connection, self._acting, ids, _MOST_TASKS))
        status = kind.status(row.status) if kind is not None else None
        return RecordView(
            business_key=business_key,
            record_type=row.record_type,
            type_label=kind.label.zh if kind is not None else process.name,
            title=row.title if whole else found[0].title,
            status=row.status if whole else "",
            status_label="" if not whole else status.label.zh if status is not None else row.status,
            status_mark=status.mark if whole and status is not None else "",
            fields=self._fields(owner, process, kind, None if whole else self._named(found, owner)),
            stages=self._stages(kind, found, opened) if whole else (),
            instances=shown,
            tasks=opened,
            buttons=(*self._starts(business_key), *self._messages(found)),
            may=self._may(owner, process) if whole else frozenset(),
            removed_at=retention.removed_at(self._connection, business_key),
        )

    def _named(self, found: Sequence[Any], owner: Any) -> frozenset[str]:
        """What those who know of a record by its links alone are shown of its fields: what the linked processes name
        for who works on them (`summary`); nothing of a confidential one, nothing to who is excluded."""
        if instances.may_hear(self._connection, owner.id, self._acting) is None:
            return frozenset()
        linked = (self._showing.practice(each.deployment_id).processes[each.process_id] for each in found)
        return frozenset(name for process in linked for name in process.traits.summary)

    def rows(self, found: Sequence[Any]) -> tuple[RecordRow, ...]:
        """Rows of `engine.store.records.page` as lists show them: of a record known by its links alone the number."""
        owners = {each.id: each for each in instances.some(self._connection, [row.instance_id for row in found])}
        published = self._showing.published(owners)
        shown = []
        for row in found:
            owner = owners[row.instance_id]
            values = published.get(row.instance_id, {}) if row.shown else {}
            practice = self._showing.practice(owner.deployment_id)
            kind = practice.surroundings.records.get(row.record_type)
            process = practice.processes[owner.process_id]
            names = kind.list if kind is not None else process.traits.summary
            shown.append((practice, process, values, names))
        self._showing.learn(shown)
        answer = []
        for row, fields in zip(found, shown, strict=True):
            kind = fields[0].surroundings.records.get(row.record_type)
            said = row.status if row.shown else ""
            status = kind.status(said) if kind is not None else None
            answer.append(
                RecordRow(
                    business_key=row.business_key,
                    record_type=row.record_type,
                    title=row.title if row.shown else "",
                    status=said,
                    status_label=status.label.zh if status is not None else said,
                    status_mark=status.mark if status is not None else "",
                    started_at=row.started_at,
                    fields=self._showing.fields(*fields),
                )
            )
        return tuple(answer)

    def _owner(self, instance_id: int) -> Any:
        return instances.some(self._connection, [instance_id])[0]

    def _fields(
        self, owner: Any, process: DeployedProcess, kind: RecordType | None, only: frozenset[str] | None
    ) -> tuple[FieldValue, ...]:
        published = self._showing.published([owner.id]).get(owner.id, {})
        values = {name: value for name, value in published.items() if only is None or name in only}
        names = [name for name in (kind.fields if kind is not None else ()) if name in values]
        names += sorted(values.keys() - set(names))
        practice = self._showing.practice(owner.deployment_id)
        self._showing.learn([(practice, process, values, names)])
        return self._showing.fields(practice, process, values, names)

    def _stages(
        self, kind: RecordType | None, found: Sequence[Any], opened: tuple[TaskRow, ...]
    ) -> tuple[StageView, ...]:
        """Done with the moment it was left, now where a task is open, next where nothing happened yet."""
        if kind is None or not kind.stages:
            return ()
        reached: dict[str, datetime] = {}
        by_definition = self._stage_of_elements(found)
        for definition_id, element_id, at in history.last_at(self._connection, [each.id for each in found]):
            stage = by_definition.get(definition_id, {}).get(element_id, "")
            if stage:
                reached[stage] = max(at, reached.get(stage, at))
        now = {task.stage for task in opened}
        return tuple(
            StageView(
                stage.id,
                stage.label.zh,
                "now" if stage.id in now else "done" if stage.id in reached else "next",
                reached.get(stage.id),
                "",
            )
            for stage in kind.stages
        )

    def _stage_of_elements(self, found: Sequence[Any]) -> Mapping[int, Mapping[str, str]]:
        stages: dict[int, dict[str, str]] = {}
        for deployment_id in {each.deployment_id for each in found}:
            for process in self._showing.practice(deployment_id).processes.values():
                stages[process.row_id] = {key: element.stage for key, element in process.elements.items()}
        return stages

    def _starts(self, business_key: str) -> list[Button]:
        starts = Starts(self._machinery, self._connection, self._acting, business_key)
        return [
            Button("start", each.name, each.documentation, each.process_id, each.element_id, 0, 0, False)
            for each in starts.all()
        ]

    def _messages(self, found: Sequence[Any]) -> list[Button]:
        """The messages that somebody waits for and this person may send by hand."""
        active = {each.id: each for each in found if each.state == "active"}
        buttons = []
        for row in messages.subscriptions_of(self._connection, active) if active else ():
            instance = active[row.instance_id]
            if not self._may_send(row, instance):
                continue
            process = self._showing.practice(instance.deployment_id).processes.get(row.process_id)
            element = process.elements.get(row.element_id) if process is not None else None
            if element is None:
                continue
            destructive = element.node.properties.get("destructive", "") == "true"
            label = element.node.properties.get("label") or element.name
            text = element.node.documentation
            buttons.append(
                Button("message", label, text, row.process_id, row.element_id, row.instance_id, row.id, destructive,
                       row.name)
            )  # fmt: skip
        return buttons

    def _may_send(self, row: Any, instance: Any) -> bool:
        senders: Value = loads(row.senders) if row.senders else []
        named = tuple(str(each) for each in senders) if isinstance(senders, list) else ()
        if not named:
            return False
        key, confidential = instance.business_key, instance.confidential
        acting = self._acting
        return acting.system or bool(
            acting.capacity_in(named, key, confidential) or acting.capacity_with("send_any", key, confidential)
        )

    def _may(self, owner: Any, process: DeployedProcess) -> frozenset[str]:
        """The verbs this person may use on the instance the record began with."""
        if owner.ended_at is not None:
            return frozenset()
        traits = process.traits
        verbs = {
            "cancel": ("cancel", traits.cancellers),
            "resume" if owner.state == "suspended" else "hold": ("hold", traits.holders),
            "correct": ("correct", traits.correctors),
            "modify": ("modify", ()),
        }
        allowed = {verb for verb, (right, groups) in verbs.items() if self._has(owner, right, groups)}
        if "hold" in allowed and not is_holdable(process, self._context(owner)):
            allowed.remove("hold")
        return frozenset(allowed)

    def _context(self, owner: Any) -> Surrounding:
        practice = self._machinery.library.practice(owner.deployment_id)
        return PracticeEnvironment(self._machinery, self._connection, practice, self._machinery.clock.now()).context()

    def _has(self, owner: Any, right: str, groups: tuple[str, ...]) -> bool:
        acting = self._acting
        if acting.system:
            return True
        if groups:
            return acting.capacity_in(groups, owner.business_key, owner.confidential) is not None
        return acting.capacity_with(right, owner.business_key, owner.confidential) is not None
