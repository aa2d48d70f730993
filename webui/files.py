"""Downloads: always as files, never as pages of ours."""

from __future__ import annotations

from flask import make_response
from flask.typing import ResponseReturnValue

from webui.access import actor, area, engine

pages = area("files", "/files")


@pages.get("/<int:file_id>")
def download(file_id: int) -> ResponseReturnValue:
    """The file, when its record may be seen."""
    found, content = engine().tasks.download(file_id, actor())
    response = make_response(content)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response
