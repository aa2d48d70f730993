"""Who has to do with a task, what was said of it, and what was attached."""

from __future__ import annotations

from io import BytesIO

from flask import Response, request

from engine.views import CommentView, FileView
from webui.access import engine
from webui.rest import ids
from webui.rest.door import actor
from webui.rest.refusing import invalid
from webui.rest.shapes import Answer, Body, Link, Moment
from webui.rest.task.one import head, number, resource

_FILE = {"type": "string", "format": "binary"}
_MULTIPART = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"content": _FILE, "attachment-name": {"type": "string"}},
        "required": ["content"],
    }
}


class IdentityLink(Answer, frozen=True, kw_only=True):
    """Who has to do with a task."""

    user_id: str | None = None
    group_id: str | None = None
    type: str


class Comment(Answer, frozen=True, kw_only=True):
    """What was said."""

    id: str
    user_id: str
    task_id: str
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    removal_time: Moment | None = None
    time: Moment
    message: str
    links: tuple[Link, ...] = ()


class CommentGiven(Body, frozen=True, kw_only=True):
    """What to say."""

    message: str
    process_instance_id: str | None = None


class Attachment(Answer, frozen=True, kw_only=True):
    """What was attached."""

    id: str
    name: str
    task_id: str
    description: str | None = None
    type: str
    url: str | None = None
    create_time: Moment
    links: tuple[Link, ...] = ()


@resource.get("/task/<id>/identity-links")
def identity_links(id: str) -> tuple[IdentityLink, ...]:
    """Who has it, who delegated it, whom it is offered to."""
    found = head(id)
    links = [IdentityLink(user_id=found.assignee, type="assignee")] if found.assignee else []
    links += [IdentityLink(user_id=found.owner, type="owner")] if found.owner else []
    for subject in engine().task_search.offered(found.id, actor()):
        kind, _, name = subject.partition(":")
        group = kind == "group"
        links.append(IdentityLink(group_id=name if group else None, user_id=None if group else name, type="candidate"))
    return tuple(links)


@resource.get("/task/<id>/comment")
def comments(id: str) -> tuple[Comment, ...]:
    """What was said of it, oldest first."""
    return tuple(_comment(id, each) for each in engine().task_search.comments(number(id), actor()))


@resource.get("/task/<id>/comment/<comment>")
def comment(id: str, comment: str) -> Comment:
    """One of those."""
    found = next((each for each in comments(id) if each.id == comment), None)
    return found if found is not None else ids.missing(comment, "comment")


@resource.post("/task/<id>/comment/create")
def add_comment(id: str, body: CommentGiven) -> Comment:
    """Say something of it."""
    return _comment(id, engine().comments.add(number(id), body.message, actor()))


@resource.get("/task/<id>/attachment")
def attachments(id: str) -> tuple[Attachment, ...]:
    """What was attached to it, oldest first."""
    return tuple(_attachment(id, each) for each in engine().task_search.attachments(number(id), actor()))


@resource.get("/task/<id>/attachment/<attachment>")
def attachment(id: str, attachment: str) -> Attachment:
    """One of those."""
    return _attached(id, attachment)


@resource.get("/task/<id>/attachment/<attachment>/data", produces="application/octet-stream")
def attachment_data(id: str, attachment: str) -> Response:
    """Its bytes."""
    found = _attached(id, attachment)
    _, content = engine().files.download(int(found.id), actor())
    return Response(content, mimetype="application/octet-stream")


@resource.post("/task/<id>/attachment/create", consumes=_MULTIPART)
def attach(id: str) -> Attachment:
    """Attach a file, as the part `content` of a form."""
    sent = request.files.get("content")
    if sent is None:
        raise invalid("The file is the part content of a form (multipart/form-data).")
    name = request.form.get("attachment-name") or sent.filename or "file"
    return _attachment(id, engine().files.attach(BytesIO(sent.read()), name, actor(), number(id)))


def _attached(id: str, wanted: str) -> Attachment:
    found = next((each for each in attachments(id) if each.id == wanted), None)
    return found if found is not None else ids.missing(wanted, "attachment")


def _comment(id: str, found: CommentView) -> Comment:
    return Comment(id=str(found.id), user_id=found.by, task_id=id, time=Moment(found.at), message=found.text)


def _attachment(id: str, found: FileView) -> Attachment:
    return Attachment(id=str(found.id), name=found.name, task_id=id, type=found.type, create_time=Moment(found.at))
