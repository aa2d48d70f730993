"""What a page posts, folded into a submission of its form: values kept as typed, files uploaded, rows added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from flask import request

from engine.errors import FormInvalid, GendanError, Invalid
from engine.forms import Form, parse
from engine.forms.model import FILES
from engine.values import Value
from webui.access import actor, engine

_ROW = re.compile(r"([^\[\]]+)\[(\d{1,5})\]")
KEPT = ":kept"
"""Ends the name of the boxes that say which files uploaded before are kept."""
PANEL = "panel:"
"""Begins the name of a field in the panel of one outcome, followed by the outcome's value and `:`."""


@dataclass(frozen=True, slots=True)
class Given:
    """A submission as it was typed: `values` for the engine. `only_drawn`: nothing is sent yet; a row was
    added or taken away, or the fields that belong to the choices are wanted. `refused`: files that were not taken."""

    values: Mapping[str, object]
    only_drawn: bool = False
    refused: FormInvalid | None = None

    def sent(self) -> Mapping[str, object]:
        """The values to complete with. Raises FormInvalid when a file that belongs to them was refused."""
        if self.refused is not None:
            raise self.refused
        return self.values

    def plain(self) -> Mapping[str, Value]:
        """The same as values that can be kept as a draft: what a form posts are texts, lists and rows of them."""
        return cast("Mapping[str, Value]", self.values)


def read(form: Form, place: int | None, *, uploads: bool = True, prefix: str = "", shared: str = "") -> Given:
    """The submission in the request. `place` is the task that uploads belong to, None for a start or a message.

    With a `prefix` only names that begin with it count, and those of `shared` fields begin with `shared` instead (a
    batch page). Nothing is checked here.
    """
    raw = dict(_texts(form, prefix, shared))
    refused: dict[str, tuple[GendanError, ...]] = {}
    if uploads:
        for name, ids, wrong in _uploaded(form, place, prefix, shared):
            raw[name] = [*_as_list(raw.get(name)), *ids]
            if wrong:
                refused[name.rpartition(":")[2] if name.startswith(PANEL) else name] = wrong
    values = parse(form, _chosen_panel(form, raw))
    return _with_rows(form, Given(values, refused=FormInvalid(refused) if refused else None))


def _texts(form: Form, prefix: str, shared: str) -> Iterator[tuple[str, object]]:
    common = {field.name for field in form.shared} if shared else frozenset()
    for name in request.form:
        bare = name.removesuffix(KEPT)
        texts: object = request.form.getlist(name)
        if shared and bare.startswith(shared) and bare.removeprefix(shared) in common:
            yield bare.removeprefix(shared), texts
        elif bare.startswith(prefix):
            yield bare.removeprefix(prefix), texts


def _uploaded(
    form: Form, place: int | None, prefix: str, shared: str
) -> Iterator[tuple[str, list[str], tuple[GendanError, ...]]]:
    """Names with the files taken under them, and what was wrong with those that were not."""
    for name, files in request.files.lists():
        bare = name.removeprefix(shared) if shared and name.startswith(shared) else name.removeprefix(prefix)
        if not name.startswith((prefix, shared or prefix)) or not _takes_files(form, bare):
            continue
        ids: list[str] = []
        wrong: list[GendanError] = []
        for file in files:
            if not file.filename:
                continue
            try:
                ids.append(str(engine().tasks.upload(cast(BinaryIO, file.stream), file.filename, actor(), place).id))
            except Invalid as error:
                wrong.append(error)
        yield bare, ids, tuple(wrong)


def _takes_files(form: Form, name: str) -> bool:
    name = name.rpartition(":")[2] if name.startswith(PANEL) else name
    table, _, column = name.partition("].")
    field = form.field(table.partition("[")[0])
    if field is not None and column:
        field = field.column(column)
    return field is not None and field.type in FILES


def _chosen_panel(form: Form, raw: Mapping[str, object]) -> dict[str, object]:
    """Fields of the chosen outcome's panel under their own names, those of the others left out."""
    found = {name: texts for name, texts in raw.items() if not name.startswith(PANEL)}
    if form.outcome is None:
        return found
    chosen = f"{PANEL}{_last(found.get(form.outcome.name))}:"
    found.update({name.removeprefix(chosen): texts for name, texts in raw.items() if name.startswith(chosen)})
    return found


def _with_rows(form: Form, given: Given) -> Given:
    """A row more or less, when that was the button pressed; without script another draws what is asked by now."""
    more, less = request.form.get("add_row", ""), _ROW.fullmatch(request.form.get("drop_row", ""))
    table = form.field(more or (less[1] if less else ""))
    if table is None:
        return replace(given, only_drawn="redraw" in request.form)
    rows = given.values.get(table.name)
    kept = list(rows) if isinstance(rows, list) else []
    if less is not None:
        del kept[int(less[2]) - 1 : int(less[2])]
    else:  # empty rows are left out of a submission, but stay on the page
        drawn = {found[2] for name in request.form if (found := _ROW.match(name)) and found[1] == table.name}
        blank = {column.name: "" for column in table.columns}
        kept += [dict(blank) for _ in range(max(len(drawn), len(kept)) + 1 - len(kept))]
    return replace(given, values={**given.values, table.name: kept}, only_drawn=True)


def _as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [] if value in (None, "") else [value]


def _last(value: object) -> str:
    texts = _as_list(value)
    return str(texts[-1]) if texts else ""
