"""How one signs in: one's own password, second factor, sessions, and the tokens of one's programs."""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine.errors import GendanError, Invalid
from webui import access, times
from webui.access import actor, area, engine, signed_in, visitor
from webui.agents import agent_name
from webui.frame import product
from webui.signin import REFUSED
from webui.words import gettext, ngettext, tell

pages = area("account", "/account")
pages.add_app_template_filter(agent_name, "agent")


@pages.get("")
def show() -> str:
    """The page."""
    return render_template(
        "account/show.html",
        factor=engine().second_factor.of(actor()),
        sessions=engine().sessions.list(actor()),
        tokens=engine().identity.tokens(actor()),
        here_id=signed_in().session.id,
        now=times.now(),
    )


# --- password ---------------------------------------------------------------------------------------------------


@pages.get("/password")
def new_password() -> str:
    """The page that comes first when somebody else knows the password."""
    return render_template("account/password.html", wrong="")


@pages.post("/password")
def password() -> ResponseReturnValue:
    """Change one's own password; the old one is asked, and all other sessions end."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        differ = gettext("The two new passwords differ. Nothing was changed.")
        return render_template("account/password.html", wrong=differ), REFUSED
    try:
        engine().identity.change_password(actor(), request.form.get("old", ""), new, signed_in().session.id)
    except GendanError as error:
        return render_template("account/password.html", wrong=tell(error)), REFUSED
    _renew()
    flash(gettext("Your password is changed. All other sessions have ended."), "good")
    return redirect(url_for("account.show"), 303)


# --- second factor ----------------------------------------------------------------------------------------------


@pages.get("/second-factor")
def factor() -> ResponseReturnValue:
    """The QR code while a second factor is being set up, or the button that begins."""
    return _factor_page()


@pages.post("/second-factor")
def begin_factor() -> ResponseReturnValue:
    """Make a secret for the authenticator."""
    engine().second_factor.begin(actor())
    return redirect(url_for("account.factor"), 303)


@pages.post("/second-factor/confirm")
def confirm_factor() -> ResponseReturnValue:
    """The authenticator shows codes: from now on one is asked. The recovery codes are shown this one time."""
    try:
        codes = engine().second_factor.confirm(actor(), request.form.get("code", ""))
    except Invalid as error:
        return _factor_page(tell(error)), REFUSED
    _renew()
    return render_template("account/codes.html", codes=codes)


@pages.post("/second-factor/codes")
def renew_codes() -> ResponseReturnValue:
    """New recovery codes instead of the old ones."""
    codes = engine().second_factor.renew_codes(actor(), request.form.get("code", ""))
    return render_template("account/codes.html", codes=codes)


@pages.post("/second-factor/remove")
def remove_factor() -> ResponseReturnValue:
    """Sign in without it again."""
    engine().second_factor.remove(actor(), request.form.get("code", ""))
    flash(gettext("The second factor is removed."), "good")
    return redirect(url_for("account.show"), 303)


# --- sessions and tokens ----------------------------------------------------------------------------------------


@pages.post("/sessions/<int:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    engine().sessions.end(session_id, actor())
    flash(gettext("The session has ended."), "good")
    return redirect(url_for("account.show"), 303)


@pages.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    ended = engine().sessions.end_others(signed_in().session.id, actor())
    flash(ngettext("%(num)d other session has ended.", "%(num)d other sessions have ended.", ended), "good")
    return redirect(url_for("account.show"), 303)


@pages.post("/tokens")
def create_token() -> ResponseReturnValue:
    """A token for a program, shown this one time."""
    days = request.form.get("days", 0, type=int)
    expires = times.now() + timedelta(days=min(days, 3650)) if days > 0 else None
    token = engine().identity.create_token(request.form.get("name", ""), actor(), expires=expires)
    return render_template("account/token.html", token=token, name=request.form.get("name", ""))


@pages.post("/tokens/<int:token_id>/remove")
def remove_token(token_id: int) -> ResponseReturnValue:
    """Take a token away; its program is shut out at once."""
    engine().identity.remove_token(token_id, actor())
    flash(gettext("The token no longer works."), "good")
    return redirect(url_for("account.show"), 303)


def _renew() -> None:
    """Who has proved more gets another cookie."""
    access.enter(engine().sessions.renew(signed_in().id, visitor()))


def _factor_page(wrong: str = "") -> str:
    enrolment = engine().second_factor.enrolment(actor(), product())
    drawn = _qr(enrolment.uri) if enrolment is not None else ""
    return render_template("account/factor.html", enrolment=enrolment, qr=drawn, wrong=wrong)


def _qr(text: str) -> Markup:
    """The text as a QR code: black on white in every colour scheme, since cameras want it so."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(scale=5, border=3, dark="#000", light="#fff"))  # noqa: S704 segno draws, nobody types
