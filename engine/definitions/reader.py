"""BPMN XML → typed definitions: one tolerant walk that never raises, whatever the bytes are.

What cannot be read at all is a finding; what is read but would not run is left to `engine.validation`.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from engine.definitions.findings import Finding, Level
from engine.definitions.model import BpmnFile, MessageFlow, Pool, ProcessDefinition
from engine.definitions.reader_correlation import correlation_paths, with_keys
from engine.definitions.reader_events import EventReader
from engine.definitions.reader_extensions import properties
from engine.definitions.reader_messages import with_messages
from engine.definitions.reader_scopes import GLOBAL_TASKS, ScopeReader
from engine.definitions.reader_written import written
from engine.definitions.xml import (
    BPMN,
    DI,
    Element,
    Unreadable,
    attribute,
    camunda,
    child,
    children,
    flag,
    line,
    parse,
    reference,
    text,
    words,
)

UNREADABLE = "unreadable-file"


def read_bpmn(content: bytes, name: str) -> tuple[BpmnFile, list[Finding]]:
    """Everything a BPMN file says, and what of it could not be read.

    `name` is the file's name within the practice. A file that cannot be read gives an empty BpmnFile and a finding
    of rule `unreadable-file` with its line.
    """
    file, findings = _read(content, name)
    return file, list(findings)


@lru_cache(maxsize=256)
def _read(content: bytes, name: str) -> tuple[BpmnFile, tuple[Finding, ...]]:
    """What is read is never changed, so a file is read once a process however often it is checked and deployed."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        root = parse(content)
        if root.tag != "{" + BPMN + "}definitions":
            raise Unreadable(
                line(root), "Save it as BPMN 2.0 with the modeler.", "The root <%(tag)s> is no BPMN 2.0 definitions.",
                tag=str(root.tag),
            )  # fmt: skip
        return _definitions(root, name, digest), ()
    except Unreadable as error:
        return BpmnFile(name, digest, ()), (
            Finding(UNREADABLE, Level.ERROR, name, error.line, "", "", error.template, error.remedy, error.fields),
        )


def _definitions(root: Element, name: str, digest: str) -> BpmnFile:
    events = EventReader(root)
    planes = _planes(root)
    pools: list[Pool] = []
    flows: list[MessageFlow] = []
    processes: list[ProcessDefinition] = []
    for tag, element in children(root):
        if tag == "process" or tag in GLOBAL_TASKS:
            processes.append(_process(tag, element, name, digest, events, planes))
        elif tag == "collaboration":
            for part, item in children(element):
                identity = (attribute(item, "id"), attribute(item, "name"))
                if part == "participant":
                    pools.append(Pool(*identity, reference(item, "processRef"), line(item)))
                elif part == "messageFlow":
                    ends = (reference(item, "sourceRef"), reference(item, "targetRef"))
                    message = events.message(reference(item, "messageRef"))
                    flows.append(MessageFlow(*identity, *ends, line(item), message))
    processes = _with_global_tasks(processes)
    paths = correlation_paths(root, events)
    joined = with_keys(root, with_messages(processes, flows), paths)
    return BpmnFile(name, digest, joined, tuple(pools), tuple(flows), tuple(written(root)), paths)


def _process(
    tag: str, element: Element, file: str, digest: str, events: EventReader, planes: dict[str, str]
) -> ProcessDefinition:
    process_id = attribute(element, "id") or f"process-{line(element)}"
    scopes = ScopeReader(events, planes)
    kind = GLOBAL_TASKS.get(tag)
    scope = scopes.read(element, process_id) if kind is None else scopes.alone(kind.value, element, process_id)
    return ProcessDefinition(
        id=process_id,
        name=words(element, "name"),
        file=file,
        line=line(element),
        digest=digest,
        executable=flag(element, "isExecutable", False),
        version_tag=camunda(element, "versionTag"),
        documentation=text(child(element, "documentation")),
        properties=properties(element),
        scope=scope,
        lanes=tuple(scopes.lanes),
    )


def _with_global_tasks(found: list[ProcessDefinition]) -> list[ProcessDefinition]:
    """A global task is a process of that one task (§10.3.6); it is executable as what stands beside it is."""
    beside = [each for each in found if not each.global_task]
    executable = not beside or any(each.executable for each in beside)
    return [replace(each, executable=executable) if each.global_task else each for each in found]


def _planes(root: Element) -> dict[str, str]:
    """Which element's plane each element is drawn on."""
    drawn: dict[str, str] = {}
    for _, diagram in children(root, DI):
        for tag, plane in children(diagram, DI):
            if tag == "BPMNPlane":
                for _, shape in children(plane, DI):
                    drawn[reference(shape, "bpmnElement")] = reference(plane, "bpmnElement")
    return drawn
