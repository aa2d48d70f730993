"""Executions: what goes on in instances; messages to exactly one of them."""

from __future__ import annotations

from webui.access import engine
from webui.rest import ids, variables
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.paging import Paging
from webui.rest.refusing import invalid
from webui.rest.shapes import Answer, Body, Count, Moment, Query
from webui.rest.variables import Given, Shown

resource = Resource("Execution")


class Execution(Answer, frozen=True, kw_only=True):
    """Something that goes on in an instance."""

    id: str
    process_instance_id: str
    ended: bool = False
    tenant_id: str | None = None

    @classmethod
    def of(cls, instance_id: int, token: int = 0) -> Execution:
        """The execution of an instance, or of a token in it."""
        return cls(id=ids.execution(instance_id, token), process_instance_id=str(instance_id))


class ExecutionQuery(Query, frozen=True, kw_only=True):
    """Which executions: those of one instance."""

    process_instance_id: str
    activity_id: str | None = None


class Subscription(Answer, frozen=True, kw_only=True):
    """What an execution waits for."""

    id: str
    event_type: str = "message"
    event_name: str
    execution_id: str
    process_instance_id: str
    activity_id: str
    created_date: Moment
    tenant_id: str | None = None


class Trigger(Body, frozen=True, kw_only=True):
    """What a message brings."""

    variables: dict[str, Given] | None = None


class LocalReading(Query, frozen=True, kw_only=True):
    """How to read variables; JSON is a text either way."""

    deserialize_values: bool = True


@resource.get("/execution")
def list_(query: ExecutionQuery, page: Paging) -> tuple[Execution, ...]:
    """What goes on in an instance: itself, and each activity or event that waits."""
    return tuple(page.part(_found(query)))


@resource.get("/execution/count")
def count(query: ExecutionQuery) -> Count:
    """How much that is."""
    return Count(count=len(_found(query)))


@resource.get("/execution/<id>")
def get(id: str) -> Execution:
    """One execution, while it goes on."""
    instance_id, token = _live(id)
    return Execution.of(instance_id, token)


@resource.get("/execution/<id>/localVariables")
def local_variables(id: str, query: LocalReading) -> dict[str, Shown]:  # noqa: ARG001 - JSON is a text either way
    """The variables that it sees; needs the right to correct them."""
    instance_id, token = _live(id)
    return variables.shown(engine().instances.variables(instance_id, actor(), token or None))


@resource.get("/execution/<id>/messageSubscriptions/<message_name>")
def subscription(id: str, message_name: str) -> Subscription:
    """The message of this name that it waits for."""
    instance_id, token = _live(id)
    found = engine().messages.waiting_of(instance_id, token, message_name, actor())
    if not found:
        raise invalid(f"The execution {id} does not wait for a message {message_name}.", 404)
    each = found[0]
    return Subscription(
        id=str(each.id),
        event_name=each.name,
        execution_id=ids.execution(instance_id, each.token),
        process_instance_id=str(instance_id),
        activity_id=each.element_id,
        created_date=Moment(each.created_at),
    )


@resource.post("/execution/<id>/messageSubscriptions/<message_name>/trigger")
def trigger(id: str, message_name: str, body: Trigger) -> None:
    """Send it the message, as its senders may, with the fields of its form."""
    found = subscription(id, message_name)
    engine().messages.send(int(found.id), variables.read(body.variables), actor())


def _found(query: ExecutionQuery) -> list[Execution]:
    number = ids.whole(query.process_instance_id, "process instance")
    live = engine().instances.live(number, actor())
    own = [Execution.of(number)] if live and query.activity_id is None else []
    return own + [Execution.of(number, each.token) for each in live if query.activity_id in (None, each.element_id)]


def _live(id: str) -> tuple[int, int]:
    instance_id, token = ids.execution_parts(id)
    live = engine().instances.live(instance_id, actor())
    if not live or (token and token not in {each.token for each in live}):
        ids.missing(id, "execution")
    return instance_id, token
