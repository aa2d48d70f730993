"""A printed sheet of a record: the template of the practice, filled with what its viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from markupsafe import Markup

from engine.forms import Field
from engine.prints import render
from engine.values import Value
from engine.views import FieldValue, HistoryRow, RecordView
from webui import events, shown, times
from webui.access import actor, area, engine, person
from webui.choices import Choices
from webui.frame import label
from webui.practice import form_of, surroundings
from webui.readable import whole
from webui.words import localise, reading

pages = area("prints", "/records")


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a template reads it: its label, its words, the stored value; the rows of a table."""

    label: str = ""
    text: str = ""
    value: Value = None
    rows: tuple[Mapping[str, Shown], ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """A row of history as a template reads it."""

    at: str
    step: str
    element: str
    what: str
    who: str
    clauses: str


@dataclass(frozen=True, slots=True)
class Linked:
    """An instance of the same record."""

    number: str
    name: str
    title: str
    state: str
    started: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the record."""

    name: str
    state: str
    at: str


@dataclass(frozen=True, slots=True)
class Head:
    """The record itself."""

    key: str
    number: str
    kind: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Printed:
    """When, by whom and under which name the sheet is printed."""

    at: str
    by: str
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """A step as it was done last: when, by whom, what was filled in; `all` are the times it was done, oldest first."""

    at: str
    by: str
    form: Mapping[str, Shown]
    all: tuple[Done, ...] = ()


class Steps(dict[str, Done]):
    """Steps by their element; one that nobody did yet is blank on paper."""

    def get(self, key: str, default: object = None) -> Done:
        """The step, or a blank."""
        del default
        return super().get(key) or Done("", "", Blank())


class Blank(dict[str, Shown]):
    """Names to values; what nobody filled in is blank on paper."""

    def get(self, key: str, default: object = None) -> Shown:
        """The value, or a blank."""
        del default
        return super().get(key) or Shown()


@pages.get("/<key>/print/<name>")
def show(key: str, name: str) -> str:
    """The sheet, alone on its page."""
    source = engine().prints.get(key, name, whole(request.args.get("instance", "")) or 0, actor())
    sheet, record = source.offer.sheet, engine().records.get(key, actor())
    rows = [
        row
        for row in engine().records.timeline(key, actor(), "time")[::-1]
        if row.instance_id == source.offer.instance_id
    ]
    steps = _steps(rows)
    values = {
        "record": Head(key, source.offer.number, localise(record.type_label), localise(record.title),
                       localise(record.status_label)),
        "field": _fields(record.fields),
        "own": _fields(source.own),
        "form": Blank({name: value for step in steps.values() for name, value in step.form.items()}),
        "step": steps,
        "history": tuple(map(_happened, events.worth_telling(rows))),
        "linked": _linked(record),
        "stages": tuple(
            Stage(localise(each.label), each.state, times.exact(each.at) if each.at else "") for each in record.stages
        ),
        "printed": Printed(times.exact(times.now()), person().name, label(sheet.label)),
    }  # fmt: skip
    body = render(sheet.file, sheet.template, values, lambda zh, en: en if reading() == "en" else zh)
    # The sandbox has escaped every value; what is left is the template that was deployed.
    return render_template("prints/show.html", record=record, name=label(sheet.label), body=Markup(body))  # noqa: S704


def _fields(found: Sequence[FieldValue]) -> Blank:
    labels = {name: field for kind in surroundings().records.values() for name, field in kind.fields.items()}
    blank = {name: Shown(label(field.label)) for name, field in labels.items()}
    given = {each.name: Shown(localise(each.label), shown.field(each), each.value, _rows(each.value)) for each in found}
    return Blank(blank | given)


def _steps(rows: Sequence[HistoryRow]) -> Steps:
    """What was done at each element, oldest first, with the labels and words of its form."""
    found, choices = Steps(), Choices()
    for row in rows:
        if isinstance(row.data.get("values"), dict):
            form = form_of(row.process_id, row.element_id)
            values = {
                name: _submitted(form.field(name), name, value, choices) for name, value in events.written(row).items()
            }
            done = Done(times.exact(row.at), localise(row.actor_name), Blank(values))
            before = found.pop(row.element_id, Done("", "", Blank())).all
            found[row.element_id] = replace(done, all=(*before, done))
    return found


def _submitted(field: Field | None, name: str, value: Value, choices: Choices) -> Shown:
    if field is None:
        return Shown(name, shown.plain(value), value, _rows(value))
    words = dict(choices.of(field)).get(value, "") if isinstance(value, str) else ""
    rows: list[Mapping[str, Shown]] = []
    for item in value if field.columns and isinstance(value, list) else ():
        cells = item if isinstance(item, dict) else {}
        rows.append(
            Blank({each.name: _submitted(each, each.name, cells.get(each.name), choices) for each in field.columns})
        )
    text = "" if field.columns else words or shown.plain(value)
    return Shown(localise(field.label) or name, text, value, tuple(rows))


def _rows(value: Value) -> tuple[Mapping[str, Shown], ...]:
    """A published list of contexts, a row each."""
    items = value if isinstance(value, list) else []
    return tuple(
        Blank({name: Shown(name, shown.plain(cell), cell) for name, cell in item.items()})
        for item in items
        if isinstance(item, dict)
    )


def _happened(row: HistoryRow) -> Happened:
    who = localise(row.actor_name)
    return Happened(times.exact(row.at), localise(row.element_name), row.element_id, events.sentence(row), who,
                    " ".join(row.clauses))  # fmt: skip


def _linked(record: RecordView) -> tuple[Linked, ...]:
    return tuple(
        Linked(each.number, localise(each.process_name), localise(each.title), each.state, times.exact(each.started_at))
        for each in record.instances[1:]
    )
