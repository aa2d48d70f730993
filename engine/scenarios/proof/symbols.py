"""The signs of BPMN as SVG paths: events, gateways, kinds of tasks."""

from __future__ import annotations

from collections.abc import Mapping

_THROWN = ("endEvent", "intermediateThrowEvent")

# Within a square of -7 … 7 around the middle.
_EVENT_PATHS: Mapping[str, str] = {
    "message": "M-7 -5h14v10h-14zM-7 -5l7 6 7 -6",
    "timer": "M0 -8a8 8 0 1 0 .01 0zM0 -5v5l4 2",
    "escalation": "M0 -7l5 13 -5 -5 -5 5z",
    "conditional": "M-5 -7h10v14h-10zM-3 -4h6M-3 0h6M-3 4h6",
    "signal": "M0 -7l7 12h-14z",
    "error": "M-6 6l3 -11 5 6 4 -8 -3 12 -5 -6z",
    "compensate": "M0 -6v12l-7 -6zM7 -6v12l-7 -6z",
    "cancel": "M-6 -6l12 12M6 -6l-12 12",
    "link": "M-7 -3h7v-4l7 7 -7 7v-4h-7z",
    "terminate": "M0 -7a7 7 0 1 0 .01 0z",
}
_GATEWAY_PATHS: Mapping[str, str] = {
    "exclusiveGateway": "M-7 -7l14 14M7 -7l-14 14",
    "parallelGateway": "M0 -9v18M-9 0h18",
    "inclusiveGateway": "M0 -8a8 8 0 1 0 .01 0z",
    "eventBasedGateway": "M0 -10a10 10 0 1 0 .01 0zM0 -6l6 4.5 -2.3 7h-7.4l-2.3 -7z",
    "complexGateway": "M0 -9v18M-9 0h18M-6 -6l12 12M6 -6l-12 12",
}
# From the upper left corner.
_TASK_PATHS: Mapping[str, str] = {
    "userTask": "M7 1a3 3 0 1 0 .01 0zM1 14c0 -8 12 -8 12 0z",
    "manualTask": "M1 8h8M1 11h8M1 5h10M1 5v8h9",
    "serviceTask": "M7 3a4 4 0 1 0 .01 0zM7 0v3M7 11v3M0 7h3M11 7h3M2 2l2 2M10 10l2 2M12 2l-2 2M2 12l2 -2",
    "scriptTask": "M3 1h9c-4 4 4 8 0 12h-9c4 -4 -4 -8 0 -12zM5 5h5M5 9h5",
    "businessRuleTask": "M1 2h13v10h-13zM1 5h13M5 5v7M1 8.5h13",
    "sendTask": "M1 2h13v9h-13zM1 2l6.5 5 6.5 -5",
    "receiveTask": "M1 2h13v9h-13zM1 2l6.5 5 6.5 -5",
}


def event_symbol(tag: str, definition: str, soft: bool, x: float, y: float, radius: float) -> str:
    """A circle with its sign: thick for an end, double between, dashed when it does not interrupt."""
    kind = {"startEvent": "", "endEvent": " end"}.get(tag, " between") + (" soft" if soft else "")
    drawn = f'<circle class="outline{kind}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'
    if "between" in kind:
        drawn += f'<circle class="inner{kind}" cx="{x:g}" cy="{y:g}" r="{radius - 3:g}"/>'
    full = tag in _THROWN and definition != "message"
    return drawn + _path(_EVENT_PATHS.get(definition, ""), x, y, "full" if full else "")


def gateway_symbol(tag: str, x: float, y: float, radius: float) -> str:
    """A diamond with its sign."""
    corners = f"{x:g},{y - radius:g} {x + radius:g},{y:g} {x:g},{y + radius:g} {x - radius:g},{y:g}"
    return f'<polygon class="outline" points="{corners}"/>' + _path(_GATEWAY_PATHS.get(tag, ""), x, y, "thick")


def task_symbol(tag: str, x: float, y: float) -> str:
    """What kind of task it is; nothing for a plain one."""
    return _path(_TASK_PATHS.get(tag, ""), x, y, "")


def _path(path: str, x: float, y: float, kind: str) -> str:
    if not path:
        return ""
    return f'<path class="{f"symbol {kind}".strip()}" transform="translate({x:g} {y:g})" d="{path}"/>'
