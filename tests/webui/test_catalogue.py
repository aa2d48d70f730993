"""Chinese and English have the same messages and places to fill; no template holds a text of its own."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Message

from webui import catalogue

_PLACE = re.compile(r"%\(\w+\)[a-z]")
_OUTSIDE = re.compile(
    r"""\{%\ block\ \w+_class\ %\}.*?\{%\ endblock\ %\}  # classes
    | \{\#.*?\#\} | \{%.*?%\} | \{\{.*?\}\}              # what Jinja reads
    | <svg.*?</svg> | <[^>]*> | &\w+; | [\w-]+="[^"]*" """,
    re.DOTALL | re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
_KEYS = {"Enter", "Excel"}
TEMPLATES = Path(catalogue.ROOT) / "webui" / "templates"


def _messages() -> dict[str, Message]:
    return {str(message.id): message for message in catalogue.catalogue() if message.id}


def test_every_message_of_the_pages_stands_in_the_catalogue() -> None:
    known = _messages()
    assert [message_id for message_id in catalogue.of_pages() if str(message_id) not in known] == []


def test_what_the_engine_says_stands_in_the_catalogue_too() -> None:
    known, said = _messages(), set(catalogue.of_engine())
    missing = [message_id for message_id in said if str(message_id) not in known]
    assert len(missing) <= len(said) // 20, missing


def test_every_message_is_translated() -> None:
    assert [message.id for message in _messages().values() if not message.string or message.fuzzy] == []


def test_both_languages_fill_the_same_places() -> None:
    for message in _messages().values():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings:
            assert sorted(set(_PLACE.findall(text))) == sorted(set(_PLACE.findall(ids[-1]))), ids


def test_no_template_says_anything_unmarked() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.parent.name == "patterns" or path.name == "icons.html":
            continue
        said = _OUTSIDE.sub(" ", path.read_text(encoding="utf-8"))
        assert set(_WORD.findall(said)) <= _KEYS, path


def test_templates_of_the_engine_are_found_where_they_are_raised() -> None:
    source = (
        'raise NotFound("There is no %(what)s.", what=1)\nreport(3, "It is wrong." if a else "It is odd.", "Mend it.")'
    )
    said = ["It is odd.", "It is wrong.", "Mend it.", "There is no %(what)s."]
    assert sorted(set(catalogue.templates(source))) == said
