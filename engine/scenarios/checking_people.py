"""`sees`, `inbox`, `buttons`, `may start`: what is shown and offered to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.errors import NotFound
from engine.scenarios.expectations import InboxEntry, InboxExpected, OffersExpected, SightExpected
from engine.scenarios.names import Named
from engine.scenarios.outcome import Problem
from engine.views import Actor, InboxFilter, TaskRow

if TYPE_CHECKING:
    from engine.scenarios.play import Play

_MANY = 10_000


def sight(play: Play, expected: SightExpected, named: Named) -> Iterator[Problem]:
    """Whether people may open the record."""
    for person in (play.text(each) for each in expected.people):
        seen = _sees(play, person, named)
        if seen == expected.absent:
            wanted = f"{person} {'does not see' if expected.absent else 'sees'} {named.key}"
            yield Problem(expected.place, "visibility", wanted, "it is shown" if seen else "it is not found")


def inbox(play: Play, expected: InboxExpected) -> Iterator[Problem]:
    """Compare what a person finds in the inbox: own and group tasks of all records."""
    person = play.text(expected.person)
    rows = play.engine.tasks.inbox(Actor(person), InboxFilter(owner="both", limit=_MANY)).rows
    wanted: Counter[str] = Counter()
    for entry in expected.entries:
        wanted[play.text(entry.element)] += entry.count
    found = Counter(row.element_id for row in rows)
    if wanted != found:
        yield Problem(expected.place, f"inbox of {person}", _counted(wanted), _counted(found))
        return
    for entry in expected.entries:
        yield from _entry(play, entry, person, rows)


def offers(play: Play, expected: OffersExpected, named: Named | None) -> Iterator[Problem]:
    """Compare what is offered on the record, or on the start page."""
    person = play.text(expected.person)
    offered = _startable(play, person) if expected.key == "may start" else _buttons(play, person, named)
    for name in (play.text(each) for each in expected.names):
        if (name in offered) == (expected.key == "no buttons"):
            wanted = f"{name} is {'not ' if expected.key == 'no buttons' else ''}offered to {person}"
            yield Problem(expected.place, expected.key, wanted, ", ".join(sorted(filter(None, offered))) or "nothing")


def _sees(play: Play, person: str, named: Named) -> bool:
    try:
        if named.whole:
            play.engine.records.get(named.key, Actor(person))
        else:
            play.engine.instances.get(named.instance_id, Actor(person))
    except NotFound:
        return False
    return True


def _buttons(play: Play, person: str, named: Named | None) -> set[str]:
    if named is None:
        return set()
    try:
        buttons = play.engine.records.get(named.key, Actor(person)).buttons
    except NotFound:
        return set()
    return {
        word
        for each in buttons
        if named.whole or each.instance_id in (named.instance_id, 0)
        for word in (each.message, each.element_id, each.label, each.process_id if each.kind == "start" else "")
    }


def _startable(play: Play, person: str) -> set[str]:
    return {
        word
        for each in play.engine.instances.startable(Actor(person))
        for word in (each.process_id, each.element_id, each.name)
    }


def _entry(play: Play, entry: InboxEntry, person: str, rows: tuple[TaskRow, ...]) -> Iterator[Problem]:
    found = [row for row in rows if row.element_id == play.text(entry.element)]
    if entry.subject is not None:
        named = play.find(entry.subject)
        found = [row for row in found if row.business_key == named.key]
    if entry.behalf is not None:
        found = [row for row in found if row.on_behalf_of == play.text(entry.behalf)]
    if len(found) < entry.count:
        wanted = f"{entry.count} × {play.text(entry.element)} with these details"
        shown = "\n".join(
            f"{row.element_id} {row.business_key} on behalf of {row.on_behalf_of or 'nobody'}" for row in rows
        )
        yield Problem(entry.place, f"inbox of {person}", wanted, shown or "nothing")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} × {n}" if n > 1 else name for name, n in sorted(counts.items())) or "nothing"
