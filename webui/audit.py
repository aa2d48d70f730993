"""The chain of administration: who changed people, rights, lists and what is deployed. For administrators."""

from __future__ import annotations

from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.runtime.people.auditing import AuditRow
from engine.values import Value
from webui import exports
from webui.access import actor, area, engine
from webui.frame import group_names, person_name
from webui.readable import whole
from webui.shown import plain
from webui.words import gettext

pages = area("audit", "/audit")
_PAGE = 50


@pages.get("")
def show() -> str:
    """The newest rows first."""
    before = whole(request.args.get("before", "")) or 0
    rows = engine().audit.list(actor(), max(before, 0), _PAGE)
    following = rows[-1].seq if len(rows) == _PAGE else 0
    return render_template("audit/show.html", rows=rows, before=before, following=following)


@pages.get("/export")
def export() -> ResponseReturnValue:
    """The whole chain as an Excel file."""
    rows = exports.numbered(lambda last: engine().audit.list(actor(), last, exports.PAGE), lambda row: row.seq)
    headings = (gettext("Row"), gettext("At"), gettext("Who"), gettext("For"), gettext("Done"), gettext("About"),
                gettext("Details"))  # fmt: skip
    return exports.answer("administration", headings, map(_cells, rows))


def _cells(row: AuditRow) -> tuple[Value, ...]:
    who = gettext("command line") if row.actor == "-" else row.actor_name or row.actor or gettext("system")
    whose = person_name(row.on_behalf_of) if row.on_behalf_of else ""
    more = gettext("; ").join(f"{name}: {line}" for name, line in details(row))
    return Decimal(row.seq), row.at, who, whose, said(row), row.subject_name or row.subject, more


@pages.app_template_filter("audit_said")
def said(row: AuditRow) -> str:
    """What was done, in words; its kind where a kind has none."""
    told = {
        "person-created": gettext("added the person"),
        "person-activated": gettext("let the person in again"),
        "person-deactivated": gettext("shut the person out"),
        "name-set": gettext("changed the name"),
        "groups-set": gettext("set the groups"),
        "password-set": gettext("set the password"),
        "second-factor-set": gettext("set up the second factor"),
        "second-factor-removed": gettext("removed the second factor"),
        "second-factor-reset": gettext("reset the second factor"),
        "recovery-codes-renewed": gettext("made new recovery codes"),
        "recovery-code-used": gettext("signed in by a recovery code"),
        "sessions-ended": gettext("ended all sessions"),
        "token-created": gettext("made a token"),
        "token-removed": gettext("removed a token"),
        "substitution-added": gettext("let somebody stand in"),
        "substitution-ended": gettext("ended a substitution"),
        "push-address-added": gettext("added a push address"),
        "push-address-removed": gettext("took a push address away"),
        "job-retried": gettext("had a job tried again"),
        "calendar-exception-added": gettext("added a day to the calendar"),
        "calendar-exception-removed": gettext("removed a day from the calendar"),
        "reference-items-put": gettext("changed a reference list"),
        "deployed": gettext("deployed"),
        "deployment-removed": gettext("removed a deployment"),
        "migration": gettext("let running instances go on by another version"),
        "migration-undone": gettext("took a migration back"),
        "sealed": gettext("sealed the history"),
        "contents-removed": gettext("removed contents that were kept long enough"),
        "record-held": gettext("kept a record from removal"),
        "record-released": gettext("let a record be removed in time"),
    }
    return told.get(row.kind, row.kind)


@pages.app_template_filter("audit_details")
def details(row: AuditRow) -> list[tuple[str, str]]:
    """The data of a row, a name and a line each."""
    groups = {"groups", "before", "after"} if row.kind in {"person-created", "groups-set"} else set()
    found = []
    for name, value in row.data.items():
        line = group_names(map(str, value)) if name in groups and isinstance(value, list) else plain(value)
        found.append((name, line))
    return [(_label(name), line) for name, line in found if line]


def _label(name: str) -> str:
    known = {
        "name": gettext("name"),
        "groups": gettext("groups"),
        "before": gettext("before"),
        "after": gettext("after"),
        "by": gettext("by"),
        "expires": gettext("until"),
        "sessions_ended": gettext("sessions ended"),
        "deputy": gettext("covers"),
        "starts": gettext("from"),
        "ends": gettext("until"),
        "scope_kind": gettext("for what"),
        "scope_key": gettext("which one"),
        "changes": gettext("changes"),
        "note": gettext("note"),
        "reason": gettext("reason"),
        "from": gettext("from version"),
        "to": gettext("to version"),
        "instances": gettext("instances"),
        "migration": gettext("migration"),
        "day": gettext("day"),
        "periods": gettext("hours"),
        "items": gettext("items"),
        "label": gettext("what"),
    }
    return known.get(name, name)
