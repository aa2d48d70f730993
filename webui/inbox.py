"""The inbox: what waits, most urgent first, with many of one kind as one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.values import Value
from engine.views import FieldValue, Inbox, InboxFilter, TaskRow
from webui import exports, shown, times
from webui.access import actor, area, engine
from webui.addresses import address
from webui.frame import group_names, person_name
from webui.words import gettext, localise

pages = area("inbox")
_MANY = 3


@dataclass(frozen=True, slots=True)
class Many:
    """Tasks of one element that can be done on one page, shown as one row with the headings they fall under."""

    rows: tuple[TaskRow, ...]
    bucket: str
    headings: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with the rows under it."""

    key: str
    label: str
    number: int
    entries: tuple[TaskRow | Many, ...]


@pages.get("/")
def root() -> ResponseReturnValue:
    """The inbox is the first page."""
    return redirect(url_for("inbox.show"), 303)


@pages.get("/tasks")
def show() -> ResponseReturnValue:
    """The page, or its rows alone for those who refresh it."""
    return render(bool(request.headers.get("HX-Request")))


@pages.get("/tasks/export")
def export() -> ResponseReturnValue:
    """The tasks of the filter as an Excel file."""
    asked = replace(read_filter(), limit=exports.PAGE)

    def page(after: str) -> tuple[tuple[TaskRow, ...], str]:
        found = engine().tasks.inbox(actor(), replace(asked, after=after))
        return found.rows, found.next

    headings = (gettext("Due"), gettext("Task"), gettext("Number"), gettext("Title"), gettext("About"),
                gettext("With"), gettext("Process"), gettext("Since"))  # fmt: skip
    return exports.answer("tasks", headings, map(_cells, exports.every(page)))


def render(fragment: bool) -> str:
    """The inbox as the URL's filter asks."""
    asked = read_filter()
    found = engine().tasks.inbox(actor(), asked)
    by = request.args.get("by", "")
    return render_template(
        "inbox/_rows.html" if fragment else "inbox/show.html",
        found=found,
        filter=asked,
        by=by,
        filtered=asked != InboxFilter(),
        chosen_kind=f"{asked.process_id}/{asked.element_id}" if asked.process_id else "",
        groups=by_kind(found.rows) if by == "kind" else by_time(found.rows),
        address=address,
        moment=f"{times.weekday(times.today())} {times.now():%m-%d · %H:%M}",
        next_words=next_words(found),
        summary_words=summary_words,
        date_heading=_heading(found.rows, "date"),
        tone_heading=_heading(found.rows, ""),
    )


def read_filter() -> InboxFilter:
    """The filter that stands in the URL; what is not understood is left out."""
    asked = request.args
    process_id, _, element_id = asked.get("kind", "").partition("/")
    owner = asked.get("owner", "both")
    return InboxFilter(
        owner=owner if owner in {"mine", "groups", "both", "all"} else "both",
        process_id=process_id,
        element_id=element_id,
        stage=asked.get("stage", ""),
        overdue=bool(asked.get("overdue")),
        text=asked.get("text", "").strip(),
        after=asked.get("after", ""),
    )


def by_time(rows: Iterable[TaskRow]) -> list[Group]:
    """Overdue, today, tomorrow, later; without due time is later."""
    labels = {
        "overdue": gettext("Overdue"),
        "today": gettext("Today"),
        "tomorrow": gettext("Tomorrow"),
        "later": gettext("Later"),
    }
    sorted_in: dict[str, list[TaskRow]] = {key: [] for key in labels}
    for row in rows:
        sorted_in[times.bucket(row.due)].append(row)
    return [_group(key, labels[key], found) for key, found in sorted_in.items() if found]


def by_kind(rows: Iterable[TaskRow]) -> list[Group]:
    """One group an element, in the order of their most urgent task."""
    kinds: dict[tuple[str, str], list[TaskRow]] = {}
    for row in rows:
        kinds.setdefault((row.process_id, row.element_id), []).append(row)
    return [_group("kind", localise(found[0].name), found) for found in kinds.values()]


def summary_words(task: TaskRow) -> str:
    """What tells this task from others: its title, and its published fields that are neither date nor marked. A bare
    number or yes says nothing without its label, and a no nothing at all."""
    title = localise(task.title)
    words = [word for word in map(_telling, shown.others(task.summary)) if word not in title]
    return " · ".join(filter(None, [title, *words]))


def _telling(item: FieldValue) -> str:
    if item.value is True:
        return localise(item.label)
    bare = isinstance(item.value, int | Decimal) and not item.text
    return f"{localise(item.label)} {shown.field(item)}" if bare else shown.field(item)


def next_words(found: Inbox) -> str:
    """What an empty inbox says of what comes next."""
    if found.next_due is None:
        return gettext("New tasks appear here by themselves.")
    moment, name = found.next_due
    return gettext("Next: %(name)s, %(moment)s.", name=localise(name), moment=times.clock(moment))


def _group(key: str, label: str, rows: list[TaskRow]) -> Group:
    return Group(key, label, len(rows), tuple(_entries(key, rows)))


def _entries(bucket: str, rows: list[TaskRow]) -> Iterator[TaskRow | Many]:
    """Rows one by one; those of one batch element together, at the place of the first.

    Tasks of one's group among them: the page takes them without claiming each before.
    """
    many = Counter((row.process_id, row.element_id) for row in rows if row.batch)
    given: set[tuple[str, str]] = set()
    for row in rows:
        kind = (row.process_id, row.element_id)
        if many[kind] < _MANY:
            yield row
        elif kind not in given:
            given.add(kind)
            yield _many(bucket, [other for other in rows if (other.process_id, other.element_id) == kind])


def _many(bucket: str, rows: list[TaskRow]) -> Many:
    ordered = sorted(rows, key=lambda row: row.batch_group)
    headings = tuple((name, len(list(found))) for name, found in groupby(ordered, key=lambda row: row.batch_group))
    return Many(tuple(rows), bucket, headings)


def _heading(rows: Iterable[TaskRow], kind: str) -> str:
    """The label that the column of dates (or of marks) has in most rows."""
    fields = (shown.dates(row.summary)[:1] if kind else shown.toned(row.summary)[:1] for row in rows)
    labels = Counter(field.label for found in fields for field in found)
    return labels.most_common(1)[0][0] if labels else ""


def _cells(task: TaskRow) -> tuple[Value, ...]:
    """A task as a row of the file."""
    about = gettext(", ").join(f"{localise(item.label)}: {shown.field(item)}" for item in task.summary if item.value)
    holder = task.assignee_name or group_names(task.candidate_groups)
    if task.on_behalf_of:
        holder = gettext("for %(person)s", person=person_name(task.on_behalf_of))
    number = task.number or task.business_key
    return (task.due, localise(task.name), number, localise(task.title), about, holder,
            localise(task.process_name), task.created_at)  # fmt: skip


def without_cursor(asked: InboxFilter) -> InboxFilter:
    """The same filter from its first row."""
    return replace(asked, after="")
