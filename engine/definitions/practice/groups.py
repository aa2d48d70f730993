"""groups.yaml: the groups people belong to, and what each may do beyond its tasks."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.practice.source import Entry, Label, nearest, unique

RIGHTS = (
    "deploy",
    "administer",
    "modify",
    "correct",
    "hold",
    "cancel",
    "retry",
    "see_all",
    "send_any",
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its rights (of `RIGHTS`)."""

    id: str
    label: Label
    rights: frozenset[str]
    line: int


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
    group = Group(entry.name("id"), entry.label(), frozenset(right for right, _ in rights), entry.line)
    entry.finish()
    return group
