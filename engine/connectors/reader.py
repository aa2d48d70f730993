"""What connectors and expressions may ask of the practice and the database, in the transaction of the step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from engine.values import Value


class Reader(Protocol):
    """Queries that change nothing (a number that is taken belongs to the transaction)."""

    @property
    def business_key(self) -> str:
        """The record of the instance that asks; empty without one."""
        ...

    def now(self) -> datetime:
        """The moment of the step."""
        ...

    def setting(self, name: str) -> Value:
        """A setting of the practice. Raises Invalid for an unknown name."""
        ...

    def lookup(self, list_id: str, key: str) -> Value:
        """An item of a reference list as a context with its `key` and `label`; null when there is none."""
        ...

    def record_field(self, name: str, key: str = "") -> Value:
        """A published field of a record, of the own one without a key; null when there is none."""
        ...

    def people(self, group: str) -> list[str]:
        """Ids of the active members of a group."""
        ...

    def person_name(self, user_id: str) -> str:
        """The name of a person; the id when there is none."""
        ...

    def groups_of(self, user_id: str) -> list[str]:
        """Ids of the groups of a person."""
        ...

    def downtime(self, start: datetime, end: datetime) -> timedelta:
        """How long between the two the engine was not running."""
        ...

    def next_number(self, pattern: str, restart: str = "") -> str:
        """The next running number of a pattern."""
        ...

    def query_instances(
        self, process: str, state: str = "open", key: str = "", filters: Mapping[str, Value] | None = None
    ) -> list[Value]:
        """Instances of a process as contexts; `key` empty: of the own record, `*`: of any."""
        ...

    def query_records(self, record_type: str, filters: Mapping[str, Value] | None = None) -> list[Value]:
        """Records of a type as contexts."""
        ...

    def query_history(
        self, element_id: str, key: str = "", kind: str = "", since: datetime | None = None
    ) -> list[Value]:
        """Rows of history of an element of a record (of the own one without a key) as contexts, oldest first."""
        ...
