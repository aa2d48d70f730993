"""Metrics: how many instances were started, as far as one may know them. Figures for monitors are at /metrics."""

from __future__ import annotations

from engine.views import InstanceFilter
from webui.access import engine
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.refusing import unsupported
from webui.rest.shapes import Answer, Moment, Query

resource = Resource("Metrics")
_STARTED = frozenset({"process-instances", "root-process-instance-start"})


class Span(Query, frozen=True, kw_only=True):
    """From when to when."""

    start_date: Moment | None = None
    end_date: Moment | None = None


class Sum(Answer, frozen=True, kw_only=True):
    """The sum of a metric."""

    result: int


@resource.get("/metrics/<name>/sum")
def total(name: str, query: Span) -> Sum:
    """How many instances were started in a span."""
    if name not in _STARTED:
        raise unsupported(f"{name} is not counted. Counted are: {', '.join(sorted(_STARTED))}.")
    wanted = InstanceFilter(
        started_after=query.start_date.at if query.start_date is not None else None,
        started_before=query.end_date.at if query.end_date is not None else None,
    )
    return Sum(result=engine().instances.count(wanted, actor()))
