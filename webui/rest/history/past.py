"""What all parts of the history share: the resource, how instances are narrowed, how what happened is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.views import (
    InstanceFilter,
    InstanceHead,
    PastActivity,
    PastDecision,
    PastTask,
    PastValue,
    Span,
)
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.shapes import Answer, Moment, Query

resource = Resource("History")


class Past(Answer, frozen=True, kw_only=True):
    """What all that happened in an instance has."""

    process_definition_id: str
    process_definition_key: str
    process_instance_id: str
    root_process_instance_id: str
    tenant_id: str | None = None
    removal_time: Moment | None = None


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


def head(id: str) -> InstanceHead:
    """The instance of this id. Raises NotFound for one that is not there or not one's to know."""
    wanted = InstanceFilter(ids=(ids.whole(id, "process instance"),))
    found = engine().instances.search(wanted, actor(), limit=1)
    return found[0] if found else ids.missing(id, "process instance")


def took(began: datetime, ended: datetime | None) -> int | None:
    """How many milliseconds it took; None while it is open."""
    return None if ended is None else int((ended - began).total_seconds() * 1000)


def where(found: PastTask | PastActivity | PastDecision | PastValue) -> dict[str, Any]:
    """The fields of `Past`: in which instance of which version it happened."""
    return {
        "process_definition_id": ids.definition(found.process_id, found.version, found.definition_id),
        "process_definition_key": found.process_id,
        "process_instance_id": str(found.instance_id),
        "root_process_instance_id": str(found.instance_id),
    }


def activity_id(found: PastTask | PastActivity | PastDecision | PastValue) -> str:
    """The id of the activity instance it belongs to: `element:instance:token`."""
    return f"{found.element_id}:{ids.execution(found.instance_id, found.token)}"


def base(query: PastQuery) -> dict[str, Any]:
    """What a `PastQuery` says, as fields of a `HistoryFilter`."""
    return {
        "instance_ids": narrowing.numbers(narrowing.both(query.process_instance_id, query.process_instance_id_in)),
        "keys": narrowing.both(query.process_instance_business_key, query.process_instance_business_key_in),
        "processes": narrowing.both(query.process_definition_key, query.process_definition_key_in),
        "definition_id": narrowing.definition(query.process_definition_id),
    }


def span(after: Moment | None, before: Moment | None) -> Span:
    """Between two moments, either of them open."""
    return Span(None, narrowing.read(after), narrowing.read(before))
