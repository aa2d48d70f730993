"""What every answer tells the browser about safety."""

from __future__ import annotations

from wsgiref.headers import Headers

from flask import Flask, Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

_POLICY = (
    ContentSecurityPolicy()
    .default_src("'self'")
    .script_src("'self'")
    .style_src("'self'")
    .img_src("'self'", "data:", "blob:")
    .object_src("'none'")
    .base_uri("'none'")
    .form_action("'self'")
    .frame_ancestors("'none'")
)
_HEADERS = Secure(
    csp=_POLICY,
    coop=CrossOriginOpenerPolicy().same_origin(),
    corp=CrossOriginResourcePolicy().same_origin(),
    permissions=PermissionsPolicy().camera("self").geolocation().microphone().payment().usb(),
    referrer=ReferrerPolicy().same_origin(),
    xcto=XContentTypeOptions().nosniff(),
    xfo=XFrameOptions().deny(),
)
_OVER_HTTPS = StrictTransportSecurity().max_age(365 * 24 * 3600)


def allow_style_attributes(response: Response) -> Response:
    """Let the modelers place their parts: they write `style` attributes into what they draw. Scripts and style sheets
    stay the pages' own."""
    policy = f"{_HEADERS.headers['Content-Security-Policy']}; style-src-attr 'unsafe-inline'"
    response.headers["Content-Security-Policy"] = policy
    return response


def of_files(headers: Headers, _path: str, _url: str) -> None:
    """The same for the files of the pages, which are served before the application is asked."""
    for name, value in _HEADERS.headers.items():
        headers.setdefault(name, value)


def register(app: Flask) -> None:
    """Add the headers to every answer that does not bring stricter ones of its own; pages are never cached."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in _HEADERS.headers.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault(_OVER_HTTPS.header_name, _OVER_HTTPS.header_value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Vary", "HX-Request, Cookie")
        return response
