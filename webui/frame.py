"""What every page stands in needs: where one is, what waits, which language, and words for ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, request
from flask_login import current_user

from engine.definitions.practice import Label
from engine.signed_in import Must
from engine.views import Person
from webui.access import actor, engine, signed_in
from webui.board import seen
from webui.practice import columns_of, element_name, surroundings
from webui.words import LANGUAGES, localise, reading

PRODUCT = "Gendan"


def values() -> dict[str, Any]:
    """For all templates. Fragments do not draw the frame, so nothing is counted for them."""
    found: dict[str, Any] = {
        "area": request.blueprint or "",
        "languages": LANGUAGES,
        "here": request.full_path.rstrip("?"),
    }
    if not current_user.is_authenticated or signed_in().session.must is not Must.NOTHING:
        return found
    return {
        **found,
        "me": current_user.person,
        "other_language": "en" if reading() == "zh" else "zh",
        "counted": _counts,
        "has_board": seen,
        "has_sheet": has_sheet,
    }


def has_sheet() -> bool:
    """Whether the practice has a working sheet."""
    return any(kind.sheet for kind in surroundings().records.values())


def product() -> str:
    """The name of the product, as the practice calls it."""
    setting = surroundings().settings.get("product_name")
    return label(setting.label) if setting else PRODUCT


def label(text: Label) -> str:
    """A text of the practice's files in the reader's language."""
    return text.zh if reading() == "zh" else text.en


def clause_text(clause_id: str) -> str:
    """What a clause says; empty for an unknown one."""
    for clause in surroundings().clauses.clauses:
        if clause.id == clause_id:
            return label(clause.label)
    return ""


def group_names(ids: Iterable[str]) -> str:
    """The names of groups, joined."""
    known = {group.id: label(group.label) for group in surroundings().groups.values()}
    return ", ".join(known.get(group_id, group_id) for group_id in ids)


def person_name(user_id: str) -> str:
    """The name of a person; the id itself when nobody has it."""
    found = _people().get(user_id)
    return found.name if found else localise(user_id)


def _people() -> Mapping[str, Person]:
    """Everybody by id, asked once a request."""
    if "people" not in g:
        g.people = {found.id: found for found in engine().people.list()}
    people: Mapping[str, Person] = g.people
    return people


WORDS = {
    "product": product,
    "label": label,
    "clause_text": clause_text,
    "group_names": group_names,
    "person_name": person_name,
    "element_name": element_name,
    "columns_of": columns_of,
}


def _counts() -> dict[str, int]:
    """How much waits in the inbox and unread among the notifications; asked once a page, by the frame itself."""
    return {
        "inbox": engine().tasks.waiting(actor()),
        "unread": engine().notifications.unread_count(actor()),
    }
