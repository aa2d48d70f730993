"""Messages from outside: to who waits for one, or to what one starts."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from engine.errors import Conflict, FormInvalid, Invalid, NotFound
from engine.views import InstanceFilter
from webui.access import engine
from webui.rest import process_instance, variables
from webui.rest.door import actor
from webui.rest.execution import Execution
from webui.rest.operation import Resource
from webui.rest.process_instance import ProcessInstance
from webui.rest.refusing import Refused, invalid, unsupported
from webui.rest.shapes import Answer, Body
from webui.rest.variables import Given, Shown

resource = Resource("Message")


class Correlate(Body, frozen=True, kw_only=True):
    """A message with its address: `businessKey` of the record (or `processInstanceId`), and in `correlationKeys` the
    one value that tells apart what waits there."""

    message_name: str
    business_key: str | None = None
    process_instance_id: str | None = None
    correlation_keys: dict[str, Given] | None = None
    local_correlation_keys: dict[str, Given] | None = None
    process_variables: dict[str, Given] | None = None
    process_variables_local: dict[str, Given] | None = None
    process_variables_to_triggered_scope: dict[str, Given] | None = None
    tenant_id: str | None = None
    without_tenant_id: bool = False
    all: bool = False
    result_enabled: bool = False
    variables_in_result_enabled: bool = False


class Correlation(Answer, frozen=True, kw_only=True):
    """What became of a message."""

    result_type: str
    execution: Execution | None
    process_instance: ProcessInstance | None
    variables: dict[str, Shown] | UnsetType = UNSET


@resource.post("/message")
def correlate(body: Correlate) -> tuple[Correlation, ...] | None:
    """Send a message, as its senders may. One that nobody waits for yet, but can, is kept until then."""
    payload = variables.read(body.process_variables)
    key, value = _address(body)
    try:
        done = engine().messages.correlate(body.message_name, key, value, payload, actor())
    except FormInvalid:
        raise
    except (NotFound, Conflict, Invalid) as error:
        if not key and isinstance(error, NotFound):
            said = "Nothing is begun by it. Say whose it is: businessKey or processInstanceId."
            raise Refused(400, "MismatchingMessageCorrelationException", said) from error
        raise Refused(400, "MismatchingMessageCorrelationException", str(error)) from error
    if not body.result_enabled:
        return None
    if done.state == "kept":
        return ()
    wanted = InstanceFilter(ids=(done.instance_id,))
    found = engine().instances.search(wanted, actor(), limit=1)
    started = done.state == "started"
    return (
        Correlation(
            result_type="ProcessDefinition" if started else "Execution",
            execution=None if started else Execution.of(done.instance_id),
            process_instance=process_instance.shown(found[0]) if found and started else None,
        ),
    )


def _address(body: Correlate) -> tuple[str, str]:
    """Business key and correlation value."""
    if not body.message_name.strip():
        raise invalid("No messageName was given.")
    _check(body)
    value = _value(body.correlation_keys)
    if body.process_instance_id is None:
        return body.business_key or "", value
    found = process_instance.head(body.process_instance_id)
    if body.business_key not in (None, found.business_key):
        raise Refused(400, "MismatchingMessageCorrelationException", "The instance has another businessKey.")
    return found.business_key, value or found.number


def _value(keys: dict[str, Given] | None) -> str:
    given: list[Any] = [each.value for each in (keys or {}).values()]
    if len(given) > 1:
        raise unsupported("A message has one correlation value; give one of the correlationKeys.")
    return str(given[0]) if given else ""


def _check(body: Correlate) -> None:
    if body.all:
        raise unsupported("A message goes to exactly one. What goes to all that wait is a signal.")
    if body.local_correlation_keys or body.process_variables_local or body.process_variables_to_triggered_scope:
        raise unsupported("What a message brings are its processVariables, which its event maps.")
    if body.tenant_id:
        raise unsupported("There are no tenants: an installation is one house's.")
