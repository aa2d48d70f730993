"""Reads steps: nodes of a file in, typed steps out. Every mistake of a list is collected, not only the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from engine.scenarios import steps as s
from engine.scenarios.expectations import Expectation
from engine.scenarios.given import changes, exceptions, reference, substitute
from engine.scenarios.grammar import VERBS
from engine.scenarios.moments import moment
from engine.scenarios.read_expectations import expectation, texts, where
from engine.scenarios.source import Place, ScenarioFault, Section, Source
from engine.scenarios.templates import NO_VALUES, NOTHING, Template, template, text_template, values_template


class _Common(TypedDict):
    place: Place
    verb: str
    title: str
    by: Template | None
    subject: Template | None
    note: str
    expect: Expectation | None
    refused: s.Refusal | None


def steps(source: Source | None, faults: list[ScenarioFault]) -> tuple[s.Step, ...]:
    """Read the steps of a story; what cannot be read is added to `faults` and left out."""
    found: list[s.Step] = []
    for each in source.items() if source else ():
        try:
            found.append(step(each, faults))
        except ScenarioFault as fault:
            faults.append(fault)
    return tuple(found)


def step(source: Source, faults: list[ScenarioFault]) -> s.Step:
    """Read one step."""
    section = source.section("a step")
    verb = "expect" if _only_expects(section) else section.verb(VERBS)
    value = section.require(verb)
    match verb:
        case "repeat":
            read = _repeat(section, value, faults)
        case "expect":
            read = _look(section, value, verb)
        case _:
            read = _VERBS[verb](section, value, verb)
    section.done()
    return read


def use(source: Source) -> s.Use:
    """Read what a story builds on: a name, or a mapping of one name to its parameters."""
    if not source.is_map:
        return s.Use(source.place, source.text())
    entries = list(source.entries())
    if len(entries) != 1:
        raise source.fault("Name one fragment or scenario here, with its parameters: {name: {parameter: value}}.")
    ((name, key, value),) = entries
    return s.Use(key.place, name, parameters(value))


def parameters(source: Source | None) -> tuple[tuple[str, Template], ...]:
    """Read parameters with their values."""
    if source is None or source.is_empty:
        return ()
    return tuple((name, template(value)) for name, _, value in source.entries())


def row(source: Source) -> s.Row:
    """Read one row (or rows with the same values) of a batch."""
    section = source.section("a row of a batch")
    names = texts(section.take("for"))
    if not names:
        raise source.fault("“for” is missing: name the record, or several, that this row speaks of.")
    return _row(section, names)


def refusal(source: Source | None) -> s.Refusal | None:
    """Read `refused`: a code or part of the text, or a mapping."""
    if source is None:
        return None
    if not source.is_map:
        return s.Refusal(source.place, says=text_template(source))
    section = source.section("refused")
    text = section.take("text")
    fields = section.take("field")
    read = s.Refusal(
        source.place,
        code=section.text("code"),
        text=text_template(text) if text else NOTHING,
        fields=tuple(each.text() for each in fields.items()) if fields else (),
        rule=section.text("rule"),
    )
    section.done()
    return read


def _only_expects(section: Section) -> bool:
    """Whether a step has `expect` and no verb: it only looks."""
    return "expect" in section and not any(verb in section for verb in VERBS)


def _common(section: Section, value: Source, verb: str) -> _Common:
    by, subject = section.take("by"), section.take("for")
    shown = "" if value.is_map or value.is_list or value.is_empty else f" {value.text()}"
    return _Common(
        place=section.place,
        verb=verb,
        title=f"{verb}:{shown}",
        by=text_template(by) if by else None,
        subject=text_template(subject) if subject else None,
        note=section.text("note"),
        expect=expectation(section.take("expect")),
        refused=refusal(section.take("refused")),
    )


def _taken(section: Section, key: str) -> Template | None:
    found = section.take(key)
    return text_template(found) if found else None


def _where(section: Section) -> s.Where:
    return s.Where(where(section.take("where")))


def _row(section: Section, names: tuple[Template, ...]) -> s.Row:
    read = s.Row(
        place=section.place,
        names=names,
        besides=texts(section.take("except")),
        outcome=_taken(section, "outcome"),
        where=_where(section),
        values=values_template(section.take("values")),
        refused=refusal(section.take("refused")),
    )
    section.done()
    return read


def _start(section: Section, value: Source, verb: str) -> s.Step:
    return s.Start(
        **_common(section, value, verb),
        process=text_template(value),
        event=_taken(section, "event"),
        alias=_taken(section, "as"),
        values=values_template(section.take("values")),
    )


def _do(section: Section, value: Source, verb: str) -> s.Step:
    return s.Do(
        **_common(section, value, verb),
        element=text_template(value),
        outcome=_taken(section, "outcome"),
        where=_where(section),
        values=values_template(section.take("values")),
    )


def _batch(section: Section, value: Source, verb: str) -> s.Step:
    rows, rest = section.take("rows"), section.take("rest")
    if rows is None and rest is None:
        raise section.source.fault("A batch needs “rows” or “rest”.")
    return s.Batch(
        **_common(section, value, verb),
        element=text_template(value),
        shared=values_template(section.take("shared")),
        rows=tuple(row(each) for each in rows.items()) if rows else (),
        rest=_row(rest.section("rest"), ()) if rest else None,
    )


def _send(section: Section, value: Source, verb: str) -> s.Step:
    return s.Send(
        **_common(section, value, verb),
        message=text_template(value),
        where=_where(section),
        key=_taken(section, "key"),
        correlation=_taken(section, "correlation"),
        values=values_template(section.take("values")),
    )


def _wait(section: Section, value: Source, verb: str) -> s.Step:
    return s.Wait(**_common(section, value, verb), until=moment(value))


def _task_verb(section: Section, value: Source, verb: str) -> s.Step:
    element = text_template(value)
    to = section.require("to") if verb in ("delegate", "reassign", "set due") else None
    return s.TaskVerb(
        **_common(section, value, verb),
        element=element,
        where=_where(section),
        to=text_template(to) if to and verb != "set due" else None,
        moment=moment(to) if to and verb == "set due" else None,
    )


def _comment(section: Section, value: Source, verb: str) -> s.Step:
    return s.Comment(**_common(section, value, verb), text=text_template(value))


def _record_verb(section: Section, value: Source, verb: str) -> s.Step:
    common = _common(section, value, verb)
    common["subject"] = text_template(value)
    until = section.take("until") if verb == "hold" else None
    return s.RecordVerb(
        **common,
        reason=_taken(section, "reason"),
        until=moment(until) if until else None,
        values=values_template(section.take("values")) if verb == "correct" else NO_VALUES,
        cancel=_plain(section, "cancel elements") if verb == "modify" else (),
        start_before=_plain(section, "start before") if verb == "modify" else (),
    )


def _plain(section: Section, key: str) -> tuple[str, ...]:
    found = section.take(key)
    return tuple(each.text() for each in found.items()) if found else ()


def _retry(section: Section, value: Source, verb: str) -> s.Step:
    values = values_template(section.take("values"))
    return s.Retry(**_common(section, value, verb), element=text_template(value), values=values)


def _person_verb(section: Section, value: Source, verb: str) -> s.Step:
    substituting = substitute(section, value) if verb == "substitute" else None
    return s.PersonVerb(**_common(section, value, verb), person=text_template(value), substitute=substituting)


def _calendar(section: Section, value: Source, verb: str) -> s.Step:
    return s.EnterCalendar(**_common(section, value, verb), exceptions=exceptions(value))


def _reference(section: Section, value: Source, verb: str) -> s.Step:
    return s.EnterItems(**_common(section, value, verb), items=reference(value))


def _import(section: Section, value: Source, verb: str) -> s.Step:
    rows = section.require("rows")
    created, repeated, bad = (section.take(key) for key in ("created", "repeated", "refused rows"))
    return s.Import(
        **_common(section, value, verb),
        process=text_template(value),
        event=_taken(section, "event"),
        rows=tuple(values_template(each) for each in rows.items()),
        created=created.number() if created else None,
        repeated=repeated.number() if repeated else None,
        refused_rows=tuple(_refused_row(*each) for each in bad.entries()) if bad else None,
    )


def _refused_row(name: str, key: Source, value: Source) -> tuple[int, str]:
    if not name.isdecimal():
        raise key.fault("“refused rows” maps the number of a row (the first row of data is 2) to a part of the reason.")
    return int(name), value.text()


def _deploy(section: Section, value: Source, verb: str) -> s.Step:
    return s.Deploy(**_common(section, value, verb), changes=changes(value))


def _push(section: Section, value: Source, verb: str) -> s.Step:
    if value.text() not in ("up", "down"):
        raise value.fault("Write `push: down` or `push: up`.")
    return s.PushSwitch(**_common(section, value, verb), up=value.text() == "up")


def _http(section: Section, value: Source, verb: str) -> s.Step:
    status, body = section.take("status"), section.take("body")
    return s.HttpAnswer(
        **_common(section, value, verb),
        url=text_template(value),
        status=status.number() if status else 200,
        body=template(body) if body else NOTHING,
        secret=section.text("secret"),
    )


def _restart(section: Section, value: Source, verb: str) -> s.Step:
    if not value.flag():
        raise value.fault("Write `restart: true`.")
    return s.Restart(**_common(section, value, verb))


def _off(section: Section, value: Source, verb: str) -> s.Step:
    return s.Restart(**_common(section, value, verb), until=moment(value))


def _use(section: Section, value: Source, verb: str) -> s.Step:
    named = use(value)
    given = section.take("with")
    if given is not None:
        named = s.Use(named.place, named.name, (*named.parameters, *parameters(given)))
    return s.UseStep(**_common(section, value, verb), use=named)


def _repeat(section: Section, value: Source, faults: list[ScenarioFault]) -> s.Step:
    inner = steps(section.require("steps"), faults)
    counter = section.text("as", "n")
    return s.Repeat(**_common(section, value, "repeat"), over=template(value), counter=counter, steps=inner)


def _look(section: Section, value: Source, verb: str) -> s.Step:
    common = _common(section, value, verb)
    common["expect"] = expectation(value)
    return s.Look(**common)


_VERBS: dict[str, Callable[[Section, Source, str], s.Step]] = {
    "start": _start,
    "do": _do,
    "batch": _batch,
    "send": _send,
    "wait": _wait,
    "claim": _task_verb,
    "unclaim": _task_verb,
    "delegate": _task_verb,
    "reassign": _task_verb,
    "set due": _task_verb,
    "comment": _comment,
    "hold": _record_verb,
    "resume": _record_verb,
    "cancel": _record_verb,
    "correct": _record_verb,
    "modify": _record_verb,
    "retry": _retry,
    "substitute": _person_verb,
    "end substitution": _person_verb,
    "read": _person_verb,
    "deactivate": _person_verb,
    "calendar": _calendar,
    "reference": _reference,
    "import": _import,
    "deploy": _deploy,
    "push": _push,
    "http": _http,
    "restart": _restart,
    "off": _off,
    "use": _use,
}
