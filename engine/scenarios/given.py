"""What is given before a story begins: people, calendar, reference data, settings, changed files, the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

from engine.scenarios.moments import Moment, moment
from engine.scenarios.source import Place, Section, Source
from engine.scenarios.templates import Template, template, text_template

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with groups."""

    id: str
    name: str
    groups: tuple[str, ...]
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class Substitute:
    """`deputy` stands in for `principal`; scope `record: name`, `group: id` or all (empty kind)."""

    place: Place
    principal: Template
    deputy: Template
    starts: Moment | None
    ends: Moment | None
    scope_kind: str
    scope_key: Template | None


@dataclass(frozen=True, slots=True)
class DayException:
    """A day off (no periods) or worked with its own hours; an empty calendar is the default one."""

    day: Template
    periods: tuple[str, ...]
    note: str
    calendar: str
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """Items of a reference list, each a mapping with `key` and the list's columns."""

    list_id: str
    items: tuple[Template, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class FileChange:
    """A text of a deployed file that is replaced; it must stand there."""

    file: str
    replace: str
    by: str
    place: Place


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with another value."""

    name: str
    value: Template
    place: Place


@dataclass(frozen=True, slots=True)
class Given:
    """A `given` block."""

    now: Moment | None = None
    people: tuple[Someone, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    calendar: tuple[DayException, ...] = ()
    reference: tuple[Items, ...] = ()
    settings: tuple[Setting, ...] = ()
    files: tuple[FileChange, ...] = ()
    push: tuple[str, ...] = ()

    def then(self, later: Given) -> Given:
        """Both together; where they speak of the same person, setting or time, the later wins."""
        people = {each.id: each for each in (*self.people, *later.people)}
        settings = {each.name: each for each in (*self.settings, *later.settings)}
        return Given(
            later.now or self.now,
            tuple(people.values()),
            _once(self.substitutes, later.substitutes),
            _once(self.calendar, later.calendar),
            _once(self.reference, later.reference),
            tuple(settings.values()),
            _once(self.files, later.files),
            _once(self.push, later.push),
        )


def together(blocks: Iterable[Given]) -> Given:
    """All blocks put together in their order."""
    return reduce(Given.then, blocks, Given())


def given(source: Source | None) -> Given:
    """Read a `given` block."""
    if source is None or source.is_empty:
        return Given()
    section = source.section("given")
    now = section.take("now")
    result = Given(
        moment(now) if now else None,
        tuple(_person(each) for each in _items(section, "people")),
        tuple(substitute(each.section("a substitution")) for each in _items(section, "substitutes")),
        exceptions(section.take("calendar")),
        reference(section.take("reference")),
        tuple(_settings(section.take("settings"))),
        changes(section.take("files")),
        tuple(each.text() for each in _items(section, "push")),
    )
    section.done()
    return result


def exceptions(source: Source | None) -> tuple[DayException, ...]:
    """Read exceptions of the calendar."""
    return tuple(_exception(each) for each in (source.items() if source else ()))


def reference(source: Source | None) -> tuple[Items, ...]:
    """Read items of reference lists: list id → items."""
    if source is None or source.is_empty:
        return ()
    return tuple(
        Items(name, tuple(template(each) for each in value.items()), key.place) for name, key, value in source.entries()
    )


def changes(source: Source | None) -> tuple[FileChange, ...]:
    """Read changes of files."""
    return tuple(_change(each) for each in (source.items() if source else ()))


def substitute(section: Section, principal: Source | None = None) -> Substitute:
    """Read who stands in for whom; `principal` is given when the verb names the person already."""
    who = principal or section.require("principal")
    starts, ends, scope = section.take("from"), section.take("until"), section.take("scope")
    kind, key = "", None
    if scope is not None:
        inner = scope.section("scope")
        kind = inner.verb(("record", "group"))
        key = text_template(inner.require(kind))
        inner.done()
    read = Substitute(
        section.place,
        text_template(who),
        text_template(section.require("deputy")),
        moment(starts) if starts else None,
        moment(ends) if ends else None,
        kind,
        key,
    )
    if principal is None:
        section.done()
    return read


def _person(source: Source) -> Someone:
    section = source.section("a person")
    groups = section.take("groups")
    person = Someone(
        section.require("id").text(),
        section.text("name") or section.text("id"),
        tuple(each.text() for each in (groups.items() if groups else ())),
        section.text("language", "zh"),
    )
    section.done()
    return person


def _exception(source: Source) -> DayException:
    section = source.section("an exception of the calendar")
    periods = section.take("periods")
    found = DayException(
        template(section.require("day")),
        tuple(each.text() for each in (periods.items() if periods else ())),
        section.text("note"),
        section.text("calendar"),
        source.place,
    )
    section.done()
    return found


def _settings(source: Source | None) -> Iterable[Setting]:
    if source is None or source.is_empty:
        return ()
    return (Setting(name, template(value), key.place) for name, key, value in source.entries())


def _change(source: Source) -> FileChange:
    section = source.section("a changed file")
    change = FileChange(
        section.require("file").text(), section.require("replace").text(), section.text("with"), source.place
    )
    section.done()
    return change


def _items(section: Section, key: str) -> tuple[Source, ...]:
    found = section.take(key)
    return found.items() if found else ()


def _once(first: tuple[_T, ...], later: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys((*first, *later)))
