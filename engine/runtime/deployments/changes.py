"""What changes from one set to another: processes element by element, decisions rule by rule, other files by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.decisions import TableDifference, table_difference
from engine.definitions.differences import Difference, differences
from engine.runtime.deployed.practice import Practice
from engine.runtime.deployments.checking import Checked
from engine.store.deployments import Defined


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: `kind` is new, changed or removed; `what` is process, decision or file.

    `elements` are those of a changed process that are different; none when it is only drawn or written otherwise.
    `table` is what differs in a changed decision.
    """

    kind: str
    what: str
    id: str
    name: str
    file: str
    elements: tuple[Difference, ...] = ()
    table: TableDifference | None = None


def changes(before: Checked, after: Checked) -> tuple[Change, ...]:
    """What deploying one set in place of another would change."""
    found: list[Change] = []
    pairs = (("process", before.processes, after.processes), ("decision", before.decisions, after.decisions))
    for what, old, new in pairs:
        found += _differences(what, {each.key: each for each in old}, {each.key: each for each in new})
    found = [_in_detail(each, before, after) for each in found]
    known = {each.file for each in (*after.processes, *after.decisions, *before.processes, *before.decisions)}
    old_files, new_files = _named(before.digests), _named(after.digests)
    return (*found, *(each for each in _differences("file", old_files, new_files) if each.file not in known))


def changes_between(before: Practice, after: Practice) -> tuple[Change, ...]:
    """What is different between two sets that are deployed."""
    found = []
    for change in _differences("process", _processes(before), _processes(after)):
        if change.kind == "changed":
            old, new = before.processes[change.id], after.processes[change.id]
            found.append(replace(change, elements=differences(old.definition, new.definition)))
        else:
            found.append(change)
    for change in _differences("decision", _decisions(before), _decisions(after)):
        if change.kind == "changed":
            table = table_difference(before.decisions[change.id], after.decisions[change.id])
            found.append(replace(change, table=table))
        else:
            found.append(change)
    others = _differences("file", _named(before.files), _named(after.files))
    return (*found, *(each for each in others if not each.file.endswith((".bpmn", ".dmn"))))


def _in_detail(change: Change, before: Checked, after: Checked) -> Change:
    if change.kind != "changed":
        return change
    if change.what == "process":
        return replace(change, elements=differences(before.definitions[change.id], after.definitions[change.id]))
    return replace(change, table=table_difference(before.tables[change.id], after.tables[change.id]))


def _processes(practice: Practice) -> dict[str, Defined]:
    found = (each.definition for each in practice.processes.values())
    return {each.id: Defined(each.id, each.name or each.id, each.file, each.digest) for each in found}


def _decisions(practice: Practice) -> dict[str, Defined]:
    return {key: Defined(key, each.name or key, "", each.digest) for key, each in practice.decisions.items()}


def _named(digests: Mapping[str, str]) -> dict[str, Defined]:
    return {name: Defined(name, name, name, digest) for name, digest in digests.items()}


def _differences(what: str, old: Mapping[str, Defined], new: Mapping[str, Defined]) -> list[Change]:
    found = []
    for key in sorted(old.keys() | new.keys()):
        kind = "removed" if key not in new else "new" if key not in old else ""
        if not kind and old[key].digest != new[key].digest:
            kind = "changed"
        if kind:
            given = new.get(key) or old[key]
            found.append(Change(kind, what, key, given.name, given.file))
    return found
