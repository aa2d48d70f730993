"""groups.yaml: the groups people belong to, and what each may do beyond its tasks."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.practice.source import Entry, Label, nearest, unique

RIGHTS = (
    "deploy",
    "administer",
    "modify",
    "migrate",
    "correct",
    "hold",
    "cancel",
    "retry",
    "see_all",
    "send_any",
    "board",
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its rights (of `RIGHTS`); `second_factor` tells that its members must have one to sign in."""

    id: str
    label: Label
    rights: frozenset[str]
    line: int
    second_factor: bool = False


def read_groups(root: Entry) -> tuple[Group, ...]:
    """All groups of the file, in order."""
    found = [_group(entry) for entry in root.entries("groups")]
    unique(root.source, "Group", [(group.id, group.line) for group in found])
    root.finish()
    return tuple(found)


def _group(entry: Entry) -> Group:
    rights = entry.lines("rights")
    for right, line in rights:
        if right not in RIGHTS:
            entry.source.report(
                line,
                "%(element)s has the unknown right %(right)s.",
                "Use one of: %(known)s.%(guess)s",
                element=entry.what,
                right=right,
                known=", ".join(RIGHTS),
                guess=nearest(right, RIGHTS),
            )
    named, label, factor = entry.name("id"), entry.label(), entry.boolean("second_factor")
    group = Group(named, label, frozenset(right for right, _ in rights), entry.line, factor)
    entry.finish()
    return group
