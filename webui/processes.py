"""Definitions: what is deployed, what runs on it, what is wrong with it; deploying a file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.definitions.findings import Finding, Level
from engine.definitions.practice import is_scenario_file
from engine.definitions.practice.element_templates import placed
from engine.errors import DeploymentRefused, NotFound
from engine.scenarios.proof.heads import heads_of
from engine.scenarios.proof.policy import PolicyMap, policy_map
from engine.scenarios.proof.practice import read_proved
from engine.views import DefinitionRow
from webui.access import actor, area, engine
from webui.practice import practice
from webui.record import marks
from webui.words import gettext

pages = area("processes", "/processes")

_MOST_KEPT = 4
_policies: dict[frozenset[tuple[str, str]], PolicyMap] = {}
"""The maps of the last practices, by their files and digests."""


@pages.get("")
def show() -> str:
    """The latest version of every definition."""
    rows = engine().deployments.list(actor())
    return render_template(
        "processes/show.html",
        rows=[row for row in rows if row.latest],
        decisions=engine().deployments.decisions(actor()),
        incidents=len(engine().incidents.list(actor())),
        may_deploy=may_deploy(),
    )


@pages.get("/clauses")
def clauses() -> str:
    """The policy: what carries out each clause and what proves it; `lacking` shows those alone that lack something."""
    found = _policy()
    lacking = "lacking" in request.args
    shown = {each.clause.id for each in (found.lacking if lacking else found.clauses)}
    deployed = practice()
    names = {each.id: each.name for each in deployed.processes.values()} if deployed is not None else {}
    return render_template("processes/clauses.html", policy=found, lacking=lacking, shown=shown, names=names)


@pages.get("/<process_id>")
def one(process_id: str) -> str:
    """One definition: its diagram with what waits where, versions, findings, what it calls and who calls it."""
    versions = engine().deployments.versions(process_id, actor())
    if not versions:
        raise NotFound("There is no process %(process)s.", process=process_id)
    wanted = request.args.get("version", "")
    chosen = next((row for row in versions if str(row.version) == wanted), versions[0])
    about = engine().deployments.about(process_id, actor(), chosen.version)
    found = [item for item in about.findings if item.file == chosen.file]
    return render_template(
        "processes/one.html",
        row=chosen,
        versions=versions,
        about=about,
        findings=found,
        by_level=Counter(str(item.level) for item in found),
        shown=json.dumps({"marks": [*_finding_marks(found), *marks(about.tokens)]}),
        incidents=[item for item in engine().incidents.list(actor()) if item.process_id == process_id],
        may_deploy=may_deploy(),
        may_heat=engine().heat.may(actor()),
    )


@pages.get("/<process_id>/source")
def source(process_id: str) -> ResponseReturnValue:
    """The file, to draw it or (with `download`) to open it in a modeler."""
    row = _version(process_id, request.args.get("version", type=int))
    response = make_response(engine().deployments.source(process_id, row.version, actor()))
    response.headers["Content-Type"] = "application/xml"
    if request.args.get("download"):
        response.headers.set("Content-Disposition", "attachment", filename=row.file.rpartition("/")[2])
    return response


@pages.get("/<process_id>/elements/<element_id>")
def element(process_id: str, element_id: str) -> str:
    """What an element of a diagram is: its documentation and what waits there, as a fragment."""
    about = engine().deployments.about(process_id, actor(), None)
    return render_template("processes/_element.html", element=about.elements.get(element_id), id=element_id)


@pages.post("/deploy")
def deploy() -> ResponseReturnValue:
    """Deploy files that were dropped: each replaces the one of its name. Nothing is deployed while an error stands."""
    files = {placed(file.filename): file.stream.read() for file in request.files.getlist("file") if file.filename}
    if not files:
        raise BadRequest
    try:
        done = engine().deployments.replace(files, actor(), request.form.get("note", "").strip())
    except DeploymentRefused as error:
        return _report(files, [item for item in error.findings if isinstance(item, Finding)]), 422
    flash(gettext("Deployed: %(names)s.", names=", ".join(files)), "good")
    if done.findings:
        return _report(files, list(done.findings))
    return redirect(url_for("processes.show"), 303)


def may_deploy() -> bool:
    """Whether the asking person may deploy."""
    return "deploy" in engine().people.rights(actor())


def _report(files: dict[str, bytes], findings: list[Finding]) -> str:
    """Every finding, those of a dropped diagram marked on it."""
    drawn = [(name, content) for name, content in files.items() if name.endswith(".bpmn")]
    diagrams = [
        (name, content.decode("utf-8", "replace"), json.dumps({"marks": list(_finding_marks(_of(name, findings)))}))
        for name, content in drawn
    ]
    refused = any(item.level is Level.ERROR for item in findings)
    on_page = {item.file for name, _content in drawn for item in _of(name, findings)}
    return render_template(
        "processes/report.html", findings=findings, diagrams=diagrams, drawn=on_page, refused=refused
    )


def _of(name: str, findings: Iterable[Finding]) -> list[Finding]:
    return [item for item in findings if item.file.rpartition("/")[2] == name.rpartition("/")[2]]


def _finding_marks(findings: Iterable[Finding]) -> Iterable[dict[str, str]]:
    for item in findings:
        if item.element_id and item.level is not Level.NOTE:
            yield {"element": item.element_id, "class": str(item.level), "title": item.rule}


def _policy() -> PolicyMap:
    """The policy of the practice deployed last, read once for each practice."""
    deployed = practice()
    key = frozenset(deployed.files.items()) if deployed is not None else frozenset()
    if key not in _policies:
        if len(_policies) >= _MOST_KEPT:
            _policies.clear()
        files = engine().deployments.files()
        _policies[key] = policy_map(read_proved(files), heads_of(_scenarios(files)))
    return _policies[key]


def _scenarios(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if is_scenario_file(name)}


def _version(process_id: str, version: int | None) -> DefinitionRow:
    for row in engine().deployments.versions(process_id, actor()):
        if version in (None, row.version):
            return row
    raise NotFound("There is no process %(process)s.", process=process_id)
