"""The document `demo`: stories that begin at moments seen from the present, and routines of every working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from engine.scenarios.documents import Library
from engine.scenarios.given import Given, given
from engine.scenarios.moments import Moment, moment
from engine.scenarios.read_steps import parameters, steps, use
from engine.scenarios.source import Place, ScenarioFault, ScenarioFilesInvalid, Section, Source
from engine.scenarios.steps import Step, Use


@dataclass(frozen=True, slots=True)
class Entry:
    """A story that begins `at` a moment seen from the present; `name` is what routines call it."""

    place: Place
    at: Moment
    use: Use
    name: str


@dataclass(frozen=True, slots=True)
class Routine:
    """Steps that are done at these times of every working day, before `until` when that is given."""

    place: Place
    times: tuple[time, ...]
    until: Moment | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """A document `demo: NAME`."""

    name: str
    given: Given
    begins: Moment
    entries: tuple[Entry, ...]
    routines: tuple[Routine, ...]


def read_demo(library: Library) -> Demo | None:
    """The demonstration among the files of a library; None when there is none. Raises ScenarioFilesInvalid."""
    faults: list[ScenarioFault] = []
    found: list[Demo] = []
    for document in library.rest:
        try:
            found.append(_demo(document, faults))
        except ScenarioFault as fault:
            faults.append(fault)
    faults += [fault for demo in found for each in demo.entries for fault in library.wrong_uses(each.use)]
    if len(found) > 1:
        faults.append(
            ScenarioFault(library.rest[1].place, "There is another demonstration; make one document of both.")
        )
    if faults:
        raise ScenarioFilesInvalid(faults)
    return found[0] if found else None


def _demo(document: Source, faults: list[ScenarioFault]) -> Demo:
    section = document.section("a demonstration")
    stories, routines = section.take("stories"), section.take("routines")
    demo = Demo(
        section.require("demo").text(),
        given(section.take("given")),
        moment(section.require("begins")),
        tuple(_entry(each.section("a story")) for each in (stories.items() if stories else ())),
        tuple(_routine(each.section("a routine"), faults) for each in (routines.items() if routines else ())),
    )
    section.done()
    return demo


def _entry(section: Section) -> Entry:
    used = use(section.require("use"))
    entry = Entry(
        section.place,
        moment(section.require("at")),
        Use(used.place, used.name, (*used.parameters, *parameters(section.take("with")))),
        section.text("name"),
    )
    section.done()
    return entry


def _routine(section: Section, faults: list[ScenarioFault]) -> Routine:
    times = tuple(_time(each) for each in section.require("at").items())
    until = section.take("until")
    last = moment(until) if until else None
    routine = Routine(section.place, times, last, steps(section.require("steps"), faults))
    section.done()
    return routine


def _time(source: Source) -> time:
    match source.scalar():
        case time() as value:
            return value
        case str() as text:
            try:
                return time.fromisoformat(text.zfill(5))
            except ValueError:
                pass
    raise source.fault("A time of day is wanted here, such as 10:20.")
