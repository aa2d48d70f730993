"""The report of a run as one HTML page that opens from a file: scenarios, diagrams with the ways taken, tables."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, Template

from engine.decisions.model import DecisionTable
from engine.scenarios.outcome import Result
from engine.scenarios.proof.bounds import Bounds
from engine.scenarios.proof.coverage import Coverage, DiagramReach, TableReach, shortfalls
from engine.scenarios.proof.drawing import draw
from engine.scenarios.proof.practice import Proved, nodes_of

_DRAWN = re.compile(r'<g class="(\w+)" data-id="([^"]+)">')


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that was not reached; without a reason it should have been."""

    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DiagramPart:
    """A diagram of the report."""

    reach: DiagramReach
    svg: str
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as a line of its table: its cells, and how many scenarios it answered in."""

    id: str
    cells: tuple[str, ...]
    annotation: str
    scenarios: int
    reason: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table of the report."""

    reach: TableReach
    columns: tuple[str, ...]
    inputs: int
    lines: tuple[RuleLine, ...]


def page(name: str) -> Template:
    """A page of this package; what is put into it is escaped."""
    return _pages().get_template(name)


@lru_cache
def _pages() -> Environment:
    return Environment(loader=PackageLoader(__package__, "pages"), autoescape=True, trim_blocks=True)


def report(practice: Proved, coverage: Coverage, bounds: Bounds, results: Sequence[Result]) -> str:
    """The page."""
    used = Counter(rule for each in results for rule in each.trace.rules)
    return page("report.html").render(
        results=results,
        held=sum(each.held for each in results),
        seconds=sum(each.seconds for each in results),
        diagrams=[_diagram(practice, each, bounds) for each in coverage.diagrams],
        tables=[_table(practice, each, bounds, used) for each in coverage.tables],
        missing=list(shortfalls(coverage, bounds)),
        bounds=bounds,
        ways=json.dumps(_ways(coverage, results), ensure_ascii=False).replace("<", "\\u003c"),
    )


def _diagram(practice: Proved, reach: DiagramReach, bounds: Bounds) -> DiagramPart:
    process = next(each for each in practice.processes if each.id == reach.id)
    marks = {each: _mark(bounds.reason(reach.id, each)) for each in (*reach.elements.missed, *reach.flows.missed)}
    svg = draw(practice.files[process.file], process.id)
    nodes = nodes_of(process)
    missed = [Missed(each, nodes[each].name, bounds.reason(reach.id, each)) for each in reach.elements.missed]
    return DiagramPart(reach, _marked(svg, marks), tuple(missed))


def _mark(reason: str) -> str:
    return "excepted" if reason else "missed"


def _marked(svg: str, marks: Mapping[str, str]) -> str:
    """The drawing with what was not reached marked."""

    def group(found: re.Match[str]) -> str:
        kind, part = found.groups()
        return f'<g class="{kind} {marks.get(part, "reached")}" data-id="{part}">'

    return _DRAWN.sub(group, svg)


def _table(practice: Proved, reach: TableReach, bounds: Bounds, used: Mapping[tuple[str, str], int]) -> TablePart:
    table = practice.decisions[reach.id].table
    if table is None:
        raise TypeError(f"{reach.id} is no table")
    lines = [
        RuleLine(
            rule.id,
            tuple(each.source if each is not None else "–" for each in (*rule.tests, *rule.answers)),
            rule.annotation,
            used.get((reach.id, rule.id), 0),
            bounds.reason(reach.id, rule.id),
        )
        for rule in table.rules
    ]
    return TablePart(reach, _columns(table), len(table.inputs), tuple(lines))


def _columns(table: DecisionTable) -> tuple[str, ...]:
    return (*(each.title for each in table.inputs), *(each.label or each.name for each in table.outputs))


def _ways(coverage: Coverage, results: Iterable[Result]) -> Mapping[str, object]:
    """Diagram → its parts; scenario → diagram → the numbers of the parts it passed."""
    parts = {each.id: (*each.elements.all, *each.flows.all) for each in coverage.diagrams}
    places = {(where, part): number for where, all_ in parts.items() for number, part in enumerate(all_)}
    ways = []
    for result in results:
        way: dict[str, list[int]] = {}
        for part in sorted(result.trace.elements | result.trace.flows):
            if part in places:
                way.setdefault(part[0], []).append(places[part])
        ways.append(way)
    return {"parts": parts, "ways": ways}
