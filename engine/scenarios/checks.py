"""Checking expectations: each kind by the one function that knows where to look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from engine.scenarios import expectations as x
from engine.scenarios.checking_people import inbox, offers, sight
from engine.scenarios.checking_records import instances, record, records
from engine.scenarios.checking_tasks import tasks
from engine.scenarios.checking_traces import decision, history, incidents, notices, passed
from engine.scenarios.names import Named
from engine.scenarios.outcome import Problem
from engine.scenarios.pushing import pushes
from engine.scenarios.templates import Stopped

if TYPE_CHECKING:
    from engine.scenarios.play import Play

_CHECKERS: dict[type, Callable[[Any, Any, Named], Iterator[Problem]]] = {
    x.TasksExpected: tasks,
    x.RecordExpected: record,
    x.InstancesExpected: instances,
    x.NoticesExpected: notices,
    x.DecisionExpected: decision,
    x.HistoryExpected: history,
    x.PassedExpected: passed,
    x.SightExpected: sight,
    x.OffersExpected: offers,
}
_WITHOUT_RECORD: dict[type, Callable[[Any, Any], Iterator[Problem]]] = {
    x.InboxExpected: inbox,
    x.IncidentsExpected: incidents,
    x.RecordsExpected: records,
    x.PushesExpected: pushes,
}


def check(play: Play, expect: x.Expectation, named: Named | None) -> list[Problem]:
    """Everything that is not as expected, in the order of the block."""
    problems: list[Problem] = []
    for each in expect.checks:
        if type(each) in _WITHOUT_RECORD:
            problems += _WITHOUT_RECORD[type(each)](play, each)
        elif named is not None:
            problems += _CHECKERS[type(each)](play, each, named)
        elif isinstance(each, x.OffersExpected) and each.key == "may start":
            problems += offers(play, each, None)
        else:
            raise Stopped(f"{each.place}: “for” is missing, and nothing was spoken of before.")
    return problems
