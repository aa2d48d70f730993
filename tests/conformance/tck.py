"""The test cases of the DMN Technology Compatibility Kit: a model, inputs and expected values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from lxml import etree

from engine.decisions import DmnFile, evaluate
from engine.errors import GendanError
from engine.expressions.frame import Frame
from engine.expressions.operators import same
from engine.expressions.temporal import parse_moment

_SPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NUMBERS = {"decimal", "integer", "int", "long", "double", "float"}


@dataclass(frozen=True)
class Result:
    """One expected value: where it stands, and what is wrong with ours ("" when nothing is)."""

    model: str
    case: str
    node: str
    wrong: str


class Surroundings:
    """A context without functions, in UTC."""

    functions: ClassVar[dict[str, Any]] = {}

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def zone(self) -> ZoneInfo:
        return ZoneInfo("UTC")


def cases_of(model: Path) -> list[etree._Element]:
    """The test files beside a model that are for it: they name it, or it is the only one there."""
    roots = [_root(path) for path in sorted(model.parent.glob("*.xml"))]
    roots = [root for root in roots if root is not None and root.tag == f"{_SPACE}testCases"]
    alone = len(list(model.parent.glob("*.dmn"))) == 1
    return [root for root in roots if alone or (root.findtext(f"{_SPACE}modelName") or "").strip() == model.name]


def _root(path: Path) -> etree._Element | None:
    try:
        return etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except etree.XMLSyntaxError:
        return None


def run_cases(model: Path, file: DmnFile, errors: Sequence[str]) -> Iterator[Result]:
    """The results of every test case of a model; when it was read with errors, the first of them is each one's."""
    for cases in cases_of(model):
        for case in cases.iter(f"{_SPACE}testCase"):
            yield from _run_case(model.name, file, case, errors)


def _run_case(model: str, file: DmnFile, case: etree._Element, errors: Sequence[str]) -> Iterator[Result]:
    names = {node.get("name", ""): _value(node) for node in case.iter(f"{_SPACE}inputNode")}
    for node in case.iter(f"{_SPACE}resultNode"):
        name, identity = node.get("name", ""), case.get("id", "")
        if errors:
            yield Result(model, identity, name, errors[0])
        else:
            yield Result(model, identity, name, _difference(file, name, names, node))


def _difference(file: DmnFile, name: str, names: dict[str, Any], node: etree._Element) -> str:
    decision = next((each for each in file.decisions.values() if each.name == name), None)
    if decision is None:
        return "there is no such decision"
    expected = _value(node.find(f"{_SPACE}expected"))
    try:
        got = evaluate(decision, names, Surroundings()).value
    except GendanError as error:
        return "" if node.get("errorResult") == "true" else str(error)
    return "" if _alike(got, expected) else f"expected {expected!r}, got {got!r}"


def _alike(got: Any, expected: Any) -> bool:
    """Equal, numbers within 8 places after the point as the kit's own runners compare them."""
    if isinstance(got, Decimal) and isinstance(expected, Decimal):
        return abs(got - expected) < Decimal("0.00000001")
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(_alike, got, expected))
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_alike(got[key], expected[key]) for key in got)
    return same(got, expected, Frame({}, Surroundings(), False, "")) is True


def _value(node: etree._Element | None) -> Any:
    if node is None:
        return None
    items = node.find(f"{_SPACE}list")
    if items is not None:
        return [_value(item) for item in items.findall(f"{_SPACE}item")]
    components = node.findall(f"{_SPACE}component")
    if components:
        return {part.get("name", ""): _value(part) for part in components}
    value = node.find(f"{_SPACE}value")
    if value is None or value.get(_NIL) == "true":
        return None
    return _typed(value.get(_TYPE, "").rpartition(":")[2], value.text or "")


def _typed(kind: str, text: str) -> Any:
    if kind in _NUMBERS:
        return Decimal(text)
    if kind == "boolean":
        return text.strip() == "true"
    return text if kind == "string" else parse_moment(text, ZoneInfo("UTC"))
