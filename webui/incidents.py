"""What is stuck: where, why, since when; try again, with other data where needed, or move its tokens.

Whatever changes more than a mere try asks for a reason and is shown once more before it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import GendanError, Invalid
from engine.values import Value
from engine.views import IncidentRow, Repair
from webui import exports
from webui.access import actor, area, engine
from webui.words import gettext, localise, tell

pages = area("incidents", "/incidents")
_MOST_PUSHES = 20
_PAGE = 50
_VALUE = "value."


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants to do about an incident: try again with `corrections` (name → expression, value), or move
    tokens away from elements and before others; and why."""

    what: str
    corrections: dict[str, tuple[str, Value]]
    cancel: tuple[str, ...]
    start_before: tuple[str, ...]
    reason: str


@pages.get("")
def show() -> str:
    """The list; who administers sees pushes that failed for good, too."""
    administers = "administer" in engine().people.rights(actor())
    failed = engine().jobs.list(actor(), "failed", "push", limit=_MOST_PUSHES) if administers else ()
    found = engine().incidents.list(actor(), max(request.args.get("after", 0, type=int), 0), _PAGE)
    following = found[-1].id if len(found) == _PAGE else 0
    return render_template(
        "incidents/show.html", found=found, following=following, failed=failed, administers=administers
    )


@pages.get("/export")
def export() -> ResponseReturnValue:
    """All of them as an Excel file."""
    rows = exports.numbered(lambda last: engine().incidents.list(actor(), last, exports.PAGE), lambda row: row.id)
    headings = (gettext("Since"), gettext("Number"), gettext("Title"), gettext("Process"), gettext("Step"),
                gettext("Reason"), gettext("Code"), gettext("Tries"))  # fmt: skip
    return exports.answer("incidents", headings, map(_cells, rows))


@pages.get("/<int:incident_id>")
def one(incident_id: int) -> str:
    """What can be done about one."""
    return _page(engine().incidents.get(incident_id, actor()))


@pages.post("/<int:incident_id>/retry")
def retry(incident_id: int) -> ResponseReturnValue:
    """Try again, with nothing changed."""
    engine().incidents.retry(incident_id, actor())
    return _tried()


@pages.post("/<int:incident_id>/repair")
def repair(incident_id: int) -> ResponseReturnValue:
    """Show once more what would be done; do it when that is confirmed."""
    found = engine().incidents.get(incident_id, actor())
    try:
        plan = _plan()
    except GendanError as error:
        return _page(found, tell(error)), 422
    if request.form.get("sure") != "yes":
        return render_template("incidents/check.html", repair=found, plan=plan)
    if plan.what == "retry":
        values = {name: value for name, (_, value) in plan.corrections.items()}
        engine().incidents.retry(incident_id, actor(), values, plan.reason)
        return _tried()
    instance_id = found.incident.instance_id
    engine().instances.modify(instance_id, plan.cancel, plan.start_before, plan.reason, actor())
    flash(gettext("The tokens of %(key)s are moved.", key=found.incident.business_key), "good")
    return redirect(url_for("incidents.show"), 303)


def _plan() -> Plan:
    """Read it. Raises Invalid, or what is wrong with an expression."""
    form, what = request.form, request.form.get("what", "")
    texts = {name.removeprefix(_VALUE): text for name, text in form.items() if name.startswith(_VALUE)}
    if form.get("new_name", "").strip():
        texts[form["new_name"].strip()] = form.get("new_value", "")
    corrections = {name: (text.strip(), engine().value(text.strip())) for name, text in texts.items() if text.strip()}
    cancel, before = tuple(form.getlist("cancel")), tuple(each for each in form.getlist("start_before") if each)
    if what == "modify" and not cancel and not before:
        raise Invalid("Choose where tokens are taken away, or where one is put.")
    if what == "retry" and not corrections:
        raise Invalid("Give at least one value. To try again with nothing changed, use the button for it.")
    if what not in ("modify", "retry"):
        raise Invalid("It is unknown what to do. Open the incident again and use its buttons.")
    reason = form.get("reason", "").strip()
    if not reason:
        raise Invalid("Give a reason: it is kept in the history.")
    return Plan(what, corrections, cancel, before, reason)


def _page(found: Repair, problem: str = "") -> str:
    return render_template("incidents/one.html", repair=found, problem=problem, given=request.form)


def _tried() -> ResponseReturnValue:
    flash(gettext("Tried again. If it is stuck still, it stands here with its new reason."), "info")
    return redirect(url_for("incidents.show"), 303)


def _cells(row: IncidentRow) -> tuple[Value, ...]:
    return (row.at, row.business_key, localise(row.title), localise(row.process_name),
            localise(row.element_name or row.element_id), row.text, row.code, Decimal(row.tries))  # fmt: skip
