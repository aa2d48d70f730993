"""The door: signing in and out, the language, and posts that came after the session had ended."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh as reread_language
from flask_login import current_user, login_user, logout_user
from werkzeug.exceptions import BadRequest

from engine.errors import GendanError
from webui import access
from webui.access import User, actor, csrf, engine, limiter, signed_for
from webui.words import LANGUAGES, gettext, tell

pages = Blueprint("signin", __name__)
_KEPT = "kept:"
_OWN = frozenset({"csrf_token", "drawn_for"})


@pages.get("/signin")
def show() -> ResponseReturnValue:
    """The form."""
    if current_user.is_authenticated:
        return redirect(url_for("inbox.show"), 303)
    return _form(next_page=request.args.get("next", ""))


@pages.post("/signin")
@limiter.limit("20 per minute")
def enter() -> ResponseReturnValue:
    """Sign in; a post that was kept goes on to `kept`, otherwise on to where one was going."""
    csrf.protect()
    kept = _kept()
    user, next_page = request.form.get("user", "").strip(), request.form.get("next", "")
    try:
        person = engine().identity.authenticate(user, request.form.get("password", ""))
    except GendanError as error:
        return _form(next_page, user, kept, tell(error)), 422
    language = session.get("language")
    session.clear()
    session.permanent = True
    login_user(User(person))
    if language and language != person.language:
        engine().people.set_language(actor(), language)
    if kept:
        return _again(next_page, kept)
    return redirect(local_path(next_page) or url_for("inbox.show"), 303)


@pages.post("/signout")
def leave() -> ResponseReturnValue:
    """Sign out."""
    csrf.protect()
    logout_user()
    session.clear()
    return redirect(url_for("signin.show"), 303)


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
    parts = urlsplit(target)
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if safe else ""


def _again(action: str, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    drawn_for = dict(kept).get("drawn_for", "")
    if not local_path(action) or signed_for(drawn_for) != access.person().id:
        flash(gettext("The form was filled in by somebody else, so it was thrown away."), "warn")
        return redirect(url_for("inbox.show"), 303)
    reread_language()
    fields = [(name, text) for name, text in kept if name != "drawn_for"]
    said = [(name, text) for name, text in fields if text and name not in {"submission", "next"}]
    return render_template("signin/kept.html", action=action, kept=kept, said=said)


def _kept() -> list[tuple[str, str]]:
    return [(name.removeprefix(_KEPT), text) for name, text in request.form.items(multi=True) if name.startswith(_KEPT)]


def _form(next_page: str, user: str = "", kept: list[tuple[str, str]] | None = None, wrong: str = "") -> str:
    return render_template("signin/show.html", next=next_page, user=user, kept=kept or [], wrong=wrong)
