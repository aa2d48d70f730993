"""Reads `expect` blocks: nodes of a file in, typed expectations out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.errors import ExpressionError
from engine.expressions import compile_unary
from engine.scenarios import expectations as x
from engine.scenarios.moments import moment
from engine.scenarios.source import Source
from engine.scenarios.templates import Template, template, text_template

_STATES = ("open", "ended", "cancelled", "suspended")


def expectation(source: Source | None) -> x.Expectation | None:
    """Read an `expect` block; a list of blocks is not one."""
    if source is None:
        return None
    section = source.section("expect")
    subject = section.take("for")
    checks = [check for key, read in _KEYS.items() if (value := section.take(key)) for check in read(value, key)]
    section.done()
    return x.Expectation(source.place, text_template(subject) if subject else None, tuple(checks))


def pattern(source: Source) -> x.Pattern:
    """What a found value is compared with."""
    if source.is_list:
        return x.Elements(tuple(pattern(each) for each in source.items()))
    if not source.is_map:
        return x.Equal(template(source))
    entries = [(name, value) for name, _, value in source.entries()]
    if len(entries) == 1:
        ((name, value),) = entries
        match name.replace("_", " "):
            case "is":
                return _is(value)
            case "has":
                return x.Has(text_template(value))
            case "is not":
                return x.IsNot(template(value))
    return x.Entries(tuple((name, pattern(value)) for name, value in entries))


def where(source: Source | None) -> tuple[tuple[str, Template], ...]:
    """Read `where`: property → value."""
    return tuple((name, template(value)) for name, _, value in source.entries()) if source else ()


def texts(source: Source | None) -> tuple[Template, ...]:
    """A list of names (or one)."""
    return tuple(text_template(each) for each in source.items()) if source else ()


def task_wanted(element: Template, source: Source) -> x.TaskWanted:
    """Read the details of one task."""
    if source.is_empty:
        return x.TaskWanted(source.place, element)
    section = source.section("a task's details")
    due, suspended, form, count = (section.take(key) for key in ("due", "suspended", "form", "count"))
    groups = section.take("groups")
    owner = section.take("owner")
    wanted = x.TaskWanted(
        place=source.place,
        element=element,
        count=count.number() if count else 1,
        owner=_text_or_none(owner),
        groups=texts(groups) if groups else None,
        due=moment(due) if due else None,
        suspended=suspended.flag() if suspended else None,
        may=texts(section.take("may")),
        may_not=texts(section.take("may not")),
        details=tuple((key, pattern(v)) for key in ("name", "priority", "stage", "number") if (v := section.take(key))),
        form=_entries(form),
        where=where(section.take("where")),
    )
    section.done()
    return wanted


def _is(source: Source) -> x.Is:
    text = source.text()
    try:
        return x.Is(compile_unary(text), text, source.place)
    except ExpressionError as error:
        raise source.fault(str(error)) from error


def _text_or_none(source: Source | None) -> Template | None:
    """A text; `null` or nothing written is the empty text (nobody, none), a missing key is None."""
    if source is None:
        return None
    return template(source) if source.is_empty else text_template(source)


def _entries(source: Source | None) -> x.Entries | None:
    if source is None:
        return None
    return x.Entries(tuple((name, pattern(value)) for name, _, value in source.entries()))


def _tasks(source: Source, key: str) -> Iterator[x.Check]:
    wanted: list[x.TaskWanted] = []
    if source.is_map:
        wanted = [task_wanted(text_template(name), value) for _, name, value in source.entries()]
    else:
        for each in source.items():
            if each.is_map:
                wanted += [task_wanted(text_template(name), value) for _, name, value in each.entries()]
            else:
                wanted.append(x.TaskWanted(each.place, text_template(each)))
    yield x.TasksExpected(source.place, key, tuple(wanted))


def _record(source: Source, key: str) -> Iterator[x.Check]:
    if key == "state" and source.text() not in _STATES:
        raise source.fault(f"A state is one of {', '.join(_STATES)}.")
    yield x.RecordExpected(source.place, key, pattern(source))


def _instances(source: Source, _key: str) -> Iterator[x.Check]:
    yield x.InstancesExpected(source.place, tuple(_instance(each) for each in source.items()))


def _instance(source: Source) -> x.InstanceWanted:
    if not source.is_map:
        return x.InstanceWanted(source.place, text_template(source))
    section = source.section("an instance")
    state, end, at, count = (section.take(key) for key in ("state", "end", "at", "count"))
    alias, number = section.take("as"), section.take("number")
    if state is not None and state.text() not in _STATES:
        raise state.fault(f"A state is one of {', '.join(_STATES)}.")
    wanted = x.InstanceWanted(
        place=source.place,
        process=text_template(section.require("process")),
        state=state.text() if state else "",
        end=text_template(end) if end else None,
        fields=_entries(section.take("fields")),
        at=texts(at) if at else None,
        count=count.number() if count else None,
        alias=text_template(alias) if alias else None,
        number=text_template(number) if number else None,
    )
    section.done()
    return wanted


def _no_instances(source: Source, _key: str) -> Iterator[x.Check]:
    yield x.InstancesExpected(source.place, (), texts(source))


def _notices(source: Source, key: str) -> Iterator[x.Check]:
    yield x.NoticesExpected(source.place, tuple(_notice(each) for each in source.items()), key.startswith("no "))


def _notice(source: Source) -> x.NoticeWanted:
    section = source.section("a notification")
    to, subject, text = (section.take(key) for key in ("to", "subject", "text"))
    receipt, read, count = (section.take(key) for key in ("receipt", "read", "count"))
    wanted = x.NoticeWanted(
        source.place,
        text_template(to) if to else None,
        text_template(subject) if subject else None,
        text_template(text) if text else None,
        section.text("kind"),
        receipt.flag() if receipt else None,
        read.flag() if read else None,
        count.number() if count else None,
    )
    section.done()
    return wanted


def _pushes(source: Source, key: str) -> Iterator[x.Check]:
    yield x.PushesExpected(source.place, tuple(_push(each) for each in source.items()), key.startswith("no "))


def _push(source: Source) -> x.PushWanted:
    section = source.section("a push")
    to, subject, text, count = (section.take(key) for key in ("to", "subject", "text", "count"))
    wanted = x.PushWanted(
        source.place,
        text_template(to) if to else None,
        text_template(subject) if subject else None,
        text_template(text) if text else None,
        count.number() if count else None,
    )
    section.done()
    return wanted


def _decisions(source: Source, _key: str) -> Iterator[x.Check]:
    for name, key, value in source.entries():
        section = value.section("a decision")
        rule, output, count = (section.take(each) for each in ("rule", "output", "count"))
        yield x.DecisionExpected(
            key.place,
            name,
            texts(rule) if rule else None,
            pattern(output) if output else None,
            _entries(section.take("inputs")),
            count.number() if count else None,
        )
        section.done()


def _history(source: Source, key: str) -> Iterator[x.Check]:
    yield x.HistoryExpected(source.place, tuple(_event(each) for each in source.items()), key.startswith("no "))


def _event(source: Source) -> x.EventWanted:
    if not source.is_map:
        return x.EventWanted(source.place, element=text_template(source))
    section = source.section("an event of history")
    element, by, behalf, text = (section.take(key) for key in ("element", "by", "for", "text"))
    count = section.take("count")
    wanted = x.EventWanted(
        place=source.place,
        element=text_template(element) if element else None,
        by=text_template(by) if by else None,
        behalf=_text_or_none(behalf),
        kind=section.text("kind"),
        text=text_template(text) if text else None,
        clause=section.text("clause"),
        stage=section.text("stage"),
        values=_entries(section.take("values")),
        count=count.number() if count else None,
    )
    section.done()
    return wanted


def _passed(source: Source, key: str) -> Iterator[x.Check]:
    yield x.PassedExpected(source.place, texts(source), key.startswith("not "))


def _sight(source: Source, key: str) -> Iterator[x.Check]:
    yield x.SightExpected(source.place, texts(source), key.startswith("does not"))


def _inbox(source: Source, _key: str) -> Iterator[x.Check]:
    for _, key, value in source.entries():
        yield x.InboxExpected(key.place, text_template(key), tuple(_inbox_entries(value)))


def _inbox_entries(source: Source) -> Iterator[x.InboxEntry]:
    for each in source.items():
        if not each.is_map:
            yield x.InboxEntry(each.place, text_template(each))
            continue
        for _, element, value in each.entries():
            section = value.section("an entry of an inbox")
            subject, behalf, count = (section.take(key) for key in ("for", "on behalf of", "count"))
            yield x.InboxEntry(
                each.place,
                text_template(element),
                text_template(subject) if subject else None,
                _text_or_none(behalf),
                count.number() if count else 1,
            )
            section.done()


def _offers(source: Source, key: str) -> Iterator[x.Check]:
    for _, person, value in source.entries():
        yield x.OffersExpected(person.place, key, text_template(person), texts(value))


def _incidents(source: Source, _key: str) -> Iterator[x.Check]:
    if not source.is_list and not source.is_map:
        yield x.IncidentsExpected(source.place, source.number(), ())
        return
    wanted = []
    for each in source.items():
        section = each.section("an incident")
        element, text = section.take("element"), section.take("text")
        wanted.append(
            x.IncidentWanted(
                each.place,
                text_template(element) if element else None,
                section.text("code"),
                text_template(text) if text else None,
            )
        )
        section.done()
    yield x.IncidentsExpected(source.place, len(wanted), tuple(wanted))


def _records(source: Source, _key: str) -> Iterator[x.Check]:
    for name, key, value in source.entries():
        yield x.RecordsExpected(key.place, name, value.number())


_KEYS: dict[str, Callable[[Source, str], Iterator[x.Check]]] = {
    "instances": _instances,
    "no instances": _no_instances,
    "tasks": _tasks,
    "has tasks": _tasks,
    "no tasks": _tasks,
    "status": _record,
    "fields": _record,
    "variables": _record,
    "state": _record,
    "end": _record,
    "notifications": _notices,
    "no notifications": _notices,
    "pushed": _pushes,
    "no pushed": _pushes,
    "decisions": _decisions,
    "history": _history,
    "no history": _history,
    "passed": _passed,
    "not passed": _passed,
    "sees": _sight,
    "does not see": _sight,
    "inbox": _inbox,
    "buttons": _offers,
    "no buttons": _offers,
    "may start": _offers,
    "incidents": _incidents,
    "records": _records,
}
