"""Versions of a process: what differs between two of them, and letting running instances go from one to another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.definitions.differences import Difference, Part
from engine.errors import GendanError
from engine.views import DefinitionRow, MigrationPlan
from webui.access import actor, area, engine
from webui.words import gettext, tell

pages = area("versions", "/processes")
_MAP = "map."
_BEFORE = frozenset({"removed", "changed"})
_AFTER = frozenset({"new", "changed"})


@pages.get("/<process_id>/compare")
def compare(process_id: str) -> str:
    """Two versions side by side, what differs listed beside; and what it means for the instances that run."""
    rows = engine().deployments.versions(process_id, actor())
    after = _chosen(rows, request.args.get("to", type=int)) or rows[0]
    before = _chosen(rows, request.args.get("from", type=int)) or _before(rows, after)
    found = engine().deployments.compare(process_id, before.version, after.version, actor())
    return render_template(
        "versions/compare.html",
        rows=rows,
        before=before,
        after=after,
        found=found,
        shown_before=_shown(found.elements, _BEFORE),
        shown_after=_shown(found.elements, _AFTER),
        may_migrate=may_migrate(),
        migrations=engine().migrations.list(process_id, actor()) if may_migrate() else (),
    )


@pages.get("/<process_id>/migrate")
def plan(process_id: str) -> str:
    """What of the running instances could go from one version to another, and why others could not."""
    return _plan_page(process_id, request.args)


@pages.post("/<process_id>/migrate")
def begin(process_id: str) -> ResponseReturnValue:
    """Let them go; or, with other names, look again."""
    given = request.form
    if "look" in given:
        names = {f"{_MAP}{key}": value for key, value in _names(given).items()}
        again: dict[str, Any] = {"from": given.get("from", ""), "to": given.get("to", ""), **names}
        return redirect(url_for("versions.plan", process_id=process_id, **again), 303)
    try:
        made = engine().migrations.begin(
            process_id,
            given.get("from", 0, type=int),
            given.get("to", 0, type=int),
            given.get("reason", ""),
            actor(),
            _names(given),
        )
    except GendanError as error:
        return _plan_page(process_id, given, tell(error)), 422
    return redirect(url_for("versions.migration", process_id=process_id, migration_id=made), 303)


@pages.get("/<process_id>/migrations/<int:migration_id>")
def migration(process_id: str, migration_id: int) -> str:
    """How far a migration is, which instances did not go, and taking it back; the progress alone for the page."""
    row = engine().migrations.get(migration_id, actor())
    page = "versions/_progress.html" if request.headers.get("HX-Request") else "versions/migration.html"
    return render_template(page, row=row, process_id=process_id, why=why, row_name=_name(process_id))


@pages.post("/<process_id>/migrations/<int:migration_id>/undo")
def undo(process_id: str, migration_id: int) -> ResponseReturnValue:
    """Take it back."""
    engine().migrations.undo(migration_id, request.form.get("reason", ""), actor())
    flash(gettext("What has not moved since becomes again what it was."), "info")
    return redirect(url_for("versions.migration", process_id=process_id, migration_id=migration_id), 303)


def may_migrate() -> bool:
    """Whether the asking person may let instances go to another version."""
    return "migrate" in engine().people.rights(actor())


def why(code: str) -> str:
    """Why what waits at an element, or an instance, stays."""
    words = {
        "gone": gettext("The other version has no such element."),
        "kind": gettext("The element is of another kind there."),
        "scope": gettext("The element stands in another subprocess there."),
        "loop": gettext("The element is repeated otherwise there."),
        "join": gettext("A token came by a flow that is gone there."),
        "compensation": gettext("What would undo it is gone there."),
        "topic": gettext("The outside step that has begun has another topic there."),
        "called": gettext("It calls another process there."),
        "events": gettext("Of several events some have happened, and they are others there."),
        "held": gettext("It is on hold."),
        "ended": gettext("It has ended."),
        "version": gettext("It runs another version already."),
        "moved": gettext("It has moved since."),
    }
    return words.get(code, "")


@pages.app_template_filter("part_said")
def said(part: Part) -> str:
    """What an attribute of an element is called, `assignment.due` and the like in words."""
    words = {
        "name": gettext("name"),
        "documentation": gettext("documentation"),
        "condition": gettext("condition"),
        "kind": gettext("kind"),
        "scope": gettext("subprocess"),
        "source": gettext("from"),
        "target": gettext("to"),
        "lane": gettext("lane"),
        "topic": gettext("topic"),
        "script": gettext("script"),
        "default_flow": gettext("default flow"),
        "assignment.assignee": gettext("assignee"),
        "assignment.candidate_users": gettext("offered to people"),
        "assignment.candidate_groups": gettext("offered to groups"),
        "assignment.due": gettext("due"),
        "assignment.follow_up": gettext("reminder"),
        "assignment.priority": gettext("priority"),
        "decision.ref": gettext("decision"),
        "call.element": gettext("called process"),
        "message_name": gettext("message"),
    }
    head, _, rest = part.path.partition(".")
    heads = {
        "form": gettext("form"),
        "properties": gettext("property"),
        "inputs": gettext("input"),
        "outputs": gettext("output"),
        "events": gettext("event"),
        "loop": gettext("repetition"),
        "call": gettext("call"),
    }
    return words.get(part.path) or (f"{heads[head]} {rest}".strip() if head in heads else part.path)


def _plan_page(process_id: str, given: Mapping[str, str], problem: str = "") -> str:
    rows = engine().deployments.versions(process_id, actor())
    after = _chosen(rows, _number(given.get("to"))) or rows[0]
    before = _chosen(rows, _number(given.get("from"))) or _before(rows, after)
    found: MigrationPlan | None = None
    try:
        found = engine().migrations.plan(process_id, before.version, after.version, actor(), _names(given))
    except GendanError as error:
        if not may_migrate():
            raise
        problem = problem or tell(error)
    stuck = [each for each in found.places if each.code and each.process_id == process_id] if found else []
    marks = [
        {"element": each.element_id, "class": "error", "text": str(each.instances), "tone": "bad"} for each in stuck
    ]
    ready = [each for each in found.places if not each.code and each.process_id == process_id] if found else []
    marks += [{"element": each.element_id, "class": "waits", "text": str(each.instances)} for each in ready]
    return render_template(
        "versions/plan.html",
        rows=rows,
        before=before,
        after=after,
        plan=found,
        problem=problem,
        names=_names(given),
        reason=given.get("reason", ""),
        shown=json.dumps({"marks": marks}),
        why=why,
    )


def _names(given: Mapping[str, str]) -> dict[str, str]:
    """What elements are called now: fields `map.<old id>`."""
    return {key.removeprefix(_MAP): value for key, value in given.items() if key.startswith(_MAP) and value}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _chosen(rows: Iterable[DefinitionRow], version: int | None) -> DefinitionRow | None:
    return next((row for row in rows if row.version == version), None)


def _before(rows: tuple[DefinitionRow, ...], after: DefinitionRow) -> DefinitionRow:
    """The version before this one; itself when it is the first."""
    return next((row for row in rows if row.version < after.version), after)


def _name(process_id: str) -> str:
    return engine().deployments.versions(process_id, actor())[0].name


def _shown(elements: Iterable[Difference], kinds: frozenset[str]) -> str:
    """What is marked on the diagram of one of the versions."""
    titles = {"new": gettext("new"), "removed": gettext("removed"), "changed": gettext("changed")}
    marks = [
        {"element": each.id, "class": f"is-{each.kind}", "title": titles[each.kind]}
        for each in elements
        if each.kind in kinds
    ]
    return json.dumps({"marks": marks})
