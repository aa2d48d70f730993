"""Every BPMN element as written, so that checks see also what nobody reads."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.model import Written, WrittenExtension
from engine.definitions.xml import BPMN, CAMUNDA, Element, line, local, text, words

_PREFIX = "{" + BPMN + "}"
_DIALECT = "{" + CAMUNDA + "}"
_REFERRING = {
    "sourceRef", "targetRef", "attachedToRef", "messageRef", "signalRef", "errorRef", "escalationRef", "activityRef",
    "default", "processRef", "dataObjectRef", "dataStoreRef", "eventDefinitionRef", "flowNodeRef", "incoming",
    "outgoing", "loopDataInputRef", "loopDataOutputRef", "source", "target", "categoryValueRef",
}  # fmt: skip


def written(root: Element) -> Iterator[Written]:
    """The BPMN elements below the root in document order, without the diagram and without extension content."""
    extended: set[Element] = set()
    owners: dict[Element, str] = {}
    processes: dict[Element, str] = {}
    for element in root.iter("*"):
        parent = element.getparent()
        own_tag = str(element.tag)
        # What other tools put into extensions is theirs, even where their elements have our namespace by default.
        if parent in extended or own_tag == f"{_PREFIX}extensionElements":
            extended.add(element)
            continue
        if parent is None or not own_tag.startswith(_PREFIX):
            continue
        tag = own_tag[len(_PREFIX) :]
        own = str(element.get("id", "")).strip()
        owners[element] = own or owners.get(parent, "")
        processes[element] = own if tag == "process" else processes.get(parent, "")
        yield Written(
            tag=tag,
            parent=_short(str(parent.tag)).removeprefix("bpmn:"),
            owner=owners[element],
            id=own,
            name=words(element, "name"),
            line=line(element),
            attributes=_attributes(element),
            extensions=tuple(_extensions(element)),
            references=tuple(_references(tag, element)),
            process=processes[element],
        )


def _attributes(element: Element) -> dict[str, str]:
    return {_short(str(name)): str(value) for name, value in element.attrib.items()}


def _short(name: str) -> str:
    return name.replace(_DIALECT, "camunda:").replace(_PREFIX, "bpmn:")


def _extensions(element: Element) -> Iterator[WrittenExtension]:
    for holder in element:
        if holder.tag != _PREFIX + "extensionElements":
            continue
        paths: dict[Element, str] = {holder: ""}
        for item in holder.iterdescendants():
            around = item.getparent()
            if around is None or not isinstance(item.tag, str):
                continue
            paths[item] = f"{paths.get(around, '')}/{_short(item.tag)}".removeprefix("/")
            yield WrittenExtension(paths[item], _attributes(item), line(item))


def _references(tag: str, element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name in _REFERRING and str(value).strip():
            yield str(name), local(str(value))
    if tag in _REFERRING and text(element):
        yield tag, local(text(element))
