"""Version, engines: what a client asks first."""

from __future__ import annotations

from webui.rest.operation import Resource
from webui.rest.shapes import Answer

resource = Resource("Version and engine")
SPOKEN = "7.21.0"
"""The release of Camunda 7 whose interface this follows; clients choose by it what they send."""
NAME = "default"


class Version(Answer, frozen=True, kw_only=True):
    """The version of the interface."""

    version: str


class EngineName(Answer, frozen=True, kw_only=True):
    """An engine."""

    name: str


@resource.get("/version")
def version() -> Version:
    """The version of Camunda 7 whose interface this follows."""
    return Version(version=SPOKEN)


@resource.get("/engine")
def engines() -> tuple[EngineName, ...]:
    """The one engine there is."""
    return (EngineName(name=NAME),)
