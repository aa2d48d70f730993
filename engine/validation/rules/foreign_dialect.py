"""Diagrams of other engines look alike and mean other things: what they add is named, not ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at_written
from engine.validation.subject import Subject

_SPACE = re.compile(r"\{([^}]*)\}")
_ENGINES = {
    "http://activiti.org/bpmn": "Activiti",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8 (Zeebe)",
    "http://flowable.org/bpmn": "Flowable",
    "http://www.jboss.org/drools": "jBPM",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
}
_SILENT = ("http://www.omg.org/", "http://bpmn.io/", "http://camunda.org/schema/modeler/", "http://www.w3.org/")


def check(subject: Subject) -> Iterator[Found]:
    """Attributes and extension elements of other namespaces, one finding an element and namespace."""
    for element in subject.file.written:
        names = [*element.attributes, *(item.path for item in element.extensions)]
        spaces = {found.group(1) for name in names if (found := _SPACE.match(name))}
        for space in sorted(spaces):
            if space in _ENGINES:
                yield Found(
                    at_written(element), "<%(tag)s> carries settings for %(engine)s, which are not read.",
                    "Open the file with Camunda Modeler as a Camunda 7 diagram and set them there.",
                    {"tag": element.tag, "engine": _ENGINES[space]},
                )  # fmt: skip
            elif not space.startswith(_SILENT):
                yield Found(
                    at_written(element), "<%(tag)s> carries something of %(space)s, which is not read.",
                    "Nothing to do when it is for drawing or another tool.", {"tag": element.tag, "space": space},
                    level=Level.NOTE,
                )  # fmt: skip


RULE = Rule("foreign-dialect", Level.ERROR, check)
