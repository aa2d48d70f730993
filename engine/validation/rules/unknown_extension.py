"""An extension element nobody reads would change nothing, silently: listeners, connectors, scripts, fields."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.dialect import CALL_EXTENSIONS, EXTENSIONS, NODE_TAGS, plain
from engine.validation.rule import Found, Rule, at_written
from engine.validation.subject import Subject

_WITH_FORM = {"userTask", "startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"}
_CURE = {
    "camunda:executionListener": "Draw what it does as a service task.",
    "camunda:taskListener": "Draw what it does as a service task or a boundary event.",
    "camunda:connector": "Use a topic with inputParameters.",
    "camunda:field": "Use inputParameters.",
    "camunda:failedJobRetryTimeCycle": "Remove it: jobs are repeated as the settings say.",
    "camunda:potentialStarter": "Use the property `starters`.",
    "camunda:errorEventDefinition": "Let the worker report the error code.",
}


def check(subject: Subject) -> Iterator[Found]:
    """Every `camunda:` extension element that the dialect does not have in this place."""
    for element in subject.file.written:
        tag = plain(element.tag)
        allowed = set(EXTENSIONS) if tag in NODE_TAGS else {path for path in EXTENSIONS if "propert" in path}
        if element.tag == "callActivity":
            allowed |= CALL_EXTENSIONS
        reported: set[str] = set()
        for item in element.extensions:
            top = item.path.split("/", 1)[0]  # of the dialect; other namespaces are said by foreign-dialect
            form = top == "camunda:formData" and tag not in _WITH_FORM
            if not top.startswith("camunda:") or (item.path in allowed and not form) or top in reported:
                continue
            if item.path.startswith("camunda:inputOutput/") and item.path.count("/") > 1:
                continue  # said by parameter-form
            reported.add(top if top not in allowed or form else item.path)
            cure = _CURE.get(item.path, "Remove it or use what the modelling guide shows.")
            yield Found(
                at_written(element, item.line), "The extension element %(name)s of <%(tag)s> is not read.", "%(cure)s",
                {"name": item.path, "tag": element.tag, "cure": cure},
            )  # fmt: skip


RULE = Rule("unknown-extension", Level.ERROR, check)
