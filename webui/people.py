"""People: who there is, in which groups, who is away and who covers; one's own page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.errors import Conflict, Invalid, NotFound
from webui import exports
from webui.access import actor, area, engine, person
from webui.frame import group_names
from webui.task import read_moment
from webui.words import gettext, tell

pages = area("people", "/people")


@pages.get("")
def show() -> str:
    """Everybody, the groups, and all substitutions."""
    return render_template(
        "people/show.html",
        people=engine().people.list(),
        groups=engine().people.groups(),
        substitutions=engine().people.substitutions(actor()),
        may_administer=may_administer(),
    )


@pages.get("/export")
def export() -> ResponseReturnValue:
    """Everybody as an Excel file."""
    headings = (gettext("Name"), gettext("User name"), gettext("Groups"), gettext("Active"))
    rows = ((one.name, one.id, group_names(one.groups), one.active) for one in engine().people.list())
    return exports.answer("people", headings, rows)


@pages.get("/me")
def me() -> str:
    """One's own page: groups, who covers, language; how one signs in stands on its own page."""
    mine = [
        found for found in engine().people.substitutions(actor()) if actor().user_id in (found.principal, found.deputy)
    ]
    addresses = engine().push_addresses.list(actor().user_id, actor())
    return render_template(
        "people/me.html",
        people=engine().people.list(),
        substitutions=mine,
        addresses=addresses,
        push_kinds=engine().push_addresses.kinds,
    )


@pages.post("")
def create() -> ResponseReturnValue:
    """Add a person."""
    form = request.form
    user_id = form.get("id", "").strip()
    engine().people.create(
        user_id, form.get("name", "").strip(), form.get("password", ""), form.getlist("group"), actor()
    )
    return _done(gettext("%(name)s is added.", name=form.get("name", "")))


@pages.get("/<user_id>")
def one(user_id: str) -> str:
    """One person, to change groups or password."""
    found = engine().people.get(user_id)
    if not may_administer():
        raise NotFound("There is no such page for you.")
    return render_template(
        "people/one.html",
        person=found,
        groups=engine().people.groups(),
        factor=engine().second_factor.of(actor(), user_id),
        sessions=engine().sessions.list(actor(), user_id),
        addresses=engine().push_addresses.list(user_id, actor()),
        push_kinds=engine().push_addresses.kinds,
    )


@pages.post("/<user_id>/groups")
def groups(user_id: str) -> ResponseReturnValue:
    """Say which groups somebody belongs to."""
    engine().people.set_groups(user_id, request.form.getlist("group"), actor())
    return _done(gettext("The groups of %(name)s are set.", name=engine().people.get(user_id).name))


@pages.post("/<user_id>/password")
def reset(user_id: str) -> ResponseReturnValue:
    """Give somebody a new password."""
    engine().people.set_password(user_id, request.form.get("new", ""), actor())
    name = engine().people.get(user_id).name
    return _done(gettext("The password of %(name)s is set; it must be changed at the next sign-in.", name=name))


@pages.post("/<user_id>/second-factor/reset")
def reset_factor(user_id: str) -> ResponseReturnValue:
    """Somebody has lost the phone: take the second factor away."""
    engine().second_factor.reset(user_id, actor())
    return _done(gettext("The second factor of %(name)s is reset.", name=engine().people.get(user_id).name))


@pages.post("/<user_id>/sessions/end")
def end_sessions(user_id: str) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    engine().sessions.end_all(user_id, actor())
    return _done(gettext("%(name)s is signed out everywhere.", name=engine().people.get(user_id).name))


@pages.post("/<user_id>/addresses")
def add_address(user_id: str) -> ResponseReturnValue:
    """Push somebody's notifications to an address, too."""
    try:
        made = engine().push_addresses.add(user_id, request.form.get("address", ""), actor())
    except (Invalid, Conflict) as error:
        flash(tell(error), "warn")
    else:
        flash(gettext("Notifications are pushed to %(address)s from now on.", address=made.shown), "good")
    return _back(user_id)


@pages.post("/addresses/<int:address_id>/remove")
def remove_address(address_id: int) -> ResponseReturnValue:
    """Push nothing to an address any more."""
    removed = engine().push_addresses.remove(address_id, actor())
    flash(gettext("Nothing is pushed to %(address)s any more.", address=removed.shown), "good")
    return _back(removed.user_id)


@pages.post("/<user_id>/deactivate")
def deactivate(user_id: str) -> ResponseReturnValue:
    """Let somebody no longer sign in."""
    if request.form.get("sure") != "yes":
        raise BadRequest
    engine().people.deactivate(user_id, actor())
    return _done(gettext("%(name)s can no longer sign in.", name=engine().people.get(user_id).name))


@pages.post("/substitutions")
def substitute() -> ResponseReturnValue:
    """Say who covers for whom, from when until when."""
    form = request.form
    starts = read_moment(form.get("starts", ""))
    engine().people.add_substitution(
        form.get("principal") or person().id,
        form.get("deputy", ""),
        starts,
        read_moment(form.get("ends", "")),
        actor(),
        scope_kind=form.get("scope_kind", "all"),
        scope_key=form.get("scope_key", "").strip(),
    )
    return _done(gettext("%(name)s covers from then on.", name=engine().people.get(form.get("deputy", "")).name))


@pages.post("/substitutions/<int:substitution_id>/end")
def end_substitution(substitution_id: int) -> ResponseReturnValue:
    """End a substitution now."""
    engine().people.end_substitution(substitution_id, actor())
    return _done(gettext("The substitution has ended."))


def may_administer() -> bool:
    """Whether the asking person may change people."""
    return "administer" in engine().people.rights(actor())


def _back(user_id: str) -> ResponseReturnValue:
    """To the page of the person: one's own, or that of the administrator."""
    own = request.form.get("back") == "me"
    return redirect(url_for("people.me") if own else url_for("people.one", user_id=user_id), 303)


def _done(words: str) -> ResponseReturnValue:
    flash(words, "good")
    back = "people.me" if request.form.get("back") == "me" else "people.show"
    return redirect(url_for(back), 303)
