"""The list of records: search and filters in the URL, one page after another, export."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.definitions.practice import RecordType
from engine.errors import NotFound
from engine.views import RecordFilter
from webui import exports
from webui.access import actor, area, engine
from webui.addresses import address
from webui.practice import surroundings

pages = area("records", "/records")
_OWN = frozenset({"type", "status", "text", "after"})


@pages.get("")
def show() -> ResponseReturnValue:
    """The list; a search for exactly one key opens its record."""
    asked = read_filter()
    exact = _exact(asked)
    if exact:
        return redirect(url_for("record.show", key=exact), 303)
    rows, following = engine().records.list(actor(), asked)
    types = surroundings().records
    chosen = types.get(asked.record_type)
    return render_template(
        "records/show.html",
        rows=rows,
        next=following,
        filter=asked,
        types=types.values(),
        chosen=chosen,
        counts=engine().records.counts(actor(), asked),
        columns=_columns(rows, chosen),
        address=address,
    )


@pages.get("/export")
def export() -> ResponseReturnValue:
    """The list as the filter has it, as an Excel file."""
    return exports.file("records", engine().records.export(actor(), read_filter()))


def read_filter() -> RecordFilter:
    """The filter of the URL: type, status, text, and any published field by its name."""
    asked = request.args
    fields = {name: value for name, value in asked.items() if name not in _OWN and value}
    return RecordFilter(
        record_type=asked.get("type", ""),
        status=asked.get("status", ""),
        text=asked.get("text", "").strip(),
        fields=fields,
        after=asked.get("after", ""),
    )


def _exact(asked: RecordFilter) -> str:
    """The key that was searched for, when there is such a record and the asker may see it."""
    if not asked.text or asked.record_type or asked.status or asked.fields or " " in asked.text:
        return ""
    try:
        return engine().records.get(asked.text.upper(), actor()).business_key
    except NotFound:
        return ""


def _columns(rows: Any, chosen: RecordType | None) -> list[tuple[str, str]]:
    """Names and labels of the columns: the type's own list, or what the rows bring."""
    if chosen is not None:
        return [(name, chosen.fields[name].label.zh if name in chosen.fields else name) for name in chosen.list]
    found: dict[str, str] = {}
    for row in rows:
        found.update({field.name: field.label for field in row.fields})
    return list(found.items())[:8]
