"""What scenario files say of themselves: names, titles, clauses. Their steps are not read, so that no mistake in one
keeps the others from being listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.scenarios.source import ScenarioFault, Source, read_documents


@dataclass(frozen=True, slots=True)
class Head:
    """A scenario without its steps."""

    file: str
    name: str
    title: str
    clauses: tuple[str, ...]


def heads_of(files: Mapping[str, bytes]) -> tuple[Head, ...]:
    """The scenarios of some files, in order."""
    return tuple(head for name, content in sorted(files.items()) for head in _heads(name, content))


def _heads(name: str, content: bytes) -> Iterator[Head]:
    try:
        documents = read_documents(content.decode(), name)
    except (ScenarioFault, UnicodeDecodeError):
        return
    for document in documents:
        said = {key: value for key, _, value in document.entries()} if document.is_map else {}
        if "scenario" in said:
            clauses = said["clauses"].items() if "clauses" in said else ()
            yield Head(name, _text(said.get("scenario")), _text(said.get("title")), tuple(map(_text, clauses)))


def _text(source: Source | None) -> str:
    return "" if source is None or source.is_map or source.is_list or source.is_empty else source.text()
