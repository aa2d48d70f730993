"""Taking tasks, giving them, completing them with the fields of the form."""

from __future__ import annotations

from webui.access import engine
from webui.rest import variables
from webui.rest.door import actor, person
from webui.rest.refusing import invalid, unsupported
from webui.rest.shapes import Body
from webui.rest.task.one import number, resource
from webui.rest.variables import Given, Shown


class Somebody(Body, frozen=True, kw_only=True):
    """Who is to have a task."""

    user_id: str | None = None


class Submission(Body, frozen=True, kw_only=True):
    """The fields of the form."""

    variables: dict[str, Given] | None = None
    with_variables_in_return: bool = False


@resource.post("/task/<id>/claim")
def claim(id: str, body: Somebody) -> None:
    """Take a task that is offered to oneself; to give it to another needs the right to correct."""
    if body.user_id is None:
        raise invalid("Say who claims: userId.")
    _assign(id, body.user_id)


@resource.post("/task/<id>/unclaim")
def unclaim(id: str) -> None:
    """Give a claimed task back to those it is offered to."""
    engine().tasks.unclaim(number(id), actor())


@resource.post("/task/<id>/assignee")
def assignee(id: str, body: Somebody) -> None:
    """Give a task to somebody, or back to all."""
    if body.user_id is None:
        unclaim(id)
    else:
        _assign(id, body.user_id)


@resource.post("/task/<id>/delegate")
def delegate(id: str, body: Somebody) -> None:
    """Let somebody do one's task, for oneself."""
    if body.user_id is None:
        raise invalid("Say to whom: userId.")
    engine().tasks.delegate(number(id), body.user_id, actor())


@resource.post("/task/<id>/resolve")
def resolve(id: str, body: Submission) -> None:
    """Give a delegated task back to who delegated it."""
    if body.variables:
        raise unsupported("The fields of a form are sent when the task is completed.")
    engine().tasks.resolve(number(id), actor())


@resource.post("/task/<id>/complete")
def complete(id: str, body: Submission) -> dict[str, Shown] | None:
    """Complete a task with the fields of its form, and no others."""
    given = variables.read(body.variables)
    engine().tasks.complete(number(id), given, actor())
    return variables.shown(given) if body.with_variables_in_return else None


@resource.post("/task/<id>/submit-form")
def submit_form(id: str, body: Submission) -> dict[str, Shown] | None:
    """The same."""
    return complete(id, body)


def _assign(id: str, to: str) -> None:
    if to == person().id:
        engine().tasks.claim(number(id), actor())
    else:
        engine().tasks.reassign(number(id), to, actor())
