"""The practice with changed files and settings, as a story wants it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

import yaml

from engine.scenarios.given import FileChange, Given, Setting
from engine.scenarios.source import ScenarioFault, unknown

_SETTINGS = "settings.yaml"


def practice_given(files: Mapping[str, bytes], given: Given) -> dict[str, bytes]:
    """The practice a story begins with."""
    changed = changed_files(files, given.files)
    if given.settings:
        changed[_SETTINGS] = _with_settings(changed.get(_SETTINGS, b""), given.settings)
    return changed


def changed_files(files: Mapping[str, bytes], changes: tuple[FileChange, ...]) -> dict[str, bytes]:
    """The files with texts replaced; a file or text that is not there is a mistake of the scenario."""
    changed = dict(files)
    for change in changes:
        if change.file not in changed:
            raise ScenarioFault(change.place, unknown(change.file, changed, "the practice"))
        text = changed[change.file].decode()
        if change.replace not in text:
            raise ScenarioFault(change.place, f"{change.file} does not hold the text to replace: {change.replace}")
        changed[change.file] = text.replace(change.replace, change.by).encode()
    return changed


def _with_settings(content: bytes, settings: tuple[Setting, ...]) -> bytes:
    """`settings.yaml` with other values; a setting that is not there is a mistake of the scenario."""
    document = yaml.safe_load(content) or {}
    known = {each["name"]: each for each in document.get("settings", ())}
    for setting in settings:
        if setting.name not in known:
            raise ScenarioFault(setting.place, unknown(setting.name, known, "settings.yaml"))
        known[setting.name]["value"] = _plain(setting)
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode()


def _plain(setting: Setting) -> object:
    value = getattr(setting.value, "value", None)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value if isinstance(value, (bool, str)) or value is None else yaml.safe_load(str(value))
