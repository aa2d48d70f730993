"""The deployed practice as pages read it: its files, and its texts in both languages.

The practice is written in Chinese. English comes from the files beside the diagrams, where every text stands in both
languages, and for what the diagrams themselves say from the catalogue in `processes/locale`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from flask import current_app, g

from engine.decisions import DecisionTable
from engine.definitions.practice import Label, Surroundings
from engine.errors import NotFound
from engine.forms import Field, Form
from engine.runtime.deployed.practice import Practice
from engine.runtime.deployed.traits import Element

_NOTHING = Surroundings()


def practice() -> Practice | None:
    """The practice deployed last, asked once a request; None before the first deployment."""
    if "practice" not in g:
        try:
            g.practice = current_app.extensions["engine"].deployments.current()
        except NotFound:
            g.practice = None
    found: Practice | None = g.practice
    return found


def surroundings() -> Surroundings:
    """The files beside the diagrams."""
    found = practice()
    return found.surroundings if found else _NOTHING


def form_of(process_id: str, element_id: str) -> Form:
    """The form of an element as deployed now; an empty one where there is none."""
    found = _element(process_id, element_id)
    return found.form if found else Form()


def forms_of(process_id: str) -> list[Form]:
    """The forms of a process as deployed now."""
    found = practice()
    process = found.processes.get(process_id) if found else None
    return [element.form for element in process.elements.values()] if process else []


def columns_of(process_id: str) -> dict[str, Field]:
    """The columns of all tables that the forms of a process ask, by name."""
    return {column.name: column for form in forms_of(process_id) for field in form for column in field.columns}


def choice_label(name: str, value: str) -> str:
    """The label of a value of a published field that is a choice; empty when no record has such a one."""
    for record in surroundings().records.values():
        field = record.fields.get(name)
        for choice in field.values if field else ():
            if choice.id == value:
                return choice.label.zh
    return ""


def table(decision_id: str) -> DecisionTable | None:
    """The table of a decision as deployed now; None where there is none."""
    found = practice()
    decision = found.decisions.get(decision_id) if found else None
    return decision.table if decision else None


def step_name(element_id: str) -> str:
    """The name of the element with this id in whatever process; empty where there is none."""
    found = practice()
    for process in found.processes.values() if found else ():
        if (element := process.elements.get(element_id)) is not None:
            return element.name
    return ""


def element_name(process_id: str, element_id: str) -> str:
    """The name of an element as deployed now, else its id."""
    found = _element(process_id, element_id)
    return found.name if found else element_id


def process_name(process_id: str) -> str:
    """The name of a process as deployed now, else its id."""
    found = practice()
    process = found.processes.get(process_id) if found else None
    return process.name if process else process_id


def _element(process_id: str, element_id: str) -> Element | None:
    found = practice()
    process = found.processes.get(process_id) if found else None
    return process.elements.get(element_id) if process else None


def parts(text: str) -> list[tuple[str, bool]]:
    """A text cut at the ids of clauses that it names: each part, and whether it is such an id."""
    known = {clause.id for clause in surroundings().clauses.clauses}
    pieces = re.split(r"([A-Za-z][A-Za-z0-9.]*[A-Za-z0-9])", text)
    return [(piece, piece in known) for piece in pieces if piece]


def english(text: str) -> str:
    """A Chinese text of the practice in English; itself where none is known."""
    return diagrams(Path(current_app.config["LOCALE_DIR"])).get(text) or _pairs(surroundings()).get(text) or text


@lru_cache(maxsize=4)
def diagrams(directory: Path) -> Mapping[str, str]:
    """What the diagrams say, Chinese to English, from all catalogues of a directory."""
    found: dict[str, str] = {}
    for path in sorted(directory.glob("en/**/*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en")
        found.update({str(message.id): str(message.string) for message in catalogue if message.id and message.string})
    return found


_kept: dict[int, tuple[Surroundings, Mapping[str, str]]] = {}


def _pairs(found: Surroundings) -> Mapping[str, str]:
    """All texts of the practice's files, Chinese to English; worked out once a deployment."""
    kept = _kept.get(id(found))
    if kept is None or kept[0] is not found:
        _kept.clear()
        kept = _kept[id(found)] = (found, {label.zh: label.en for label in _labels(found)})
    return kept[1]


def _labels(value: object) -> Iterator[Label]:
    if isinstance(value, Label):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _labels(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _labels(inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _labels(getattr(value, field.name))
