"""`notifications`, `decisions`, `history`, `passed`, `incidents`: what a story leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from engine.scenarios.comparing import mismatches, shown
from engine.scenarios.expectations import (
    DecisionExpected,
    EventWanted,
    HistoryExpected,
    IncidentsExpected,
    IncidentWanted,
    NoticesExpected,
    NoticeWanted,
    PassedExpected,
)
from engine.scenarios.names import Named
from engine.scenarios.outcome import Problem
from engine.scenarios.world import SYSTEM
from engine.views import HistoryRow, IncidentRow, NotificationRow

if TYPE_CHECKING:
    from engine.scenarios.play import Play

_Wanted = TypeVar("_Wanted", NoticeWanted, EventWanted)
_Found = TypeVar("_Found")
_MOST_SHOWN = 40


def notices(play: Play, expected: NoticesExpected, named: Named) -> Iterator[Problem]:
    """Compare the notifications of the record, those of all its instances, and those that belong to no record."""
    sent = play.engine.notifications.sent(SYSTEM)
    others = {key for key in {each.business_key for each in sent} - {named.key} if play.is_record(key)}
    found = [each for each in sent if each.business_key not in others]
    yield from _all(
        expected.wanted,
        expected.absent,
        found,
        lambda wanted, row: _notice_fits(play, wanted, row),
        _notice,
        "notification",
    )


def history(play: Play, expected: HistoryExpected, named: Named) -> Iterator[Problem]:
    """Compare the history of the record, or of the one instance that is named."""
    yield from _all(
        expected.wanted,
        expected.absent,
        _rows(play, named),
        lambda wanted, row: _event_fits(play, wanted, row),
        _event,
        "history",
    )


def decision(play: Play, expected: DecisionExpected, named: Named) -> Iterator[Problem]:
    """Compare the last evaluation of a table."""
    rows = [
        row for row in _rows(play, named) if row.kind == "decision" and row.data.get("decision") == expected.decision
    ]
    if not rows:
        yield Problem(expected.place, f"decision {expected.decision}", "it was evaluated", "never")
        return
    if expected.count is not None and expected.count != len(rows):
        yield Problem(expected.place, f"evaluations of {expected.decision}", str(expected.count), str(len(rows)))
    last, scope = rows[-1].data, play.scope()
    if expected.rules is not None:
        rules = last.get("rules")
        found = [str(each) for each in rules] if isinstance(rules, list) else []
        wanted = [play.text(each) for each in expected.rules]
        if wanted != found:
            yield Problem(
                expected.place, f"rules of {expected.decision}", ", ".join(wanted), ", ".join(found) or "none"
            )
    for key, pattern in (("result", expected.output), ("inputs", expected.inputs)):
        if pattern is not None:
            for path, want, there in mismatches(pattern, last.get(key), scope, ""):
                yield Problem(expected.place, f"{key} of {expected.decision} {path}".rstrip(), want, there)


def passed(play: Play, expected: PassedExpected, named: Named) -> Iterator[Problem]:
    """Whether elements were gone through by the instances that are meant."""
    record = play.record(named) if named.whole else None
    ids = [each.id for each in record.instances] if record is not None else [named.instance_id]
    elements = {name for each in ids for way in play.engine.instances.way(each, SYSTEM) for name in way.elements}
    for name in (play.text(each) for each in expected.elements):
        if (name in elements) == expected.absent:
            wanted = f"{name} was {'not ' if expected.absent else ''}passed"
            yield Problem(expected.place, "way", wanted, ", ".join(sorted(elements)))


def incidents(play: Play, expected: IncidentsExpected) -> Iterator[Problem]:
    """Compare the open incidents of all instances."""
    found = play.engine.incidents.list(SYSTEM)
    listed = "\n".join(f"{each.element_id} [{each.code}] {each.text}" for each in found) or "none"
    if len(found) != expected.count:
        yield Problem(expected.place, "incidents", str(expected.count), listed)
    for wanted in expected.wanted:
        if not any(_incident_fits(play, wanted, each) for each in found):
            yield Problem(wanted.place, "incident", "one that fits", listed)


def _all(
    wanted: Sequence[_Wanted],
    absent: bool,
    found: Sequence[_Found],
    fits: Callable[[_Wanted, _Found], bool],
    line: Callable[[_Found], str],
    what: str,
) -> Iterator[Problem]:
    for each in wanted:
        fitting = [row for row in found if fits(each, row)]
        if absent and fitting:
            yield Problem(each.place, f"no {what}", "none that fits", "\n".join(line(row) for row in fitting))
        elif not absent and (not fitting if each.count is None else len(fitting) != each.count):
            number = "at least one that fits" if each.count is None else f"{each.count} that fit, not {len(fitting)}"
            lines = [line(row) for row in found[-_MOST_SHOWN:]]
            yield Problem(each.place, what, number, "\n".join(lines) or "none")


def _rows(play: Play, named: Named) -> list[HistoryRow]:
    """What happened, the oldest first."""
    if named.whole and play.record(named) is not None:
        return list(reversed(play.engine.records.timeline(named.key, SYSTEM, "time")))
    return list(play.engine.history.rows(named.instance_id))


def _notice_fits(play: Play, wanted: NoticeWanted, row: NotificationRow) -> bool:
    receivers = dict(row.receivers)
    to = _name(play, play.text(wanted.to)) if wanted.to is not None else None
    read = [each for person, each in receivers.items() if to in (None, person)]
    return (
        (to is None or to in receivers)
        and play.text(wanted.subject) in row.subject
        and play.text(wanted.text) in row.text
        and wanted.kind in ("", row.kind)
        and wanted.receipt in (None, row.receipt)
        and (wanted.read is None or all((each is not None) == wanted.read for each in read))
    )


def _event_fits(play: Play, wanted: EventWanted, row: HistoryRow) -> bool:
    if wanted.values is not None and list(mismatches(wanted.values, dict(row.data), play.scope(), "")):
        submitted = row.data.get("values")
        if list(mismatches(wanted.values, submitted, play.scope(), "")):
            return False
    return (
        (wanted.element is None or play.text(wanted.element) == row.element_id)
        and (wanted.by is None or play.text(wanted.by) == row.actor)
        and (wanted.behalf is None or play.text(wanted.behalf) == row.on_behalf_of)
        and wanted.kind in ("", row.kind)
        and play.text(wanted.text) in row.text
        and (not wanted.clause or wanted.clause in row.clauses)
        and wanted.stage in ("", row.stage)
    )


def _incident_fits(play: Play, wanted: IncidentWanted, row: IncidentRow) -> bool:
    return (
        (wanted.element is None or play.text(wanted.element) == row.element_id)
        and wanted.code in ("", row.code)
        and play.text(wanted.text) in row.text
    )


def _name(play: Play, user_id: str) -> str:
    """Receivers are shown by name."""
    return play.engine.people.get(user_id).name


def _notice(row: NotificationRow) -> str:
    receivers = ", ".join(f"{person}{' (read)' if read else ''}" for person, read in row.receivers)
    return f"{row.kind} to {receivers}: {row.subject} | {row.text}"


def _event(row: HistoryRow) -> str:
    behalf = f" for {row.on_behalf_of}" if row.on_behalf_of else ""
    data = f" {shown(dict(row.data))}" if row.data else ""
    return f"{row.kind} {row.element_id} by {row.actor or 'the engine'}{behalf} {row.text}{data}"
