"""How the session's cookie travels: over https alone, where the pages are served so."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.sign_in_settings import SignInSettings


class Cookies(SecureCookieSessionInterface):
    """Signed cookies; `Secure` by setting, and whenever the request itself came over https."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the browser must keep the cookie from plain http."""
        return bool(super().get_cookie_secure(app)) or request.is_secure


def register(app: Flask, settings: SignInSettings) -> None:
    """Set up the cookie, and believe the reverse proxies that the administrator named."""
    app.session_interface = Cookies()
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["PERMANENT_SESSION_LIFETIME"] = settings.longest
    if settings.secure:
        app.config["SESSION_COOKIE_SECURE"] = True
        app.config["SESSION_COOKIE_NAME"] = "__Host-session"  # browsers refuse one that another site has set
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
