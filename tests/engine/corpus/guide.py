"""Writes the drawn part of the modelling guide, docs/constructs/: a page a construct, with its diagrams that run.

`python -m tests.engine.corpus.page` writes it with the other pages. What a construct is stands in `about.md` of its
folder; the picture, what is filled in and what happens then come from the diagram and its steps.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

from lxml import etree

from engine.definitions.xml import Element
from tests.engine.corpus.diagram import DIAGRAMS, FOLDER, Diagram, Step
from tests.engine.corpus.pictures import pictures_of

GUIDE = Path(__file__).parents[3] / "docs" / "constructs"
_CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SAID_BY_THE_PICTURE = {
    "associationDirection",
    "id",
    "name",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    f"{_CAMUNDA}assignee",
    _TYPE,
}
_WORDS = {
    ("cancelActivity", "false"): "non-interrupting", ("isInterrupting", "false"): "non-interrupting",
    ("isForCompensation", "true"): "for compensation", ("isSequential", "true"): "sequential",
    ("waitForCompletion", "false"): "does not wait", ("triggeredByEvent", "true"): "event subprocess",
}  # fmt: skip
"""What attributes with these values are called in a modeler."""
_CALLED = {
    "timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle", "messageRef": "", "signalRef": "",
    "errorRef": "", "escalationRef": "", "conditionExpression": "condition", "multiInstanceLoopCharacteristics":
    "multi-instance", "standardLoopCharacteristics": "loop", "loopCardinality": "cardinality", "completionCondition":
    "completion condition", "loopCondition": "condition", "activationCondition": "activation condition",
    "conditional": "", "default": "default flow",
}  # fmt: skip
_INNER = {"process", "subProcess", "adHocSubProcess", "transaction", "laneSet", "documentation", "incoming", "outgoing",
          "association", "textAnnotation", "extensionElements"}  # fmt: skip
_HEAD = """# Each construct, drawn

Written from the diagrams in `tests/engine/corpus` by `python -m tests.engine.corpus.page`. Every diagram here runs in
every test as it says. Beside an event stands what it waits for or throws, beside a flow its condition.

To see one run: drop its file on *Processes* of an installation for trials (`make demo`), as one who may deploy;
its tasks belong to a person `ann`, whom *People* adds; then *Start*. To use one: open it in a modeler, give process and
steps ids and names of your own, and replace the assignee by a role.
"""


def guide() -> dict[str, str]:
    """The pages by their file name."""
    found = {}
    index = [_HEAD, "| construct | | |", "|---|---|---|"]
    for construct, grouped in groupby(DIAGRAMS, key=lambda each: each.construct):
        diagrams = [each for each in grouped if each.refused is None]
        name = construct.replace("-", " ").capitalize()
        about = (FOLDER / construct / "about.md").read_text().strip()
        first = " ".join(about.split()).split(". ")[0].rstrip(".:")
        index.append(f"| [{name}]({construct}.md) | {first}. | {_picture(diagrams[0], 0)} |")
        told = [_told(each) for each in diagrams]
        found[f"{construct}.md"] = "\n".join([f"# {name}\n", about, "", "[All constructs](README.md)", "", *told])
    return {"README.md": "\n".join(index) + "\n", **found}


def _told(diagram: Diagram) -> str:
    pictures = " ".join(_picture(diagram, number) for number in range(len(pictures_of(diagram))))
    lines = [f"## {diagram.name}\n", pictures, "", diagram.says, ""]
    filled = _filled(diagram)
    if filled:
        lines += ["Filled in:", "", *filled, ""]
    lines += [f"It runs: {' → '.join(_said(each) for each in diagram.steps if _said(each))}.", ""]
    lines.append(f"BPMN 2.0, {diagram.section} · [file](../../tests/engine/corpus/{diagram}.bpmn)\n")
    return "\n".join(lines)


def _picture(diagram: Diagram, number: int) -> str:
    path = pictures_of(diagram)[number]
    return f"![{diagram.name}](../pictures/constructs/{path.parent.name}/{path.name})"


def _filled(diagram: Diagram) -> list[str]:
    """What is filled in at each element beyond its name and place, in the words of a modeler's panel."""
    root = etree.fromstring(diagram.content)
    found = []
    for process in root.iterfind("{*}process"):
        for element in process.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}*"):
            parts = [*_attributes(element), *_children(element)] if element.get("id") else []
            if parts and etree.QName(element).localname not in ("process", "laneSet", "lane"):
                found.append(f"- `{element.get('id')}`: {'; '.join(parts)}")
    return found


def _attributes(element: Element) -> list[str]:
    given = [(name, str(value)) for name, value in element.attrib.items() if name not in _SAID_BY_THE_PICTURE]
    return [
        _WORDS.get((name, value)) or f"{_called(_named(name))}`{_referred(element, name, value)}`"
        for name, value in given
    ]


def _referred(element: Element, name: str, value: str) -> str:
    """The name of what an attribute refers to by its id, as a modeler shows it."""
    if not name.endswith("Ref"):
        return value
    found = element.getroottree().getroot().find(f".//{{*}}*[@id='{value}']")
    return (
        value if found is None else found.get("errorCode") or found.get("escalationCode") or found.get("name") or value
    )


def _called(name: str) -> str:
    found = _CALLED.get(name, name)
    return f"{found} " if found else ""


def _children(element: Element) -> list[str]:
    found: list[str] = []
    for child in element:
        name = etree.QName(child).localname
        if name == "extensionElements":
            found += [_extension(each) for each in child.iter() if each.attrib or (each.text or "").strip()]
        elif name not in _INNER and not child.get("sourceRef") and not _is_node(child):
            found.append(_one(child))
    return found


def _is_node(element: Element) -> bool:
    return bool(element.get("id")) and etree.QName(element).localname.endswith(("Task", "Event", "Gateway", "task"))


def _one(element: Element) -> str:
    """A definition or text with all that stands in it."""
    words = [_called(etree.QName(element).localname.removesuffix("EventDefinition")).strip(), *_attributes(element)]
    text = " ".join((element.text or "").split())
    words += [f"`{text}`"] if text else []
    return " ".join(filter(None, [*words, *(_one(each) for each in element)]))


def _extension(element: Element) -> str:
    text = " ".join((element.text or "").split())
    words = [_named(str(element.tag)), *(f"`{value}`" for value in element.attrib.values())]
    return " ".join([*words, *([f"= `{text}`"] if text else [])])


def _named(name: str) -> str:
    return name.replace(_CAMUNDA, "camunda:").rpartition("}")[2]


def _said(step: Step) -> str:
    """A step in words; nothing for what only tests look at."""
    name, values = step.named if step.verb not in ("set", "values", "trace", "flows", "open", "waits") else ("", {})
    given = f" with {', '.join(f'`{key}` = `{_value(value)}`' for key, value in values.items())}" if values else ""
    words = " ".join(f"`{each}`" for each in step.words) if isinstance(step.about, str) else ""
    match step.verb:
        case "start" | "start at":
            return f"start{f' at `{name}`' if step.verb == 'start at' else ''}{given}"
        case "complete" | "message" | "signal" | "error":
            return f"{step.verb} `{name}`{given}"
        case "wait":
            return f"after `{name}`"
        case "open":
            return f"in the inbox: {words}" if words else "nothing in the inbox"
        case "waits":
            return f"waiting: {words}" if words else ""
        case "ended":
            return f"ended at `{name}`" if name else "ended"
        case "set":
            return f"set {', '.join(f'`{key}` = `{_value(value)}`' for key, value in step.about.items())}"
        case "values":
            return ", ".join(f"`{key}` is `{value}`" for key, value in step.about.items())
    return ""


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
