"""settings.yaml: the figures and switches that diagrams read by name."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.practice.source import Entry, Label, unique
from engine.definitions.practice.typed import typed
from engine.values import Value

SETTING_TYPES = ("boolean", "integer", "number", "text", "date", "time", "duration", "list")


@dataclass(frozen=True, slots=True)
class Setting:
    """One figure or switch; `clause` names the clause or gap it comes from."""

    name: str
    type: str
    value: Value
    unit: str
    clause: str
    label: Label
    line: int


def read_settings(root: Entry) -> tuple[Setting, ...]:
    """All settings of the file, in order."""
    found = [_setting(entry) for entry in root.entries("settings", "name")]
    unique(root.source, "Setting", [(setting.name, setting.line) for setting in found])
    root.finish()
    return tuple(found)


def _setting(entry: Entry) -> Setting:
    name = entry.name("name")
    type_ = entry.one_of("type", SETTING_TYPES)
    value: Value = list(entry.texts("value")) if type_ == "list" else typed(entry, "value", type_)
    if not entry.has("value"):
        entry.text("value")
    setting = Setting(name, type_, value, entry.text("unit", ""), entry.text("clause", ""), entry.label(), entry.line)
    entry.finish()
    return setting
