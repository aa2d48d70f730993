"""Signing in by another provider (OpenID Connect): code flow with PKCE, state and nonce. Needs the extra “oidc”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from engine.errors import GendanError, Invalid
from engine.sign_in_settings import Provider
from engine.signed_in import Known
from webui.access import engine, limiter, visitor
from webui.signin import REFUSED, entered, local_path, show_door
from webui.words import gettext, tell

if TYPE_CHECKING:
    from authlib.integrations.flask_client.apps import FlaskOAuth2App

pages = Blueprint("provider", __name__)
_SECONDS = 10
_GOING = "going"
_STATE = "_state_oidc_"
_UNREACHABLE = 502
_log = structlog.get_logger(__name__)


@pages.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Set the client up where a provider is named. Raises Invalid when the extra is not installed."""
    provider: Provider | None = state.app.extensions["engine"].machinery.settings.sign_in.provider
    state.app.jinja_env.globals["provider"] = provider
    if provider is None:
        return
    try:
        from authlib.integrations.flask_client import OAuth
    except ImportError as error:
        raise Invalid("GENDAN_OIDC_ISSUER needs the extra “oidc”: pip install gendan[oidc].") from error
    state.app.extensions["oidc"] = OAuth(state.app).register(
        "oidc",
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        client_kwargs={"scope": provider.scopes, "code_challenge_method": "S256", "timeout": _SECONDS},
    )


@pages.get("/signin/provider")
def go() -> ResponseReturnValue:
    """On to the provider, to come back to where one was going."""
    for key in [key for key in session if key.startswith(_STATE)]:
        session.pop(key)
    session[_GOING] = local_path(request.args.get("next", ""))
    try:
        _check_issuer()
        answer: ResponseReturnValue = _client().authorize_redirect(url_for("provider.back", _external=True))
    except OSError as error:
        return _unreachable(error)
    return answer


@pages.get("/signin/provider/back")
@limiter.limit("20 per minute", deduct_when=lambda response: response.status_code == REFUSED)
def back() -> ResponseReturnValue:
    """Back from the provider, with a code for what it knows."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        opened = engine().provided.sign_in(_known(_claims()), visitor(), _provider().creates)
    except OSError as error:
        return _unreachable(error)
    except (AuthlibBaseError, JoseError) as error:
        _log.warning("provider refused", error=type(error).__name__)
        return show_door(gettext("The provider did not let you in. Try once more.")), REFUSED
    except GendanError as error:
        return show_door(tell(error)), REFUSED
    return entered(opened, session.get(_GOING, ""))


@pages.get("/signin/left")
def left() -> ResponseReturnValue:
    """Signed out here; the provider may still know one."""
    _provider()
    return render_template("signin/left.html")


@pages.get("/signin/provider/leave")
def leave() -> ResponseReturnValue:
    """Sign out at the provider, too."""
    try:
        metadata = _client().load_server_metadata()
        if "end_session_endpoint" not in metadata:
            raise NotFound
        found = _client().create_logout_url(
            url_for("signin.show", _external=True), client_id=_provider().client_id, state="left"
        )
    except OSError as error:
        return _unreachable(error)
    return redirect(found["url"], 303)


def _provider() -> Provider:
    found = engine().machinery.settings.sign_in.provider
    if found is None:
        raise NotFound
    return found


def _client() -> FlaskOAuth2App:
    _provider()
    client: FlaskOAuth2App = current_app.extensions["oidc"]
    return client


def _check_issuer() -> None:
    """The provider must call itself as the administrator calls it: else its word is another's."""
    said = str(_client().load_server_metadata().get("issuer", ""))
    if said.rstrip("/") != _provider().issuer:
        raise OSError(f"the provider calls itself {said}")


def _claims() -> Mapping[str, Any]:
    """What the provider says, its signature, issuer, audience and nonce checked; from its own endpoint what the
    token leaves out."""
    from authlib.integrations.base_client import OAuthError

    _check_issuer()
    token = _client().authorize_access_token()
    claims: Mapping[str, Any] = token.get("userinfo") or {}
    if not claims.get("sub"):
        raise OAuthError("no_id_token")
    if _provider().claim in claims:
        return claims
    more = _client().userinfo(token=token)
    if more.get("sub") != claims["sub"]:
        raise OAuthError("other_subject")
    return {**more, **claims}


def _known(claims: Mapping[str, Any]) -> Known:
    provider = _provider()
    if provider.claim == "email" and claims.get("email_verified") is not True:
        return Known("", "")
    told = claims.get(provider.groups_claim) if provider.groups_claim else None
    groups = tuple(map(str, told)) if isinstance(told, list) else ()
    return Known(
        str(claims.get(provider.claim, "")), str(claims.get("name", "")), groups if provider.groups_claim else None
    )


def _unreachable(error: OSError) -> ResponseReturnValue:
    _log.error("provider not reached", error=type(error).__name__)
    return show_door(gettext("The provider does not answer. Try again later, or sign in by password.")), _UNREACHABLE
