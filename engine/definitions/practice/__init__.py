"""The files of the practice beside its diagrams, read into typed values: docs/practice-files.md describes them."""

from engine.definitions.practice.board import BUILT_IN, MOMENTS, Board, Dimension, Figure, Watch
from engine.definitions.practice.calendar import (
    STANDARD_CALENDARS,
    CalendarDefinition,
    Calendars,
    DayException,
    Period,
    Periods,
    parse_periods,
)
from engine.definitions.practice.clauses import Clause, Clauses, Section
from engine.definitions.practice.groups import RIGHTS, Group
from engine.definitions.practice.numbers import NumberPattern
from engine.definitions.practice.prints import Print
from engine.definitions.practice.records import MARKS, RecordField, RecordType, Stage, Status
from engine.definitions.practice.references import Column, FirstItem, ReferenceList, expected_cell, read_cell
from engine.definitions.practice.settings import Setting
from engine.definitions.practice.sheet import SheetColumn
from engine.definitions.practice.source import Label, nearest
from engine.definitions.practice.surroundings import (
    SCENARIOS,
    Surroundings,
    is_practice_file,
    is_scenario_file,
    read_surroundings,
)
from engine.definitions.practice.typed import Choice, expected, read_value

__all__ = [
    "BUILT_IN",
    "MARKS",
    "MOMENTS",
    "RIGHTS",
    "SCENARIOS",
    "STANDARD_CALENDARS",
    "Board",
    "CalendarDefinition",
    "Calendars",
    "Choice",
    "Clause",
    "Clauses",
    "Column",
    "DayException",
    "Dimension",
    "Figure",
    "FirstItem",
    "Group",
    "Label",
    "NumberPattern",
    "Period",
    "Periods",
    "Print",
    "RecordField",
    "RecordType",
    "ReferenceList",
    "Section",
    "Setting",
    "SheetColumn",
    "Stage",
    "Status",
    "Surroundings",
    "Watch",
    "expected",
    "expected_cell",
    "is_practice_file",
    "is_scenario_file",
    "nearest",
    "parse_periods",
    "read_cell",
    "read_surroundings",
    "read_value",
]
