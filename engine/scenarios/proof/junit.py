"""Results as JUnit XML, as servers that build and test read it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lxml import etree

from engine.scenarios.outcome import Result


def junit(results: Sequence[Result]) -> bytes:
    """A suite a file, a case a scenario; a failure tells the step, what was expected and what was found."""
    root = etree.Element("testsuites", _counts(results), name="gendan test")
    for file, group in groupby(results, lambda each: each.place.file):
        found = list(group)
        suite = etree.SubElement(root, "testsuite", _counts(found), name=file)
        for each in found:
            _case(suite, each)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _case(suite: etree._Element, result: Result) -> None:
    case = etree.SubElement(
        suite,
        "testcase",
        name=f"{result.name} {result.title}".strip(),
        classname=result.place.file,
        file=result.place.file,
        line=str(result.place.line),
        time=f"{result.seconds:.3f}",
    )
    if result.failure is not None:
        failure = etree.SubElement(case, "failure", message=f"{result.failure.place}: {result.failure.title}")
        failure.text = "".join(each for each in result.explain() if each.isprintable() or each in "\n\t")


def _counts(results: Sequence[Result]) -> dict[str, str]:
    return {
        "tests": str(len(results)),
        "failures": str(sum(not each.held for each in results)),
        "errors": "0",
        "time": f"{sum(each.seconds for each in results):.3f}",
    }
