"""`status`, `fields`, `state`, `end`, `instances`, `records`: what a record has become."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.scenarios.comparing import mismatches
from engine.scenarios.expectations import (
    InstancesExpected,
    InstanceWanted,
    RecordExpected,
    RecordsExpected,
)
from engine.scenarios.names import Named
from engine.scenarios.outcome import Problem
from engine.scenarios.world import SYSTEM
from engine.values import Value
from engine.views import InstanceRow, RecordFilter

if TYPE_CHECKING:
    from engine.scenarios.play import Play

_STATES = {"active": "open", "completed": "ended"}


def record(play: Play, expected: RecordExpected, named: Named) -> Iterator[Problem]:
    """Compare status, published fields, variables, state or end."""
    found: Value
    instance = play.engine.instances.get(named.instance_id, SYSTEM)
    if expected.key == "end":
        yield from _end(play, expected, instance)
        return
    if expected.key == "fields":
        found = dict(play.fields(named))
    elif expected.key == "variables":
        found = play.engine.instances.variables(named.instance_id, SYSTEM)
    elif expected.key == "state":
        found = _state(instance)
    else:
        seen = play.record(named)
        found = seen.status if seen is not None else None
    for path, wanted, there in mismatches(expected.pattern, found, play.scope(), ""):
        yield Problem(expected.place, f"{expected.key} {path}".rstrip(), wanted, there)


def instances(play: Play, expected: InstancesExpected, named: Named) -> Iterator[Problem]:
    """Compare the instances of a record, and name them."""
    seen = play.record(named)
    rows = list(seen.instances) if seen is not None else []
    for absent in (play.text(each) for each in expected.absent):
        found = [row for row in rows if row.process_id == absent]
        if found:
            yield Problem(expected.place, "no instances", f"no {absent}", _listed(found))
    taken: set[int] = set()
    for wanted in expected.wanted:
        process = play.text(wanted.process)
        same_process = [row for row in rows if row.process_id == process]
        fitting = [row for row in same_process if row.id not in taken and not list(_differs(play, wanted, row))]
        if wanted.count is not None and wanted.count != len(fitting):
            yield Problem(wanted.place, f"instances of {process}", str(wanted.count), _explained(play, wanted, rows))
        elif not fitting and wanted.count is None:
            yield Problem(wanted.place, f"instance of {process}", "one that fits", _explained(play, wanted, rows))
        elif fitting:
            # The newest is meant: a story speaks of what has just come about.
            chosen = max(fitting, key=lambda row: row.id)
            taken.add(chosen.id)
            if wanted.alias is not None:
                number = chosen.number or chosen.business_key
                play.named[play.text(wanted.alias)] = Named(chosen.business_key, chosen.id, number, whole=False)


def records(play: Play, expected: RecordsExpected) -> Iterator[Problem]:
    """Count the records of a type."""
    found, after = 0, ""
    while True:
        rows, after = play.engine.records.list(SYSTEM, RecordFilter(expected.record_type, after=after, limit=500))
        found += len(rows)
        if not after:
            break
    if found != expected.count:
        yield Problem(expected.place, f"records of type {expected.record_type}", str(expected.count), str(found))


def _end(play: Play, expected: RecordExpected, instance: InstanceRow) -> Iterator[Problem]:
    """An end is known by the id or the name of its event."""
    ends = {instance.end, _end_name(play, instance)}
    if any(not list(mismatches(expected.pattern, end, play.scope(), "")) for end in ends):
        return
    for path, wanted, _ in mismatches(expected.pattern, instance.end, play.scope(), ""):
        yield Problem(expected.place, f"end {path}".rstrip(), wanted, instance.end or f"it is {_state(instance)}")


def _end_name(play: Play, instance: InstanceRow) -> str:
    process = play.engine.deployments.current().processes.get(instance.process_id)
    node = process.definition.scope.nodes.get(instance.end) if process is not None else None
    return node.name if node is not None else instance.end


def _state(instance: InstanceRow) -> str:
    """The state in the words of scenarios."""
    return _STATES.get(instance.state, instance.state)


def _differs(play: Play, wanted: InstanceWanted, row: InstanceRow) -> Iterator[str]:
    if row.process_id != play.text(wanted.process):
        yield f"process {row.process_id}"
        return
    if wanted.state and wanted.state != _state(row):
        yield f"state {_state(row)}"
    if wanted.end is not None and play.text(wanted.end) not in (row.end, _end_name(play, row)):
        yield f"end {row.end or 'none'}"
    if wanted.number is not None and play.text(wanted.number) != row.number:
        yield f"number {row.number}"
    if wanted.fields is not None:
        fields: dict[str, Value] = {each.name: each.value for each in row.summary}
        for path, _, found in mismatches(wanted.fields, fields, play.scope(), ""):
            yield f"{path} {found}"
    if wanted.at is not None:
        tokens = {token.element_id for way in play.engine.instances.way(row.id, SYSTEM) for token in way.tokens}
        missing = [play.text(each) for each in wanted.at if play.text(each) not in tokens]
        if missing:
            yield f"no token at {', '.join(missing)} (but at {', '.join(sorted(tokens))})"


def _explained(play: Play, wanted: InstanceWanted, rows: list[InstanceRow]) -> str:
    lines = []
    for row in rows:
        if row.process_id == play.text(wanted.process):
            lines.append(f"{_line(row)}: {'; '.join(_differs(play, wanted, row)) or 'fits'}")
    return "\n".join(lines) or f"none; the record has {_listed(rows)}"


def _listed(rows: list[InstanceRow]) -> str:
    return "\n".join(_line(row) for row in rows) or "no instances"


def _line(row: InstanceRow) -> str:
    end = f" → {row.end}" if row.end else ""
    return f"{row.process_id} {row.number or row.business_key} {_state(row)}{end}"
