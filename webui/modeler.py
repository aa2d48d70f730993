"""The modelers: editing a diagram or table in the browser, drafts, checking and deploying what was edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.connectors.templates import offered
from engine.decisions import rules_at
from engine.definitions.findings import Finding, Level
from engine.errors import Conflict, DeploymentRefused, Forbidden, GendanError, NotFound
from engine.runtime.deployments.changes import Change
from engine.runtime.deployments.deployments import Report
from engine.views import Edited
from webui import errors, headers
from webui.access import actor, area, engine
from webui.practice import practice, surroundings
from webui.processes import may_deploy
from webui.words import finding_text, gettext, tell

pages = area("modeler", "/processes")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of an edited file told: findings in this file, those that stand elsewhere only because of it, and
    what deploying it would change."""

    here: tuple[Finding, ...]
    elsewhere: tuple[Finding, ...]
    changes: tuple[Change, ...]
    rows: Mapping[int, str]
    """Line of a decision file → the rule that stands there."""

    @property
    def redrawn(self) -> tuple[Change, ...]:
        """Processes that are deployed and become other ones."""
        return tuple(each for each in self.changes if each.what == "process" and each.kind == "changed")

    @property
    def other_changes(self) -> tuple[Change, ...]:
        """What else changes."""
        return tuple(each for each in self.changes if each not in self.redrawn)

    def place(self, item: Finding) -> str:
        """The id of what a finding is shown at: a rule of a table, else its element."""
        return self.rows.get(item.line, item.element_id)

    @property
    def refused(self) -> bool:
        """Whether something stands against deploying it."""
        return any(item.level is Level.ERROR for item in (*self.here, *self.elsewhere))


@pages.get("/<process_id>/edit")
def process(process_id: str) -> Response:
    """The file of a process in the modeler: one's draft of it, or what is deployed."""
    rows = engine().deployments.versions(process_id, actor())
    file = next((row for row in rows if row.latest), rows[0]).file
    return _editor(file, process_id if len(rows) > 1 else "")


@pages.get("/decisions/<decision_id>/edit")
def decision(decision_id: str) -> Response:
    """The file of a decision in the modeler."""
    for row in engine().deployments.decisions(actor()):
        if row.process_id == decision_id:
            return _editor(row.file)
    raise NotFound("There is no decision %(id)s.", id=decision_id)


@pages.get("/drafts")
def drafts() -> str:
    """One's drafts, and a blank one to begin."""
    deployed = practice()
    groups = tuple(deployed.surroundings.groups.values()) if deployed is not None else ()
    return render_template("modeler/drafts.html", drafts=engine().editing.drafts(actor()), groups=groups)


@pages.post("/drafts")
def begin() -> ResponseReturnValue:
    """Begin a new process or table."""
    form = request.form
    id_, name = form.get("id", "").strip(), form.get("name", "").strip()
    kind = "dmn" if form.get("kind") == "dmn" else "bpmn"
    file = engine().editing.begin(kind, id_, name, form.getlist("lanes"), actor())
    return redirect(url_for("modeler.draft", file=file), 303)


@pages.get("/drafts/<path:file>")
def draft(file: str) -> Response:
    """A draft in the modeler, also of a file that is not deployed yet."""
    return _editor(file)


@pages.get("/editing/source/<path:file>")
def source(file: str) -> ResponseReturnValue:
    """What is edited: one's draft, or what is deployed."""
    edited = engine().editing.open(file, actor())
    response = make_response(edited.content)
    response.headers["Content-Type"] = "application/xml"
    response.headers["Cache-Control"] = "private, no-store"
    if request.args.get("download"):
        response.headers.set("Content-Disposition", "attachment", filename=file.rpartition("/")[2])
    return response


@pages.get("/editing/templates")
def element_templates() -> Response:
    """The element templates, the practice's own with them, as Camunda Modeler reads them."""
    return jsonify(offered(surroundings().element_templates))


@pages.post("/editing/check/<path:file>")
def check(file: str) -> ResponseReturnValue:
    """Check an edited file together with all others."""
    content = _content()
    try:
        checked = _checked(file, content, engine().editing.check(file, content))
    except GendanError as error:
        return _refused(error)
    if _by_script():
        return _told(checked, _verdict(checked))
    return render_template("modeler/checked.html", file=file, checked=checked, said=_verdict(checked))


@pages.post("/editing/save/<path:file>")
def save(file: str) -> ResponseReturnValue:
    """Save an edited file as one's draft."""
    try:
        edited = engine().editing.save(file, _content(), request.form.get("begun", ""), actor())
    except GendanError as error:
        return _refused(error)
    said = gettext("Saved as your draft.")
    if _by_script():
        return _json({"said": said, "clash": _clash(edited)})
    flash(said, "good")
    return redirect(url_for("modeler.draft", file=file), 303)


@pages.post("/editing/deploy/<path:file>")
def deploy(file: str) -> ResponseReturnValue:
    """Deploy an edited file with a comment. Nothing is deployed while an error stands, nor over a newer deployment."""
    content, form = _content(), request.form
    begun = form.get("over") or form.get("begun", "")
    try:
        engine().editing.deploy(file, content, begun, form.get("note", "").strip(), actor())
    except DeploymentRefused as error:
        found = tuple(item for item in error.findings if isinstance(item, Finding))
        checked = _checked(file, content, Report(found, ()))
        if _by_script():
            return _told(checked, gettext("Not deployed: mend the errors first."), 422)
        return render_template("modeler/checked.html", file=file, checked=checked, said=_verdict(checked)), 422
    except Conflict as error:
        if not _by_script():
            raise
        return _json({"error": tell(error), "clash": _clash(_opened(file, content, begun))}, 409)
    except GendanError as error:
        return _refused(error)
    flash(gettext("Deployed: %(names)s.", names=file), "good")
    where = url_for("processes.show")
    return _json({"to": where}) if _by_script() else redirect(where, 303)


@pages.post("/editing/discard/<path:file>")
def discard(file: str) -> ResponseReturnValue:
    """Forget one's draft."""
    try:
        engine().editing.discard(file, actor())
    except NotFound:
        flash(gettext("There was no draft to discard."), "good")
    else:
        flash(gettext("The draft is discarded."), "good")
    return redirect(url_for("processes.show"), 303)


def _editor(file: str, compared: str = "") -> Response:
    """The page of a file; `compared` is a process of it that has versions to compare."""
    edited = engine().editing.open(file, actor())
    page = render_template(
        "modeler/editor.html",
        edited=edited,
        name=file.rpartition("/")[2],
        kind="dmn" if file.endswith(".dmn") else "bpmn",
        may_deploy=may_deploy(),
        clash=_clash(edited),
        compared=compared,
    )
    return headers.allow_style_attributes(make_response(page))


def _checked(file: str, content: bytes, report: Report) -> Checked:
    """What concerns this edit: findings in other files count when the deployed set has not got them."""
    known = {_same(item) for item in engine().deployments.validate(engine().deployments.files()).findings}
    elsewhere = (item for item in report.findings if item.file != file and _same(item) not in known)
    here = (item for item in report.findings if item.file == file)
    rows = rules_at(content) if file.endswith(".dmn") else {}
    return Checked(_worst_first(here), _worst_first(elsewhere), report.changes, rows)


def _worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda item: list(Level).index(item.level)))


def _same(item: Finding) -> tuple[str, str, str, str]:
    return item.rule, item.file, item.element_id, str(item)


def _verdict(checked: Checked) -> str:
    if checked.refused:
        return gettext("Checked: it cannot be deployed while errors stand.")
    return gettext("Checked: it can be deployed.")


def _told(checked: Checked, said: str, status: int = 200) -> ResponseReturnValue:
    findings = [
        {"element": checked.place(item), "level": str(item.level), "text": finding_text(item)} for item in checked.here
    ]
    listed = render_template("modeler/_checked.html", checked=checked)
    return _json({"said": said, "list": listed, "findings": findings, "refused": checked.refused}, status)


def _clash(edited: Edited) -> dict[str, str] | None:
    """Who deployed the file anew since this edit began."""
    if not edited.overtaken:
        return None
    held = edited.deployed
    if held is None:
        return {"text": gettext("The file is not deployed any more."), "digest": ""}
    error = Conflict(
        "%(by)s deployed %(file)s anew since you began, at %(at)s.", file=edited.file, by=held.by or "-", at=held.at
    )
    return {"text": f"{tell(error)} {held.note}".strip(), "digest": held.digest}


def _opened(file: str, content: bytes, begun: str) -> Edited:
    """The edit that was sent, beside what is deployed by now."""
    try:
        held = engine().editing.open(file, actor()).deployed
    except NotFound:
        held = None
    return Edited(file, content, begun, None, held)


def _content() -> bytes:
    file = request.files.get("file")
    return file.stream.read() if file is not None else b""


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _refused(error: GendanError) -> ResponseReturnValue:
    if not _by_script():
        raise error
    said = tell(error)
    if isinstance(error, Forbidden):
        said = f"{said} {gettext('Download the file and give it to somebody who may.')}"
    return _json({"error": said}, errors.status(error))


def _json(answer: dict[str, Any], status: int = 200) -> ResponseReturnValue:
    return jsonify(answer), status
