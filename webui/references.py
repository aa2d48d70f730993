"""Reference lists: their items, changed one by one or uploaded from Excel."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.definitions.practice import Column, ReferenceList
from engine.errors import FormInvalid, NotFound
from engine.values import Value
from engine.views import ReferenceItem
from webui import exports, shown
from webui.access import actor, area, engine, person
from webui.frame import label, person_name
from webui.words import gettext, localise, tell

pages = area("references", "/references")
_PAGE = 500


@pages.get("")
def show() -> str:
    """All lists that this person may see."""
    return render_template("references/show.html", lists=[found for found in _lists() if may_read(found)])


@pages.get("/<list_id>")
def one(list_id: str) -> str:
    """The items of a list."""
    return _page(_list(list_id))


@pages.get("/<list_id>/export")
def export(list_id: str) -> ResponseReturnValue:
    """The items that fit the search as an Excel file; its columns are named as an upload names them."""
    found = _list(list_id)
    names = [column.name for column in found.columns]
    rows = ((item.key, *map(item.values.get, names), typed(item.active)) for item in _every(list_id))
    return exports.answer(list_id, ["key", *names, "active"], rows)


@pages.get("/<list_id>/options")
def options(list_id: str) -> ResponseReturnValue:
    """The first items that fit a text, for fields with more choices than a plain choice holds."""
    found = engine().references.items(list_id, request.args.get("text", ""), 50)
    return jsonify([[item.key, localise(item.label)] for item in found if item.active])


@pages.post("/<list_id>")
def put(list_id: str) -> ResponseReturnValue:
    """Add or change an item."""
    found = _list(list_id)
    values = {column.name: request.form.get(f"value:{column.name}", "") for column in found.columns}
    key = request.form.get("key", "").strip()
    try:
        engine().references.put(ReferenceItem(list_id, key, "", values, request.form.get("active") == "yes"), actor())
    except FormInvalid as error:
        errors = {name: " ".join(tell(one) for one in several) for name, several in error.errors.items()}
        return _page(found, key, values, errors), 422
    flash(gettext("%(key)s is saved.", key=key), "good")
    return redirect(url_for("references.one", list_id=list_id), 303)


@pages.post("/<list_id>/upload")
def upload(list_id: str) -> ResponseReturnValue:
    """Take over items from an Excel file, with a report row by row."""
    found = _list(list_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest
    report = engine().references.upload(list_id, file.stream.read(), actor())
    errors = [(wrong.row, tell(wrong.error)) for wrong in report.errors]
    return render_template("references/report.html", list=found, report=report, errors=errors)


def may_read(found: ReferenceList) -> bool:
    """Whether the asking person may see the list's page."""
    return not found.readers or bool(set(found.readers) & set(person().groups)) or may_edit(found)


def may_edit(found: ReferenceList) -> bool:
    """Whether the asking person may change its items."""
    return bool(set(found.editors) & set(person().groups)) or "administer" in engine().people.rights(actor())


def _page(
    found: ReferenceList, key: str = "", values: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> str:
    text = request.args.get("text", "").strip()
    items = engine().references.items(found.id, text, _PAGE)
    chosen = request.args.get("item", "") or key
    item = next((one for one in items if one.key == chosen), None)
    return render_template(
        "references/one.html",
        list=found,
        items=items,
        text=text,
        item=item,
        key=key or (item.key if item else ""),
        values=values if values is not None else dict(item.values) if item else {},
        errors=errors or {},
        may_edit=may_edit(found),
        column_words=column_words,
        typed=typed,
    )


def column_words(column: Column, value: Value) -> str:
    """A value of a list as its column shows it."""
    choice = next((each for each in column.values if each.id == value), None)
    if choice is not None:
        return label(choice.label)
    return person_name(value) if column.type == "user" and isinstance(value, str) else shown.plain(value)


def typed(value: object) -> str:
    """A value as it is typed into its control."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _every(list_id: str) -> Iterator[ReferenceItem]:
    text, last = request.args.get("text", "").strip(), None
    while rows := engine().references.items(list_id, text, exports.PAGE, last):
        yield from rows
        last = rows[-1]


def _lists() -> list[ReferenceList]:
    return list(engine().references.lists())


def _list(list_id: str) -> ReferenceList:
    for found in _lists():
        if found.id == list_id and may_read(found):
            return found
    raise NotFound("There is no list %(list)s.", list=list_id)
