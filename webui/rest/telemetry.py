"""What clients ask of the installation itself."""

from __future__ import annotations

from webui.rest.operation import Resource
from webui.rest.shapes import Answer

resource = Resource("Telemetry")


class Telemetry(Answer, frozen=True, kw_only=True):
    """Whether figures are sent to somebody."""

    enable_telemetry: bool = False


@resource.get("/telemetry/configuration")
def configuration() -> Telemetry:
    """Nothing is sent to anybody."""
    return Telemetry()
