"""What expressions, forms and connectors may ask of the practice and the database, on the open connection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.definitions.practice import NumberPattern, nearest
from engine.errors import Invalid
from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.numbers import take_number
from engine.runtime.unit.publishing import plain
from engine.store import history, lookups, records, rights
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import Acting
from engine.values import Value, loads


class PracticeReader:
    """Queries in the transaction of the step; `stored` is the instance that asks, if any, else `key` may name the
    record that a linked process is about to join."""

    def __init__(
        self,
        connection: Connection,
        practice: Practice,
        now: datetime,
        stored: Stored | None = None,
        actor: str = "",
        key: str = "",
    ) -> None:
        self._connection = connection
        self._practice = practice
        self._now = now
        self._stored = stored
        self._actor = actor
        self._key = key

    def now(self) -> datetime:
        """The moment of the step."""
        return self._now

    @property
    def business_key(self) -> str:
        """The record of the instance that asks; empty without one."""
        return self._stored.business_key if self._stored is not None else self._key

    @property
    def _process_id(self) -> str:
        """The process that asks: what others may know of confidential ones is decided by it; empty without one."""
        return self._stored.process_id if self._stored is not None else ""

    @property
    def _telling(self) -> tuple[str, ...]:
        """The processes whose confidential instances tell the process that asks."""
        asking = self._process_id
        return tuple(each.id for each in self._practice.processes.values() if asking and asking in each.traits.tells)

    def _acting(self) -> Acting:
        return rights.who(self._connection, self._actor or rights.SYSTEM, self._now)

    @property
    def instance_id(self) -> int:
        """The instance that asks; 0 without one."""
        return self._stored.id if self._stored is not None else 0

    def setting(self, name: str) -> Value:
        """A setting of the practice. Raises Invalid for an unknown name."""
        settings = self._practice.surroundings.settings
        if name not in settings:
            raise Invalid("There is no setting %(name)s.%(guess)s", name=name, guess=nearest(name, tuple(settings)))
        return settings[name].value

    def lookup(self, list_id: str, key: str) -> Value:
        """An item of a reference list as a context with its `key` and `label`; null when there is none."""
        if list_id not in self._practice.surroundings.references:
            known = tuple(self._practice.surroundings.references)
            raise Invalid("There is no list %(name)s.%(guess)s", name=list_id, guess=nearest(list_id, known))
        found = lookups.reference(self._connection, list_id, key)
        if found is None:
            return None
        label, content, _ = found
        values = loads(content) if content else {}
        assert isinstance(values, dict)
        return {**values, "key": key, "label": label}

    def record_field(self, name: str, key: str = "") -> Value:
        """A field that a record has published (its own one without a key); null when it has not."""
        wanted = key or self.business_key
        asking = None if wanted == self.business_key else self._process_id
        if name == "status":
            return lookups.record_status(self._connection, wanted, asking)
        found = lookups.record_value(self._connection, wanted, name, asking)
        return None if found is None else loads(found)

    def people(self, group: str) -> list[str]:
        """Ids of the active members of a group."""
        return lookups.members(self._connection, group)

    def person_name(self, user_id: str) -> str:
        """The name of a person; the id when there is none."""
        return lookups.names(self._connection, [user_id]).get(user_id, user_id)

    def groups_of(self, user_id: str) -> list[str]:
        """Ids of the groups of a person."""
        return lookups.groups_of(self._connection, user_id)

    def downtime(self, start: datetime, end: datetime) -> timedelta:
        """How long between the two the engine was not running, as its heartbeats tell."""
        down, at = timedelta(), start
        for span in lookups.heartbeats(self._connection, start, end):
            down += max(timedelta(), min(span.started_at, end) - at)
            at = max(at, span.last_at)
        return down  # after the last beat the engine that asks is running

    def next_number(self, pattern: str, restart: str = "") -> str:
        """The next running number of a pattern."""
        calendars = self._practice.surroundings.calendars
        zone = calendars.calendars[calendars.default].zone
        return take_number(self._connection, NumberPattern.parse(pattern, restart), self._now, zone)

    def query_instances(
        self, process: str, state: str = "open", key: str = "", filters: Mapping[str, Value] | None = None
    ) -> list[Value]:
        """Instances of a process as contexts; `key` empty: of the own record, `*`: of any."""
        wanted = None if key == "*" else (key or self.business_key)
        equals = {name: plain(value) for name, value in (filters or {}).items()}
        rows = lookups.instances(self._connection, process, state, wanted, equals, self._process_id, self._telling)
        published = records.fields_of(self._connection, [row.id for row in rows])
        return [
            {
                "business_key": row.business_key,
                "number": row.number,
                "process": row.process_id,
                "state": row.state,
                "end": row.end_id,
                "title": row.title,
                "started_at": row.started_at,
                **_values(published.get(row.id, {})),
            }
            for row in rows
            if row.id != self.instance_id
        ]

    def query_records(self, record_type: str, filters: Mapping[str, Value] | None = None) -> list[Value]:
        """Records of a type as contexts."""
        equals = {name: plain(value) for name, value in (filters or {}).items()}
        rows = lookups.records(self._connection, record_type, equals, self._process_id, self._telling)
        published = records.fields_of(self._connection, [row.instance_id for row in rows])
        return [
            {
                "business_key": row.business_key,
                "number": "",
                "process": row.process_id,
                "state": row.state,
                "end": row.end_id,
                "title": row.title,
                "status": row.status,
                "started_at": row.started_at,
                **_values(published.get(row.instance_id, {})),
            }
            for row in rows
        ]

    def query_history(
        self, element_id: str, key: str = "", kind: str = "", since: datetime | None = None
    ) -> list[Value]:
        """Rows of history of an element of a record (of the own one without a key) as contexts, oldest first."""
        wanted = key or self.business_key
        found = history.at_element(self._connection, wanted, element_id, kind, since, self._process_id, self._telling)
        return [_looked_back(row) for row in found]

    def has_item(self, list_id: str, key: str) -> bool:
        """Whether a reference list has an active item with this key."""
        found = lookups.reference(self._connection, list_id, key)
        return found is not None and found[2]

    def has_person(self, user_id: str, group: str = "") -> bool:
        """Whether there is an active person with this id (in this group)."""
        return lookups.has_person(self._connection, user_id, group)

    def has_record(self, record_type: str, business_key: str) -> bool:
        """Whether there is a record of this type with this key that who acts may know."""
        if business_key == self.business_key:
            return lookups.has_record(self._connection, record_type, business_key, None)
        return lookups.has_record(self._connection, record_type, business_key, self._acting())

    def stored_file(self, given: str | Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The file value of an upload, when it is there and this person's to use, or of this record as he sees it."""
        wanted = str(given.get("file", "")) if isinstance(given, Mapping) else given
        if not wanted:
            return None
        row: Any = lookups.upload(self._connection, wanted, self._actor, self.business_key, self._acting())
        if row is None:
            return None
        return {"file": row.digest, "name": row.name, "type": row.type, "size": _number(row.size)}


def _number(size: int) -> Value:
    found: Value = loads(str(size))
    return found


def _values(fields: Mapping[str, str]) -> dict[str, Value]:
    return {name: loads(text) for name, text in fields.items()}


def _looked_back(row: Any) -> Value:
    """A row of history as a context; the seal is the beginning of its hash, as exports show it."""
    data = loads(row.data) if row.data else {}
    values = data.get("values") if isinstance(data, dict) else None
    return {
        "business_key": row.business_key,
        "number": row.number,
        "instance": Decimal(row.instance_id),
        "row": Decimal(row.seq),
        "seal": bytes(row.hash).hex()[:16],
        "at": row.at,
        "kind": row.kind,
        "by": row.actor,
        "on_behalf_of": row.on_behalf_of,
        "values": values if isinstance(values, dict) else {},
    }
