"""Signals from outside: to all that wait for one, and to what one starts."""

from __future__ import annotations

from webui.access import engine
from webui.rest import variables
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.refusing import unsupported
from webui.rest.shapes import Body
from webui.rest.variables import Given

resource = Resource("Signal")


class Throw(Body, frozen=True, kw_only=True):
    """A signal with what it brings."""

    name: str
    execution_id: str | None = None
    variables: dict[str, Given] | None = None
    tenant_id: str | None = None
    without_tenant_id: bool = False


@resource.post("/signal")
def throw(body: Throw) -> None:
    """Broadcast a signal; needs the right to send anything."""
    if body.execution_id or body.tenant_id:
        raise unsupported("A signal goes to all that wait for it. What goes to one is a message.")
    engine().messages.signal(body.name, variables.read(body.variables), actor())
