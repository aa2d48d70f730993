"""Rounds without network: what the browser keeps of a page, and the rows it sends once the network is back.

The script of `static/worker.js` keeps the files of the pages and the last page of every round; `static/kept.js` keeps
what is filled in. Both belong to one person: the header and the mark of the page name him by a pseudonym.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import Flask, Response, g, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from engine.errors import Conflict, FormInvalid, GendanError, Unavailable
from engine.forms import Form
from engine.views import TaskForm
from engine.watching import pseudonym
from webui import assets, errors, posted, times
from webui.access import actor, area, engine, person, signed_for
from webui.practice import form_of
from webui.words import gettext, localise, tell

pages = area("offline", "/offline")
WHOSE = "Gendan-Person"
"""The answer's header that tells the worker whose page it is."""
KEEP = "Gendan-Keep"
"""The one that tells it to keep the page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that is asked only for some values of another: known beforehand, since without network nobody tells."""

    field: str
    by: str
    values: tuple[str, ...]


def register(app: Flask) -> None:
    """Name the person on every page, and serve the worker where it may see all of them."""
    app.add_url_rule("/worker.js", "offline.worker", _worker)
    app.add_url_rule("/offline/page", "offline.page", _page)
    app.jinja_env.globals.update(whose=whose, zone_name=lambda: str(times.zone()))

    @app.after_request
    def name(response: Response) -> Response:
        if response.mimetype == "text/html" and getattr(g.get("_login_user"), "is_authenticated", False):
            response.headers.setdefault(WHOSE, whose())
            if g.get("keeps"):
                response.headers.setdefault(KEEP, "page")
        return response


def whose() -> str:
    """The signed-in person's pseudonym."""
    return pseudonym(engine().machinery.settings.history_key, person().id)


def form_version(form: Form) -> str:
    """Changes when the form asks something else than before."""
    said = [(field.name, field.type.value, field.required, [each.id for each in field.options]) for field in form]
    return sha256(repr(said).encode()).hexdigest()[:16]


def choices(view: TaskForm, form: Form) -> tuple[Choice, ...]:
    """Which fields the values of one other field alone open; the answer is the same for every row."""
    conditional = {field.name: field.visible_when.names for field in form if field.visible_when is not None}
    asked = {name for names in conditional.values() if len(names) == 1 for name in names}
    tries = [
        (field.name, value)
        for field in form
        if field.name in asked
        for value in ([each.id for each in field.options] or (["true", "false"] if field.type == "boolean" else []))
    ]
    typed: list[dict[str, object]] = [{name: value} for name, value in tries]
    states = engine().filling.of_task(view.row.id, typed, actor()) if typed else ()
    found: dict[tuple[str, str], list[str]] = {}
    for (name, value), state in zip(tries, states, strict=True):
        for field, names in conditional.items():
            if set(names) == {name}:
                opened = found.setdefault((field, name), [])
                if field in state.visible:
                    opened.append(value)
    return tuple(Choice(field, by, tuple(values)) for (field, by), values in found.items())


@pages.get("/token")
def token() -> ResponseReturnValue:
    """Who is signed in now, and the token that a page kept for hours needs."""
    answer = jsonify(person=whose(), token=generate_csrf())
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/<process_id>/<element_id>/<int:task_id>")
def take(process_id: str, element_id: str, task_id: int) -> ResponseReturnValue:
    """One row that was kept. What is wrong is answered as data: the row stays with its sender."""
    if signed_for(request.form.get("drawn_for", "")) != person().id:
        return _refused(Conflict("This was filled in by somebody else. It is sent when that person signs in."), 403)
    form = form_of(process_id, element_id)
    try:
        view = _view(task_id, process_id, element_id)
        if view is not None:
            form = view
            if request.form.get("form") not in ("", form_version(form)):
                raise Conflict("The form has changed since it was filled in. Look at this row again and send it anew.")
        given = posted.read(form, task_id, uploads=view is not None, prefix=f"{task_id}:", shared="shared:")
        submission = request.form.get("submission", "")
        engine().tasks.complete(task_id, given.sent(), actor(), submission, _moment(request.form.get("keyed_at", "")))
    except Unavailable:
        raise
    except FormInvalid as error:
        found = {path: " ".join(tell(each) for each in several) for path, several in error.errors.items()}
        return _refused(error, 422, found, form)
    except GendanError as error:
        return _refused(error, errors.status(error))
    return jsonify(outcome="done")


def _view(task_id: int, process_id: str, element_id: str) -> Form | None:
    """The form of the task as it is now; None when it is over: then only a repeated submission has an answer."""
    try:
        view = engine().tasks.get(task_id, actor())
    except Conflict:
        return None
    if (view.row.process_id, view.row.element_id) != (process_id, element_id):
        raise Conflict("This task is of another kind.")
    return view.form if isinstance(view.form, Form) else None


def _refused(
    error: GendanError, status: int, wrong: dict[str, str] | None = None, form: Form | None = None
) -> ResponseReturnValue:
    labels = {field.name: localise(field.label) for field in form or ()}
    lines = [f"{labels.get(path, path)}: {text}" for path, text in (wrong or {}).items()]
    return jsonify(outcome="refused", text=" ".join(lines) or tell(error), errors=wrong or {}), status


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _worker() -> ResponseReturnValue:
    """The worker with the names of the files that this build is made of: another build, another worker."""
    built = [url_for("static", filename=f"dist/{name}") for key, name in assets.manifest().items() if key in _SHELL]
    shell = json.dumps([*built, url_for("static", filename="icon.svg"), url_for("offline.page")])
    answer = make_response(f"self.SHELL = {shell};\n{assets.text('worker.js')}")
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


_SHELL = frozenset({"app.js", "app.css"})


def _page() -> str:
    """What opens without network in place of a page that is not kept; there is nothing of anybody in it."""
    return render_template("offline/page.html", title=gettext("No network"))
