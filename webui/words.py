"""The reader's language: which one, and the texts of diagrams and of the engine in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import flask_babel
from flask import request, session
from flask_babel import get_locale
from flask_login import current_user

from engine.definitions.findings import Finding
from engine.errors import GendanError
from webui.practice import english

LANGUAGES = {"zh": "中文", "en": "English"}


def gettext(text: str, /, **fields: object) -> str:
    """A text of the pages in the reader's language, filled."""
    told = str(flask_babel.gettext(text))
    return told % fields if fields else told


def ngettext(one: str, many: str, number: int, /, **fields: object) -> str:
    """The same for a number of things; `%(num)d` is the number."""
    return str(flask_babel.ngettext(one, many, number)) % {"num": number, **fields}


def language() -> str:
    """The person's preference; before signing in the session's choice, then what the browser asks for."""
    if current_user.is_authenticated:
        return str(current_user.person.language)
    chosen = session.get("language") or request.accept_languages.best_match(list(LANGUAGES), "zh")
    return str(chosen)


def reading() -> str:
    """The language of the answer being made: `zh` or `en`."""
    return str(get_locale())[:2]


def localise(text: str) -> str:
    """A text of the deployed practice in the reader's language; itself where no translation is known."""
    return english(text) if text and reading() == "en" else text


def tell(error: GendanError) -> str:
    """What an error of the engine says, in the reader's language."""
    return fill(error.template, error.fields)


def fill(template: str, fields: Mapping[str, object]) -> str:
    """A template of the engine translated and filled; names and texts of the practice are localised too."""
    told = str(flask_babel.gettext(template)) if template else ""  # the empty message is the catalogue's head
    return told % {name: _word(value) for name, value in fields.items()} if fields else told


def finding_text(finding: Finding) -> str:
    """What a finding says, in the reader's language."""
    return fill(finding.text, finding.fields)


def finding_remedy(finding: Finding) -> str:
    """What to do about a finding."""
    return fill(finding.remedy, finding.fields)


def _word(value: object) -> object:
    from webui.times import exact

    if isinstance(value, datetime):
        return exact(value)
    if isinstance(value, str):
        return localise(value)
    return value
