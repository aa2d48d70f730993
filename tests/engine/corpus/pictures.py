"""Draws the diagrams of the corpus for the modelling guide: `python -m tests.engine.corpus.pictures`.

bpmn-js draws each as it stands in its file; what an event waits for and what a condition asks is written beside it. The
picture names the file by its digest, so that a test can tell without a browser whether it is of the file as it is now.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from lxml import etree

from engine.definitions.xml import Element
from tests.engine.corpus.diagram import DIAGRAMS, FOLDER, Diagram

PICTURES = Path(__file__).parents[3] / "docs" / "pictures" / "constructs"
_VIEWER = Path(__file__).parents[3] / "node_modules" / "bpmn-js" / "dist" / "bpmn-viewer.production.min.js"
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_SVG = "{http://www.w3.org/2000/svg}"
_DRAW = """async ({xml, diagram}) => {
  document.body.innerHTML = '<div id="canvas" style="width:1200px;height:800px"></div>';
  const viewer = new BpmnJS({container: '#canvas'});
  await viewer.importXML(xml, diagram);
  return (await viewer.saveSVG()).svg;
}"""
_LONGEST = 34


def pictures_of(diagram: Diagram) -> list[Path]:
    """Where the pictures of a diagram are: one, and one more for each process that is drawn apart."""
    drawn = re.findall(r"<bpmndi:BPMNDiagram [^>]*id=\"([^\"]+)\"", diagram.content.decode())
    ends = [".svg", *(f"-{number}.svg" for number in range(2, len(drawn) + 1))]
    return [PICTURES / diagram.construct / f"{diagram.name}{end}" for end in ends]


def digest(diagram: Diagram) -> str:
    """What a picture says it was drawn from."""
    return hashlib.sha256(diagram.content).hexdigest()[:16]


def is_current(diagram: Diagram) -> bool:
    """Whether all pictures of a diagram are of its file as it is."""
    mark = f"<!-- {digest(diagram)} -->"
    return all(path.is_file() and mark in path.read_text() for path in pictures_of(diagram))


def told(content: bytes) -> str:
    """The file with what its picture would not show written as names: conditions, and what events wait for or throw."""
    root = etree.fromstring(content)
    named = {str(each.get("id")): each.get("name") or each.get("errorCode") or "" for each in root.iter(f"{_BPMN}*")}
    for flow in root.iter(f"{_BPMN}sequenceFlow"):
        condition = flow.find(f"{_BPMN}conditionExpression")
        if condition is not None and not flow.get("name"):
            flow.set("name", _short(condition))
    for event in root.iter(*(f"{_BPMN}{tag}" for tag in ("startEvent", "endEvent", "boundaryEvent",
                             "intermediateCatchEvent", "intermediateThrowEvent"))):  # fmt: skip
        found = [_of(each, named) for each in event if str(each.tag).endswith("EventDefinition")]
        if any(found):
            event.set("name", "\n".join([event.get("name", ""), *filter(None, found)]).strip())
            _widen(root, event)
    return etree.tostring(root, encoding="unicode")


def _widen(root: Element, event: Element) -> None:
    """Room for the longest line of an event's name."""
    need = min(110, max(len(line) for line in str(event.get("name")).split("\n")) * 9)
    for shape in root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"):
        if shape.get("bpmnElement") != event.get("id"):
            continue
        for bounds in shape.iterfind("./{*}BPMNLabel/{*}Bounds"):
            more = need - float(bounds.get("width", 0))
            if more > 0:
                bounds.set("width", str(need))
                if event.tag != f"{_BPMN}boundaryEvent":
                    bounds.set("x", str(float(bounds.get("x", 0)) - more / 2))


def _of(definition: Element, named: dict[str, str]) -> str:
    for attribute in ("messageRef", "signalRef", "errorRef", "escalationRef"):
        if definition.get(attribute):
            return named.get(str(definition.get(attribute)), "")
    texts = [_short(each) for each in definition if (each.text or "").strip()]
    return definition.get("name", "") or "".join(texts)


def _short(element: Element) -> str:
    text = " ".join((element.text or "").split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def small(svg: str, mark: str) -> str:
    """The picture without what only an editor needs, each style and arrow once, on white."""
    root = etree.fromstring(re.sub(r"<!DOCTYPE[^>]*>|<\?xml[^>]*>", "", svg).strip().encode())
    for each in list(root.iter(f"{_SVG}*")):
        if "djs-hit" in each.get("class", "") and (parent := each.getparent()) is not None:
            parent.remove(each)
    _arrows(root)
    styles: dict[str, str] = {}
    for each in root.iter(f"{_SVG}*"):
        for name in ("class", "data-element-id", "data-corner-radius", "lineHeight"):
            each.attrib.pop(name, None)
        style = re.sub(r"\s*([:;])\s*", r"\1", each.attrib.pop("style", "")).strip(";")
        if style and style != "display:block":
            each.set("class", styles.setdefault(style, f"s{len(styles)}"))
        for name, value in each.attrib.items():
            each.set(name, re.sub(r"\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}", value))
    _flatten(root)
    left, top, width, height = root.get("viewBox", "0 0 0 0").split()
    back = etree.Element(f"{_SVG}rect", x=left, y=top, width=width, height=height, fill="#fff")
    rules = etree.Element(f"{_SVG}style")
    rules.text = "".join(f".{name}{{{style}}}" for style, name in styles.items())
    root.insert(0, back)
    root.insert(0, rules)
    etree.cleanup_namespaces(root)
    return f"<!-- {mark} -->\n{etree.tostring(root, encoding='unicode')}\n"


def _arrows(root: Element) -> None:
    """Arrows have new ids each time: equal ones become one, numbered."""
    known: dict[bytes, str] = {}
    renamed: dict[str, str] = {}
    for marker in list(root.iter(f"{_SVG}marker")):
        old = marker.attrib.pop("id")
        content = etree.tostring(marker)
        parent = marker.getparent()
        if content in known and parent is not None:
            parent.remove(marker)
        renamed[old] = known.setdefault(content, f"m{len(known)}")
        marker.set("id", renamed[old])
    for each in root.iter(f"{_SVG}*"):
        if "url(" in each.get("style", ""):
            pattern = r"url\(['\"]?#([^'\")]+)['\"]?\)"
            each.set("style", re.sub(pattern, lambda found: f"url(#{renamed[found[1]]})", each.get("style", "")))


def _flatten(root: Element) -> None:
    """Groups that move nothing hold nothing together; empty definitions go."""
    for each in list(root.iter(f"{_SVG}g", f"{_SVG}defs")):
        parent = each.getparent()
        if parent is None or (each.attrib and len(each)):
            continue
        place = parent.index(each)
        if each.tag == f"{_SVG}g":
            for child in list(each):
                parent.insert(place, child)
                place += 1
        if each.tag == f"{_SVG}g" or not len(each):
            parent.remove(each)


def draw(diagrams: list[Diagram]) -> None:
    """Draw these, in Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(path=_VIEWER)
        for diagram in diagrams:
            ids = re.findall(r"<bpmndi:BPMNDiagram [^>]*id=\"([^\"]+)\"", diagram.content.decode())
            assert ids, f"{diagram} has no picture: draw it in a modeler"
            for id_, path in zip(ids, pictures_of(diagram), strict=True):
                svg = page.evaluate(_DRAW, {"xml": told(diagram.content), "diagram": id_})
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(small(svg, digest(diagram)))
        browser.close()


if __name__ == "__main__":
    kept = {path for diagram in DIAGRAMS for path in pictures_of(diagram)}
    for stale in set(PICTURES.glob("*/*.svg")) - kept:
        stale.unlink()
    draw([each for each in DIAGRAMS if not is_current(each)])
    print(f"{len(kept)} pictures of {len(DIAGRAMS)} diagrams in {FOLDER.name}")
