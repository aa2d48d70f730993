"""The door: signing in and out, the language, and posts that came after the session had ended."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh as reread_language
from flask_login import current_user, logout_user
from werkzeug.exceptions import BadRequest

from engine.errors import GendanError, NotFound
from engine.signed_in import Must, Opened
from webui import access
from webui.access import actor, csrf, engine, limiter, signed_for
from webui.words import LANGUAGES, gettext, tell

pages = Blueprint("signin", __name__)
REFUSED = 422
_KEPT = "kept:"
_HALFWAY = "halfway"
"""Under this name the cookie carries the secret of a session that awaits its code."""


@pages.get("/signin")
def show() -> ResponseReturnValue:
    """The form."""
    if current_user.is_authenticated:
        return redirect(url_for("inbox.show"), 303)
    return _form(next_page=request.args.get("next", ""))


@pages.post("/signin")
@limiter.limit("20 per minute", deduct_when=lambda response: response.status_code == REFUSED)
def enter() -> ResponseReturnValue:
    """Sign in; with a second factor the code comes next."""
    csrf.protect()
    user = request.form.get("user", "").strip()
    try:
        opened = engine().sessions.sign_in(user, request.form.get("password", ""), access.visitor())
    except GendanError as error:
        return _form(request.form.get("next", ""), user, _kept(), tell(error)), REFUSED
    if opened.awaits_code:
        session[_HALFWAY] = opened.secret
        return _code_form()
    return entered(opened, request.form.get("next", ""), _kept())


@pages.get("/signin/code")
def ask_code() -> ResponseReturnValue:
    """The form for the code, when one comes back to it; what was kept is with the answer of the door alone."""
    if _HALFWAY not in session:
        return redirect(url_for("signin.show"), 303)
    return _code_form()


@pages.post("/signin/code")
@limiter.limit("20 per minute", deduct_when=lambda response: response.status_code == REFUSED)
def pass_code() -> ResponseReturnValue:
    """The code of the authenticator, or a recovery code."""
    csrf.protect()
    try:
        opened = engine().sessions.pass_code(session.get(_HALFWAY, ""), request.form.get("code", ""), access.visitor())
    except NotFound as error:
        session.pop(_HALFWAY, None)
        return _form(request.form.get("next", ""), kept=_kept(), wrong=tell(error)), REFUSED
    except GendanError as error:
        return _code_form(tell(error)), REFUSED
    return entered(opened, request.form.get("next", ""), _kept())


@pages.post("/signout")
def leave() -> ResponseReturnValue:
    """Sign out."""
    csrf.protect()
    by_provider = False
    if current_user.is_authenticated:
        by_provider = access.signed_in().session.by_provider
        engine().sessions.leave(access.signed_in().id)
        logout_user()
    session.clear()
    return redirect(url_for("provider.left" if by_provider else "signin.show"), 303)


@pages.post("/language")
def language() -> ResponseReturnValue:
    """Read in the other language from now on: the person's preference, or the session's before signing in."""
    csrf.protect()
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise BadRequest
    session["language"] = chosen
    if current_user.is_authenticated:
        engine().people.set_language(actor(), chosen)
    return redirect(local_path(request.form.get("back", "")) or url_for("inbox.show"), 303)


def keep() -> ResponseReturnValue:
    """Ask to sign in and carry on what a post without session brought; files are not carried."""
    kept = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    return _form(request.full_path.rstrip("?"), kept=kept)


def local_path(target: str) -> str:
    """The target when it is a path of this application, empty otherwise: nobody is sent elsewhere."""
    strange = "\\" in target or any(ord(each) < 32 or ord(each) == 127 for each in target)
    if strange or not target.startswith("/") or target.startswith("//"):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target


def show_door(wrong: str) -> str:
    """The form again, with why somebody else did not let one in."""
    return _form(session.get("going", ""), wrong=wrong)


def entered(opened: Opened, next_page: str, kept: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    """The door is open: go on to what was kept, or to where one was going."""
    chosen = session.get("language")
    if current_user.is_authenticated:
        engine().sessions.leave(access.signed_in().id)
    access.enter(opened)
    if chosen and chosen != opened.person.language:
        engine().people.set_language(actor(), chosen)
    if kept:
        return _again(next_page, kept)
    return redirect(local_path(next_page) or url_for("inbox.show"), 303)


def _again(action: str, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    drawn_for = dict(kept).get("drawn_for", "")
    if access.signed_in().session.must is not Must.NOTHING:
        flash(gettext("What you had sent is not kept: something else comes first."), "warn")
        return redirect(url_for("inbox.show"), 303)
    if not local_path(action) or signed_for(drawn_for) != access.person().id:
        flash(gettext("The form was filled in by somebody else, so it was thrown away."), "warn")
        return redirect(url_for("inbox.show"), 303)
    reread_language()
    fields = [(name, text) for name, text in kept if name != "drawn_for"]
    said = [(name, text) for name, text in fields if text and name not in {"submission", "next"}]
    return render_template("signin/kept.html", action=action, kept=kept, said=said)


def _kept() -> list[tuple[str, str]]:
    return [(name.removeprefix(_KEPT), text) for name, text in request.form.items(multi=True) if name.startswith(_KEPT)]


def _code_form(wrong: str = "") -> str:
    asked = request.form.get("next", "") or request.args.get("next", "")
    return render_template("signin/code.html", next=asked, kept=_kept(), wrong=wrong)


def _form(next_page: str, user: str = "", kept: list[tuple[str, str]] | None = None, wrong: str = "") -> str:
    return render_template("signin/show.html", next=next_page, user=user, kept=kept or [], wrong=wrong)
