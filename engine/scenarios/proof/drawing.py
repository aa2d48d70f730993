"""A diagram as SVG, drawn from the interchange part of its file (BPMN 2.0, chapter 12).

Shapes and flows carry `data-id`, so that a report can mark them; how they look is the report's style sheet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from engine.definitions.xml import BPMN, DI, Element, parse, reference
from engine.scenarios.proof.symbols import event_symbol, gateway_symbol, task_symbol

_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_WAY = "{http://www.omg.org/spec/DD/20100524/DI}"
_EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
_FRAMES = ("participant", "lane")
_BODIES = ("subProcess", "transaction", "adHocSubProcess")
_LINE = 14
_MARGIN = 20
_SCALE = 0.8


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2


def draw(content: bytes, process_id: str) -> str:
    """The SVG of the drawing plane that shows this process; empty when it was never drawn."""
    root = parse(content)
    named = {str(each.get("id")): each for each in root.iter() if each.get("id")}
    plane = _plane(root, named, process_id)
    if plane is None:
        return ""
    shapes = list(_shapes(plane, named))
    edges = list(_edges(plane, named))
    if not (shapes or edges):
        return ""
    frames = [each for each in shapes if _tag(each[0]) in (*_FRAMES, *_BODIES)]
    others = [each for each in shapes if _tag(each[0]) not in (*_FRAMES, *_BODIES)]
    drawn = [_shape(*each) for each in frames]
    drawn += [_edge(*each) for each in edges]
    drawn += [_shape(*each) for each in others]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {_view(shapes, edges)}>{"".join(drawn)}</svg>'


_Shape = tuple[Element, Box, Box | None, bool]
_Edge = tuple[Element, list[tuple[float, float]], Box | None]


def _plane(root: Element, named: Mapping[str, Element], process_id: str) -> Element | None:
    """The plane of the process or of a collaboration it has a pool in; else the one that shows anything of it."""
    planes = list(root.iter(f"{{{DI}}}BPMNPlane"))
    for plane in planes:
        shown = named.get(reference(plane, "bpmnElement"))
        pools = [] if shown is None else shown.findall(f"{{{BPMN}}}participant")
        if process_id in (reference(plane, "bpmnElement"), *(reference(each, "processRef") for each in pools)):
            return plane
    process = named.get(process_id)
    inside = set() if process is None else {str(each.get("id")) for each in process.iter() if each.get("id")}
    return next((plane for plane in planes if any(reference(each, "bpmnElement") in inside for each in plane)), None)


def _shapes(plane: Element, named: Mapping[str, Element]) -> Iterator[_Shape]:
    for each in plane.iter(f"{{{DI}}}BPMNShape"):
        meant, bounds = named.get(reference(each, "bpmnElement")), each.find(f"{_DC}Bounds")
        box = None if bounds is None else _box(bounds)
        if meant is not None and box is not None:
            yield meant, box, _label_box(each), each.get("isExpanded") == "false"


def _edges(plane: Element, named: Mapping[str, Element]) -> Iterator[_Edge]:
    for each in plane.iter(f"{{{DI}}}BPMNEdge"):
        meant = named.get(reference(each, "bpmnElement"))
        points = [(_number(way, "x"), _number(way, "y")) for way in each.findall(f"{_WAY}waypoint")]
        readable = [(x, y) for x, y in points if x is not None and y is not None]
        if meant is not None and len(readable) > 1:
            yield meant, readable, _label_box(each)


def _shape(meant: Element, box: Box, label: Box | None, collapsed: bool) -> str:
    tag, name = _tag(meant), str(meant.get("name") or "")
    if tag in _FRAMES:
        return _frame(box, name)
    if tag in _EVENTS:
        drawn = event_symbol(tag, _definition(meant), _not_interrupting(meant), *box.middle, box.width / 2)
    elif tag.endswith("Gateway"):
        drawn = gateway_symbol(tag, *box.middle, box.width / 2)
    elif tag == "textAnnotation":
        return _annotation(meant, box)
    else:
        return _group(meant, "task", _activity(meant, tag, box, name, collapsed))
    below = label or Box(box.x - 40, box.y + box.height + 4, box.width + 80, _LINE)
    return _group(meant, "event" if tag in _EVENTS else "gateway", drawn + _text(name, below, "label"))


def _activity(meant: Element, tag: str, box: Box, name: str, collapsed: bool) -> str:
    kind = "call" if tag == "callActivity" else "body" if tag in _BODIES and not collapsed else ""
    kind += " by-event" if meant.get("triggeredByEvent") == "true" else ""
    drawn = _rect(box, 10, f"outline {kind}".strip())
    drawn += task_symbol(tag, box.x + 6, box.y + 6)
    loop = meant.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if loop is not None:
        drawn += f'<path class="symbol" d="{_bars(box, loop.get("isSequential") == "true")}"/>'
    if kind.startswith("body"):
        return drawn + _text(name, Box(box.x + 10, box.y + 6, box.width - 20, _LINE), "label")
    return drawn + _text(name, Box(box.x + 5, box.y, box.width - 10, box.height), "label", middle=True)


def _bars(box: Box, sequential: bool) -> str:
    x, y = box.middle[0], box.y + box.height - 5
    if sequential:
        return "".join(f"M{x - 5:g} {y - each:g}h10" for each in (0, 4, 8))
    return "".join(f"M{x + each:g} {y - 8:g}v8" for each in (-4, 0, 4))


def _frame(box: Box, name: str) -> str:
    x, y = box.x + 15, box.middle[1]
    title = f'<text class="label" transform="translate({x:g} {y:g}) rotate(-90)" dy="4">{escape(name)}</text>'
    return f'<g class="frame">{_rect(box, 0, "outline")}{title}</g>'


def _annotation(meant: Element, box: Box) -> str:
    text = meant.findtext(f"{{{BPMN}}}text") or ""
    path = f"M{box.x + 10:g} {box.y:g}h-10v{box.height:g}h10"
    inside = Box(box.x + 6, box.y, box.width - 6, box.height)
    return f'<g class="note"><path d="{path}"/>{_text(text, inside, "label")}</g>'


def _edge(meant: Element, points: list[tuple[float, float]], label: Box | None) -> str:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    flow = _tag(meant) == "sequenceFlow"
    drawn = f'<path class="line" d="{path}"/>' + (_arrow(*points[-2:]) if flow else "")
    name = str(meant.get("name") or "")
    if name:
        x, y = ((a + b) / 2 for a, b in zip(points[0], points[1], strict=True))
        drawn += _text(name, label or Box(x - 40, y - 16, 80, _LINE), "label")
    return _group(meant, "flow" if flow else "note", drawn)


def _arrow(before: tuple[float, float], end: tuple[float, float]) -> str:
    dx, dy = end[0] - before[0], end[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    left = (end[0] - 9 * ux + 4 * uy, end[1] - 9 * uy - 4 * ux)
    right = (end[0] - 9 * ux - 4 * uy, end[1] - 9 * uy + 4 * ux)
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in (end, left, right))
    return f'<polygon class="head" points="{corners}"/>'


def _text(text: str, box: Box, kind: str, middle: bool = False) -> str:
    lines = _wrapped(text, max(box.width, 60))
    x, y = box.middle[0], box.y + 11
    if middle:
        y = box.middle[1] + 4 - (len(lines) - 1) * _LINE / 2
    spans = "".join(f'<tspan x="{x:g}" y="{y + n * _LINE:g}">{escape(line)}</tspan>' for n, line in enumerate(lines))
    return f'<text class="{kind}">{spans}</text>' if spans else ""


def _wrapped(text: str, width: float) -> list[str]:
    """The text in lines of at most this width, judged by letters: a Chinese one is as wide as two Latin ones."""
    lines, line, used = [], "", 0.0
    for letter in " ".join(text.split()):
        wide = 12.0 if letter > "\u2e80" else 6.8
        if used + wide > width and line:
            head, space, tail = line.rpartition(" ")
            whole = letter > "\u2e80" or letter == " " or not space
            lines.append(line if whole else head)
            line = "" if whole else tail
            used = sum(12.0 if each > "\u2e80" else 6.8 for each in line)
        line, used = line + letter, used + wide
    return [each.strip() for each in (*lines, line) if each.strip()]


def _view(shapes: list[_Shape], edges: list[_Edge]) -> str:
    corners = [(box.x, box.y) for _, box, _, _ in shapes]
    corners += [(box.x + box.width, box.y + box.height) for _, box, _, _ in shapes]
    corners += [point for _, points, _ in edges for point in points]
    left, top = (min(each[n] for each in corners) - _MARGIN for n in (0, 1))
    right, bottom = (max(each[n] for each in corners) + _MARGIN for n in (0, 1))
    width, height = right - left, bottom - top
    return f'viewBox="{left:g} {top:g} {width:g} {height:g}" width="{width * _SCALE:g}" height="{height * _SCALE:g}"'


def _group(meant: Element, kind: str, drawn: str) -> str:
    name = str(meant.get("name") or "")
    titled = "<title>" + escape(f"{name} {meant.get('id')}".strip()) + "</title>"
    return f'<g class="{kind}" data-id="{escape(str(meant.get("id")))}">{titled}{drawn}</g>'


def _rect(box: Box, round_: int, kind: str) -> str:
    size = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    return f'<rect class="{kind}" {size} rx="{round_}"/>'


def _definition(meant: Element) -> str:
    """The kind of an event: the tag of its definition without the ending."""
    ending = "EventDefinition"
    return next((_tag(each)[: -len(ending)] for each in meant if _tag(each).endswith(ending)), "")


def _not_interrupting(meant: Element) -> bool:
    return "false" in (meant.get("cancelActivity"), meant.get("isInterrupting"))


def _label_box(drawn: Element) -> Box | None:
    bounds = drawn.find(f"{{{DI}}}BPMNLabel/{_DC}Bounds")
    return None if bounds is None else _box(bounds)


def _box(bounds: Element) -> Box | None:
    """The rectangle; None when one of its numbers cannot be read."""
    numbers = [_number(bounds, each) for each in ("x", "y", "width", "height")]
    readable = [each for each in numbers if each is not None]
    return Box(*readable) if len(readable) == len(numbers) else None


def _number(element: Element, name: str) -> float | None:
    try:
        found = float(element.get(name) or "")
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
