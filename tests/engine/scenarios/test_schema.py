"""The schema for editors knows exactly the words of the reader."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator

from engine.command.main import cli
from engine.scenarios import read_expectations, read_steps
from engine.scenarios.documents import scenario_files
from engine.scenarios.grammar import BLOCKS, VERBS
from engine.scenarios.schema import schema
from engine.scenarios.source import Source, read_documents

ROOT = Path(__file__).parents[3]
FILES = scenario_files(
    [ROOT / "processes" / "scenarios", ROOT / "processes" / "demo", Path(__file__).parent / "loan" / "scenarios"]
)
VALIDATOR = Draft7Validator(schema())


def _json(source: Source) -> object:
    """A document as an editor reads it (YAML 1.2: dates and times are texts)."""
    if source.is_map:
        return {name: _json(value) for name, _, value in source.entries()}
    if source.is_list:
        return [_json(each) for each in source.items()]
    match source.scalar():
        case Decimal() as number:
            return int(number) if number == number.to_integral_value() else float(number)
        case None | bool() as plain:
            return plain
    return source.text()


def _faults(text: str) -> list[str]:
    return [each.message for document in read_documents(text, "x") for each in VALIDATOR.iter_errors(_json(document))]


def test_it_is_a_schema_and_is_printed() -> None:
    printed = CliRunner().invoke(cli, ["test", "--schema"])

    Draft7Validator.check_schema(schema())
    assert json.loads(printed.output) == schema()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_scenario_file_of_the_house_fits(file: Path) -> None:
    assert _faults(file.read_text(encoding="utf-8")) == []


def test_reader_and_schema_know_the_same_verbs_and_expectations() -> None:
    assert VERBS.keys() == {*read_steps._VERBS, "repeat"}
    assert BLOCKS["expect"].keys() == {*read_expectations._KEYS, "for"}


@pytest.mark.parametrize(
    "text",
    [
        "scenari: S",
        "scenario: S\ntitel: x",
        "scenario: S\nsteps: [{dot: approve}]",
        "scenario: S\nsteps: [{do: approve, bye: hugo}]",
        "scenario: S\nsteps: [{do: a, start: b}]",
        "scenario: S\nsteps: [{wait: soon}]",
        "scenario: S\nsteps: [{restart: no}]",
        "scenario: S\nsteps: [{import: loan}]",
        "scenario: S\nsteps: [{expect: {stats: x}}]",
        "scenario: S\nsteps: [{expect: {tasks: {a: {ownr: b}}}}]",
        "scenario: S\nsteps: [{expect: {state: done}}]",
        "scenario: S\nsteps: [{expect: {notifications: [{subjekt: x}]}}]",
        "scenario: S\nsteps: [{expect: {decisions: {d: {rule: a, cont: 2}}}}]",
        "scenario: S\nsteps: [{repeat: 2, steps: [{do: a, outcom: b}]}]",
        "scenario: S\ngiven: {peple: []}",
        "scenario: S\ngiven: {people: [{name: 安娜}]}",
        "always: {nou: 2026-11-02}",
        "coverage: {element: 90}",
        "coverage: {except: [{process: p, elements: [a]}]}",
        "demo: D\nbegins: -3d 08:00\nstorys: []",
    ],
)
def test_a_mistyped_word_does_not_fit(text: str) -> None:
    assert _faults(text)


def test_a_key_of_two_words_may_be_joined() -> None:
    assert _faults("scenario: S\nsteps: [{expect: {has_tasks: [a], no-history: []}}]") == []
