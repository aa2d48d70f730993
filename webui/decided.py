"""What a decision answered, in the words of its table, of the forms and of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.decisions import DecisionTable
from engine.values import Value
from engine.views import HistoryRow
from webui import shown
from webui.practice import choice_label, forms_of, step_name, table
from webui.words import gettext, localise

_MOST = 5


def told(row: HistoryRow) -> list[str]:
    """Two lines: the rules that held as their annotations say them, and each output by its label."""
    found = table(str(row.data.get("decision", "")))
    rules = _rules(found, row.data.get("rules")) if found else ""
    return [line for line in (rules, _answers(found, row, bool(rules))) if line]


def _rules(found: DecisionTable, held: Value) -> str:
    ids = held if isinstance(held, list) else []
    return _several([localise(rule.annotation) for rule in found.rules if rule.id in ids and rule.annotation])


def _answers(found: DecisionTable | None, row: HistoryRow, explained: bool) -> str:
    result = row.data.get("result")
    if isinstance(result, list) and all(isinstance(each, dict) for each in result):
        rows = [_answer(each, found, row, explained) for each in result if isinstance(each, dict)]
        return _several([each for each in rows if each])
    if isinstance(result, dict):
        return _answer(result, found, row, explained)
    if found is not None and len(found.outputs) == 1:
        return _answer({found.outputs[0].name: result}, found, row, explained)
    return shown.plain(result)


def _answer(values: Mapping[str, Value], found: DecisionTable | None, row: HistoryRow, explained: bool) -> str:
    """`Verdict feasible · next step review` in the order of the table. A key that nobody has words for is left out
    where the annotation has said what it means."""
    outputs = {output.name: output for output in found.outputs} if found else {}
    parts: list[str] = []
    for name in [*(each for each in outputs if each in values), *(each for each in values if each not in outputs)]:
        value, output = values[name], outputs.get(name)
        words = _words(name, value, row)
        keyed = output is not None and value in output.priorities
        if value is not None and (words or not (keyed and explained)):
            parts.append(f"{localise(output.label) if output and output.label else name} {words or shown.plain(value)}")
    return " · ".join(parts)


def _words(name: str, value: Value, row: HistoryRow) -> str:
    """The label of a value that is a key: of a published choice, of a field of the process, or a step's name."""
    if not isinstance(value, str):
        return ""
    options = (field.option(value) for form in forms_of(row.process_id) if (field := form.field(name)) is not None)
    option = next(filter(None, options), None)
    return localise(choice_label(name, value) or (option.label if option else step_name(value)))


def _several(texts: Sequence[str]) -> str:
    more = gettext("and %(count)d more", count=len(texts) - _MOST) if len(texts) > _MOST else ""
    return "; ".join([*texts[:_MOST], *([more] if more else [])])
