"""Events of history as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from engine.forms import Field, FieldType
from engine.values import Value
from engine.views import HistoryRow
from webui import decided, shown, times
from webui.practice import form_of
from webui.words import gettext, localise, ngettext

_QUIET = frozenset({"left", "variables", "withdrawn", "external-opened"})
_OVER = frozenset({"task-completed", "task-withdrawn"})
_SENT = frozenset({"message", "message-sent", "signal-sent"})
"""Told when a person did it; what instances send one another shows in what they do next."""
_TOLD = frozenset({"notify", "set-status", "suspend"})
_OFTEN = 5
_AT_ONCE = timedelta(minutes=1)
"""What arrives sooner was sent as it was entered."""


def sentence(row: HistoryRow) -> str:
    """What happened, with the element's name."""
    name = localise(row.element_name)
    say = _SENTENCES.get(row.kind)
    return (say(row, name) if say else "") or localise(row.text) or f"{row.kind} {name}".strip()


def _effect(row: HistoryRow, name: str) -> str:
    if row.data.get("topic") == "notify":
        return gettext("Told: %(subject)s", subject=localise(_text(row, "subject")))
    return gettext("%(name)s carried out", name=name)


def details(row: HistoryRow) -> list[str]:
    """Short lines below the sentence: what was submitted and when it was entered, why it was withdrawn."""
    values = row.data.get("values")
    if isinstance(values, dict):
        form = form_of(row.process_id, row.element_id)
        words = [_labelled(form.field(name), name, value) for name, value in values.items() if _short(value)]
        return [line for line in (" · ".join(words)[:300], _keyed(row)) if line]
    if row.kind == "decision":
        return decided.told(row)
    if row.kind in {"corrected", "modified", "held"} and isinstance(row.data.get("set"), dict):
        return [shown.plain(row.data["set"])]
    return []


def worth_telling(rows: Sequence[HistoryRow]) -> list[HistoryRow]:
    """What a reader wants to know: without steps nobody took, waits that are over, and clocks that strike all day."""
    struck = Counter((row.instance_id, row.element_id) for row in rows if row.kind == "timer")
    over: dict[tuple[int, str], int] = {}
    for row in rows:
        if row.kind in _OVER:
            place = (row.instance_id, row.element_id)
            over[place] = max(row.seq, over.get(place, 0))

    def tells(row: HistoryRow) -> bool:
        place = (row.instance_id, row.element_id)
        if row.kind == "task-opened":
            return row.seq > over.get(place, 0)
        if row.kind == "timer":
            return bool(row.element_name) and struck[place] <= _OFTEN
        if row.kind in _SENT:
            return bool(row.actor)
        return row.kind not in _QUIET and (row.kind != "effect" or row.data.get("topic") in _TOLD)

    return [row for row in rows if tells(row)]


def tone(row: HistoryRow) -> str:
    """The colour of the dot in the timeline."""
    if row.kind in {"incident", "cancelled", "undelivered"}:
        return "red"
    if row.kind in {"held", "task-withdrawn", "corrected", "modified", "migrated", "migration-undone"}:
        return "amber"
    return "blue" if row.actor else ""


def counts(rows: Sequence[HistoryRow]) -> str:
    """How often an element was reached and done, in one line."""
    kinds = Counter(row.kind for row in rows)
    parts = [
        ngettext("waited %(num)d time", "waited %(num)d times", kinds["task-opened"]) if kinds["task-opened"] else "",
        ngettext("done %(num)d time", "done %(num)d times", kinds["task-completed"]) if kinds["task-completed"] else "",
        gettext("passed %(count)d times", count=kinds["left"]) if kinds["left"] else "",
        gettext("withdrawn %(count)d times", count=kinds["task-withdrawn"]) if kinds["task-withdrawn"] else "",
        gettext("stuck %(count)d times", count=kinds["incident"]) if kinds["incident"] else "",
    ]
    name = localise(rows[0].element_name) if rows else ""
    return f"{name}: " + ", ".join(filter(None, parts)) if any(parts) else gettext("Nothing has happened there yet.")


def written(row: HistoryRow) -> Mapping[str, Value]:
    """The values that an event wrote, by their names."""
    found: dict[str, Value] = {}
    for part in ("set", "values"):
        values = row.data.get(part)
        if isinstance(values, dict):
            found.update(values)
    return found


def _keyed(row: HistoryRow) -> str:
    """When it was entered, where it arrived later: the event's own time is that of its arrival."""
    keyed = row.data.get("keyed_at")
    if not isinstance(keyed, datetime) or row.at - keyed < _AT_ONCE:
        return ""
    return gettext(
        "entered without network %(keyed)s, arrived %(at)s", keyed=times.exact(keyed), at=times.clock(row.at)
    )


def _labelled(field: Field | None, name: str, value: Value) -> str:
    """`Cost 120`: the label of the form's field and its value, a choice by its label, a person by his name."""
    from webui.frame import person_name

    words = shown.worded(value, field)
    if field is not None and field.type is FieldType.USER:
        words = person_name(words)
    return f"{localise(field.label) if field else name} {words}"


def _short(value: Value) -> bool:
    return not isinstance(value, bool | list | dict) and value not in (None, "")


def _text(row: HistoryRow, name: str) -> str:
    return shown.plain(row.data.get(name))


def _to(row: HistoryRow) -> str:
    from webui.frame import person_name

    return person_name(_text(row, "to"))


_SENTENCES: Mapping[str, Callable[[HistoryRow, str], str]] = {
    "started": lambda _row, _name: gettext("Started"),
    "task-opened": lambda _row, name: gettext("%(name)s waits", name=name),
    "task-completed": lambda _row, name: gettext("%(name)s done", name=name),
    "task-withdrawn": lambda _row, name: gettext("%(name)s withdrawn", name=name),
    "withdrawn": lambda _row, name: gettext("%(name)s withdrawn", name=name),
    "claimed": lambda _row, name: gettext("%(name)s claimed", name=name),
    "unclaimed": lambda _row, name: gettext("%(name)s given back", name=name),
    "delegated": lambda row, name: gettext("%(name)s delegated to %(to)s", name=name, to=_to(row)),
    "reassigned": lambda row, name: gettext("%(name)s given to %(to)s", name=name, to=_to(row)),
    "due-set": lambda _row, name: gettext("Due time of %(name)s set", name=name),
    "priority-set": lambda _row, name: gettext("Priority of %(name)s set", name=name),
    "message-sent": lambda row, name: gettext("Message sent: %(name)s", name=name or localise(_text(row, "name"))),
    "message": lambda row, name: gettext("Message received: %(name)s", name=name or localise(_text(row, "name"))),
    "message-expired": lambda row, _name: gettext(
        "Nobody took the message %(name)s", name=localise(_text(row, "name"))
    ),
    "undelivered": lambda row, _name: gettext("The message %(name)s found nobody", name=localise(_text(row, "name"))),
    "signal-sent": lambda row, name: gettext("Signal sent: %(name)s", name=name or localise(_text(row, "name"))),
    "timer": lambda _row, name: gettext("Time reached: %(name)s", name=name),
    "decision": lambda _row, name: gettext("%(name)s decided", name=name),
    "incident": lambda row, name: gettext("%(name)s is stuck: %(text)s", name=name, text=_text(row, "text")),
    "incident-resolved": lambda _row, name: gettext("%(name)s goes on", name=name),
    "held": lambda row, _name: gettext("Put on hold: %(reason)s", reason=_text(row, "reason")),
    "resumed": lambda _row, _name: gettext("Goes on after the hold"),
    "cancelled": lambda row, _name: gettext("Cancelled: %(reason)s", reason=_text(row, "reason")),
    "corrected": lambda row, _name: gettext("Corrected: %(reason)s", reason=_text(row, "reason")),
    "modified": lambda row, _name: gettext("Tokens moved: %(reason)s", reason=_text(row, "reason")),
    "migrated": lambda row, _name: gettext(
        "Goes on in version %(version)s: %(reason)s", version=_text(row, "to"), reason=_text(row, "reason")
    ),
    "migration-undone": lambda row, _name: gettext(
        "Back in version %(version)s: %(reason)s", version=_text(row, "to"), reason=_text(row, "reason")
    ),
    "commented": lambda row, _name: gettext("Comment: %(text)s", text=_text(row, "text")),
    "attached": lambda row, _name: gettext("File added: %(name)s", name=_text(row, "name")),
    "ended": lambda row, name: gettext("Ended: %(name)s", name=name or localise(_text(row, "end"))),
    "left": lambda _row, name: gettext("%(name)s passed", name=name),
    "variables": lambda _row, _name: gettext("Values written"),
    "effect": _effect,
    "reminded": lambda _row, name: gettext("Reminded of %(name)s", name=name),
    "external-completed": lambda _row, name: gettext("%(name)s answered", name=name),
    "external-tried": lambda row, name: gettext(
        "%(name)s was tried in vain: %(text)s", name=name, text=_text(row, "text")
    ),
    "external-failed": lambda row, name: gettext("%(name)s was refused: %(text)s", name=name, text=_text(row, "text")),
    "retried": lambda _row, name: gettext("%(name)s tried again", name=name),
}
"""By the kind of an event; a page has hundreds, so only what is said is put into words."""
