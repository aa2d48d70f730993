"""What commands share: opening the engine, reading the practice's files, asking for a password."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from engine.clock import Clock, SystemClock
from engine.connectors.templates import is_made
from engine.definitions.practice import SCENARIOS
from engine.definitions.practice.element_templates import FOLDER as TEMPLATES
from engine.definitions.practice.prints import is_print_name
from engine.engine import Engine
from engine.errors import Invalid
from engine.settings import Settings
from engine.views import Actor

SYSTEM = Actor("-")
"""Who has the machine's command line acts as the engine itself."""

PRACTICE = click.Path(exists=True, path_type=Path)
_PRACTICE_SUFFIXES = (".bpmn", ".dmn", ".yaml", ".yml")
_NOT_RUN = (SCENARIOS, "demo", "locale", ".camunda")


@contextmanager
def opened(clock: Clock | None = None) -> Iterator[Engine]:
    """The engine of the environment's settings, closed at the end."""
    engine = Engine.open(Settings.from_environment(), clock or SystemClock())
    try:
        yield engine
    finally:
        engine.close()


def practice_files(path: Path) -> dict[str, bytes]:
    """The files of a practice by their names relative to its folder: diagrams, tables and what stands beside them.

    A single file is itself. Scenarios, the demonstration, translations and element templates run nothing.
    Raises Invalid when there is no diagram.
    """
    if path.is_file():
        return {path.name: path.read_bytes()}
    files = {
        each.relative_to(path).as_posix(): each.read_bytes()
        for each in sorted(path.rglob("*"))
        if each.is_file() and _is_practice(each) and _deployed(each.relative_to(path))
    }
    if not any(name.endswith(".bpmn") for name in files):
        raise Invalid(
            "%(path)s holds no diagram (*.bpmn). Name the folder of the practice, such as processes/.", path=path
        )
    return files


def _is_practice(file: Path) -> bool:
    return file.suffix in _PRACTICE_SUFFIXES or is_print_name(file.as_posix())


def scenarios_of(path: Path) -> dict[str, bytes]:
    """The scenarios of a practice, named as its other files. They are deployed beside it to be read: the pages tell
    which of them proves which clause."""
    found = sorted((path / SCENARIOS).rglob("*.yaml"))
    return {each.relative_to(path).as_posix(): each.read_bytes() for each in found}


def templates_of(path: Path) -> dict[str, bytes]:
    """The element templates of a practice's own, named as its other files: the modeler in the browser offers them."""
    found = {each: each.read_bytes() for each in sorted((path / TEMPLATES).glob("*.json"))}
    return {each.relative_to(path).as_posix(): content for each, content in found.items() if not is_made(content)}


def whole_practice(path: Path) -> dict[str, bytes]:
    """All files of a practice that are deployed: what runs, and what is deployed beside it to be read."""
    return practice_files(path) | scenarios_of(path) | templates_of(path)


def practice_folder(path: Path) -> Path:
    """The folder of the practice that a file belongs to (the nearest one with `groups.yaml`), else the path itself."""
    if path.is_dir():
        return path
    return next((each for each in path.resolve().parents if (each / "groups.yaml").is_file()), path)


def new_password() -> str:
    """A password that can be read out: 16 characters of the URL-safe alphabet."""
    return secrets.token_urlsafe(12)


def _deployed(relative: Path) -> bool:
    return relative.parts[0] not in _NOT_RUN
