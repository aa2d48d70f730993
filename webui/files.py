"""Downloads: always as files, never as pages of ours; pictures only as they were drawn anew."""

from __future__ import annotations

from flask import Response, make_response
from flask.typing import ResponseReturnValue

from webui.access import actor, area, engine

pages = area("files", "/files")


@pages.get("/<int:file_id>")
def download(file_id: int) -> ResponseReturnValue:
    """The file, when its record may be seen."""
    found, content = engine().tasks.download(file_id, actor())
    response = _alone(content, "application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


@pages.get("/<int:file_id>/picture")
def picture(file_id: int) -> ResponseReturnValue:
    """The picture of a file, to be shown in a page."""
    response = _alone(engine().files.picture(file_id, actor()), "image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _alone(content: bytes, kind: str) -> Response:
    """What a browser must neither guess at nor run."""
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
