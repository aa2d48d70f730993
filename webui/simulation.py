"""Simulating dropped files before they are deployed: scenarios that fail now, past instances that would have parted."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.definitions.practice import is_scenario_file
from engine.errors import GendanError
from engine.scenarios.regressions import Proof, proofs
from engine.scenarios.run import chosen_scenarios
from engine.scenarios.source import ScenarioFilesInvalid
from engine.views.simulation import ProcessSimulation
from webui.access import actor, area, engine
from webui.words import gettext, tell

pages = area("simulation", "/processes")
_SECONDS = 15
"""So long somebody waits for each of the two parts; what was not looked at by then is told."""


@dataclass(frozen=True, slots=True)
class Proved:
    """Scenarios that were run: how many of how many, and those that failed."""

    run: int
    all: int
    failed: tuple[Proof, ...]


@pages.post("/simulate")
def simulate() -> ResponseReturnValue:
    """What the dropped files would change. Nothing is deployed."""
    dropped = {file.filename: file.stream.read() for file in request.files.getlist("file") if file.filename}
    if not dropped:
        raise BadRequest
    deployed = engine().deployments.files()
    files = engine().deployments.with_replaced(dropped)
    try:
        found = engine().simulations.histories(files, actor(), seconds=_SECONDS)
    except GendanError as error:
        if error.code == "forbidden":
            raise
        return render_template("simulation/show.html", problem=tell(error), names=list(dropped)), 422
    return render_template(
        "simulation/show.html",
        names=list(dropped),
        found=found,
        proved=_proved(files, deployed),
        diagrams=[(each, content, _shown(each)) for each in found if (content := _drawn(each, files))],
        why=why,
    )


def why(code: str) -> str:
    """Why instances could not be replayed."""
    words = {
        "removed": gettext("Their contents were removed."),
        "migrated": gettext("They were migrated on the way."),
        "modified": gettext("Their tokens were moved, or a failed step was tried again, by hand."),
        "held": gettext("They were on hold on the way."),
        "answer": gettext("What a step was answered is not kept."),
        "stuck": gettext("A step fails."),
        "differs": gettext("By their own version the history does not come about again."),
        "start": gettext("They began otherwise."),
    }
    return words.get(code, code)


def _proved(files: Mapping[str, bytes], deployed: Mapping[str, bytes]) -> Proved | None:
    """The scenarios of the set, as many as can be run meanwhile; None when there are none or they cannot be read."""
    scenarios = {name: content for name, content in files.items() if is_scenario_file(name)}
    with tempfile.TemporaryDirectory(prefix="gendan-") as directory:
        for name, content in scenarios.items():
            path = Path(directory) / Path(name).name
            path.write_bytes(content)
        try:
            library, stories = chosen_scenarios([Path(directory)]) if scenarios else (None, ())
        except ScenarioFilesInvalid:
            return None
    if library is None or not stories:
        return None
    run = list(_in_time(proofs(_run(files), _run(deployed), library, stories)))
    return Proved(len(run), len(stories), tuple(each for each in run if not each.result.held))


def _in_time(running: Iterator[Proof]) -> Iterator[Proof]:
    until = monotonic() + _SECONDS
    for proof in running:
        yield proof
        if monotonic() > until:
            return


def _run(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not is_scenario_file(name)}


def _drawn(found: ProcessSimulation, files: Mapping[str, bytes]) -> str:
    """The diagram on which a departure is marked."""
    if not found.departures:
        return ""
    wanted = f'id="{found.departures[0].process_id}"'
    texts = (content.decode("utf-8", "replace") for name, content in files.items() if name.endswith(".bpmn"))
    return next((text for text in texts if wanted in text), "")


def _shown(found: ProcessSimulation) -> str:
    marks = [
        {"element": each.element_id, "class": "warning", "text": str(each.instances), "tone": "warn"}
        for each in found.departures
    ]
    return json.dumps({"marks": marks})
