"""One instance step by step on its diagram; each step is a link, so that it works without JavaScript too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from flask import render_template, request, url_for

from engine.errors import NotFound
from engine.views import Replay, ReplayStep
from webui.access import actor, area, engine
from webui.practice import process_name

pages = area("replay", "/records")


@pages.get("/<key>/replay/<int:instance_id>")
def show(key: str, instance_id: int) -> str:
    """The page. `step` is the one that is shown; the first without."""
    found = engine().heat.replay(instance_id, actor())
    if found.business_key != key or not found.steps:
        raise NotFound("There is no instance %(id)d, or it is not yours to see.", id=instance_id)
    wanted = request.args.get("step", 1, type=int)
    at = found.steps[min(max(wanted, 1), len(found.steps)) - 1]
    return render_template(
        "replay/show.html",
        found=found,
        at=at,
        source=url_for("record.source", key=key, instance_id=instance_id, process_id=at.process_id),
        drawn_name=process_name(at.process_id),
        shown=json.dumps(_shown(found.steps, at)),
        steps=json.dumps(_frames(found, at.process_id)),
    )


def _shown(steps: Sequence[ReplayStep], at: ReplayStep) -> dict[str, object]:
    """What lies over the diagram at a step: what was passed, the ways taken, where tokens stand, what happens now."""
    passed: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    for step in steps[: at.number]:
        if step.process_id == at.process_id:
            flows.update(step.took)
            passed.update([step.row.element_id] if step.row.element_id else [])
    return {"elements": dict(passed), "flows": dict(flows), "marks": _marks(at, at.process_id)}


def _marks(step: ReplayStep, process_id: str) -> list[dict[str, str]]:
    standing = [
        {"element": element_id, "text": str(count), "class": "waits"}
        for (of, element_id), count in step.standing.items()
        if of == process_id
    ]
    if not step.row.element_id or step.process_id != process_id:
        return standing
    return [{"element": step.row.element_id, "class": "now"}, *standing]


def _frames(found: Replay, process_id: str) -> list[dict[str, object]]:
    """What each step adds on one diagram; a step on another diagram says so, and is a page of its own."""
    return [
        {
            "element": step.row.element_id if step.process_id == process_id else "",
            "flows": list(step.took) if step.process_id == process_id else [],
            "marks": _marks(step, process_id),
            "other": step.process_id != process_id,
        }
        for step in found.steps
    ]
