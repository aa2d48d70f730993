"""The hands of a story's people when they use the pages: they open, look, fill in, press, and read the answer.

What a page does not offer cannot be done: a control, a choice or a button that is missing stops the story. Who is
refused on the page all the same tries it by an address of his own, so that the door behind the button is tried too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from engine.errors import Conflict, Forbidden, FormInvalid, GendanError, Invalid, NotFound
from engine.forms import Form
from engine.scenarios.hands import Filled
from engine.scenarios.templates import Stopped
from engine.scenarios.world import SYSTEM, World
from engine.values import Value
from engine.views import Actor, Button, Started, TaskForm
from tests.webui.browsing import Browser
from tests.webui.html_forms import Page, Sheet, Upload
from webui.app import create_app

_REFUSALS: Mapping[int, type[GendanError]] = {403: Forbidden, 404: NotFound, 409: Conflict, 422: Invalid}
_PANEL = re.compile(r"^panel:[^:]+:")
_TASK_FORM = "//form[@id='form']"
_OWN_FORM = "//div[@class='split']//form[not(@action)]"


class Desk:
    """The application and everybody's browser, signed in anew in each world and on each day."""

    def __init__(self) -> None:
        self._app: Flask | None = None
        self._browsers: dict[tuple[str, date], FlaskClient] = {}

    def open(self, world: World) -> None:
        """Show this world from now on."""
        if self._app is None:
            config = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False, "SECRET_KEY": "test", "RATELIMIT_ENABLED": False}
            self._app = create_app(world.engine, **config)
        self._app.extensions["engine"] = world.engine
        self._browsers = {}

    def browser(self, world: World, user_id: str) -> FlaskClient:
        """This person's, as long as a session lasts."""
        key = user_id, world.clock.now().date()
        if key not in self._browsers:
            assert self._app is not None
            self._browsers[key] = Browser(self._app, user_id).client
        return self._browsers[key]


class PagesHands:
    """People act through pages over a world."""

    def __init__(self, world: World, desk: Desk) -> None:
        self._world = world
        self._desk = desk
        self._chosen: list[Upload] = []
        desk.open(world)

    def upload(self, name: str, content: bytes, actor: Actor, task_id: int | None) -> Value:
        """A file that is chosen now and goes with its form."""
        del actor, task_id
        self._chosen.append((name, content))
        return {"$chosen": Decimal(len(self._chosen) - 1)}

    def start(self, process: str, element: str, key: str, values: Mapping[str, Value], actor: Actor) -> Started:
        """From the start page, or from the record that it joins."""
        offers = self._open(f"/records/{key}" if key else "/start", actor)
        address = _start_link(offers, process, element)
        page = self._open(address or f"/start/{process}?element_id={element}&key={key}", actor)
        if not address:
            raise Stopped(f"{offers.address} does not offer {process} {element}.")
        answer = self._send(self._filled(_own_form(page, _OWN_FORM), values), actor)
        found = answer.address.removeprefix("/records/")
        rows = self._world.engine.records.get(found, SYSTEM).instances
        newest = max((row for row in rows if row.process_id == process), key=lambda row: row.id)
        return Started(newest.id, found, newest.number)

    def complete(self, task: TaskForm, values: Mapping[str, Value], actor: Actor) -> None:
        """On its page; who finds no form there sends one of his own making."""
        page = self._open(f"/tasks/{task.row.id}", actor)
        form = page.form(_TASK_FORM)
        if form is None:
            self._force(page, f"/tasks/{task.row.id}/complete", dict(self._plain(values)), actor)
            return
        outcome = task.form.outcome.name if isinstance(task.form, Form) and task.form.outcome else ""
        answer = self._send(self._filled(form, values, outcome), actor)
        if answer.form(_TASK_FORM) is not None:
            raise Stopped(f"The form came back: {answer.text}")

    def complete_page(self, element: str, rows: Sequence[Filled], actor: Actor) -> Sequence[GendanError | None]:
        """Everything on the page of each process with one press."""
        inbox = self._open("/tasks", actor)
        answers: dict[int, GendanError | None] = {}
        for process in dict.fromkeys(task.row.process_id for task, _ in rows):
            address = f"/tasks/batch/{process}/{element}"
            if not inbox.link(address):
                raise Stopped(f"The inbox of {actor.user_id} does not lead to {address}.")
            own = [(task, values) for task, values in rows if task.row.process_id == process]
            form = _own_form(self._open(address, actor), "//form[starts-with(@action, '/tasks/batch/')]")
            for task, values in own:
                self._fill_row(form, task.row.id, values)
            form.fill("pick", [str(task.row.id) for task, _ in own])
            answer = self._send(form, actor)
            answers |= {task.row.id: _row_answer(answer, task.row.id) for task, _ in own}
        return [answers[task.row.id] for task, _ in rows]

    def send(self, key: str, button: Button, values: Mapping[str, Value], actor: Actor) -> None:
        """By its button on the record, sure of it where the page asks."""
        record = self._open(f"/records/{key}", actor)
        address = f"/records/{key}/messages/{button.subscription_id}"
        if not record.link(address):
            raise Stopped(f"The page of {key} has no button for {button.message}.")
        form = self._filled(_own_form(self._open(address, actor), _OWN_FORM), values)
        if "sure" in form.names():
            form.fill("sure", ["yes"])
        self._send(form, actor)

    def claim(self, task_id: int, actor: Actor) -> None:
        """With the button of the task."""
        self._press(f"/tasks/{task_id}", f"/tasks/{task_id}/claim", {}, actor)

    def unclaim(self, task_id: int, actor: Actor) -> None:
        """With the button of the task."""
        self._press(f"/tasks/{task_id}", f"/tasks/{task_id}/unclaim", {}, actor)

    def hold(self, key: str, instance_id: int, reason: str, until: datetime | None, actor: Actor) -> None:
        """With the form on the record."""
        typed = {"reason": reason, "until": self._text(until)}
        self._press(f"/records/{key}", f"/records/{key}/instances/{instance_id}/hold", typed, actor)

    def resume(self, key: str, instance_id: int, actor: Actor) -> None:
        """With the button on the record."""
        self._press(f"/records/{key}", f"/records/{key}/instances/{instance_id}/resume", {}, actor)

    def cancel(self, key: str, instance_id: int, reason: str, actor: Actor) -> None:
        """With the form on the record, sure of it."""
        typed = {"reason": reason, "sure": "yes"}
        self._press(f"/records/{key}", f"/records/{key}/instances/{instance_id}/cancel", typed, actor)

    # Opening and sending

    def _open(self, address: str, actor: Actor) -> Page:
        client = self._desk.browser(self._world, actor.user_id)
        response = client.get(address)
        return _accepted(Page.read(response.status_code, response.get_data(as_text=True), address))

    def _send(self, form: Sheet, actor: Actor) -> Page:
        self._reveal(form, actor)
        return self._post(form.action, form.sent(), actor)

    def _post(self, address: str, data: Any, actor: Actor) -> Page:
        """Send, and go where the answer leads."""
        client = self._desk.browser(self._world, actor.user_id)
        response = client.post(address, data=data, content_type="multipart/form-data")
        if response.status_code == 303:
            return self._open(response.headers["Location"].partition("#")[0], actor)
        return _accepted(Page.read(response.status_code, response.get_data(as_text=True), address))

    def _reveal(self, form: Sheet, actor: Actor) -> None:
        """Draw a form with what is filled in, as scripts do: hidden fields show then."""
        client = self._desk.browser(self._world, actor.user_id)
        for name, address in form.unseen.items():
            if not address:
                raise Stopped(f"{form.address} hides {name}, and nothing draws the form anew.")
            drawn = client.post(address, data=form.sent(), headers={"HX-Request": "true"})
            page = Page.read(drawn.status_code, drawn.get_data(as_text=True), address)
            field = page.find("//*[@id=$id]", id=name)
            if drawn.status_code != 200 or field is None:
                raise Stopped(f"{address} answers {drawn.status_code} without {name}: {page.text}")
            if "hidden" in field.attrib:
                raise Stopped(f"{form.address} hides {name} with what is filled in; nobody can fill it in.")

    def _press(self, address: str, action: str, typed: Mapping[str, str], actor: Actor) -> None:
        page = self._open(address, actor)
        form = page.form("//form[@action=$action]", action=action)
        if form is None:
            self._force(page, action, typed, actor)
            return
        for name, text in typed.items():
            form.fill(name, [text])
        self._send(form, actor)

    def _force(self, page: Page, action: str, data: Mapping[str, Any], actor: Actor) -> None:
        """What the page does not offer is refused; were it done, the page would hide what somebody may do."""
        token = str(page.tree.xpath("//input[@name='csrf_token']/@value")[0])
        self._post(action, {**data, "csrf_token": token}, actor)
        raise Stopped(f"{page.address} does not offer {action} to {actor.user_id}, and it was done.")

    # Filling in

    def _filled(self, form: Sheet, values: Mapping[str, Value], outcome: str = "") -> Sheet:
        chosen = values.get(outcome) if outcome else None
        for name, value in values.items():
            if name == outcome:
                form.press(name, str(value))
                continue
            own = f"panel:{chosen}:{name}"
            self._fill(form, own if own in form.names() else name, value)
        return form

    def _fill_row(self, form: Sheet, task_id: int, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            shared = f"shared:{name}"
            self._fill(form, shared if shared in form.names() else f"{task_id}:{name}", value)

    def _fill(self, form: Sheet, name: str, value: Value) -> None:
        rows = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
        if rows and "$chosen" not in rows[0]:
            for at, row in enumerate(rows, 1):
                for column, cell in row.items():
                    self._fill(form, f"{name}[{at}].{column}", cell)
            return
        files = [self._chosen[int(str(each["$chosen"]))] for each in _uploads(value)]
        form.fill(name, [] if files else self._texts(value), files)

    def _plain(self, values: Mapping[str, Value]) -> Iterator[tuple[str, list[str]]]:
        for name, value in values.items():
            yield name, self._texts(value)

    def _texts(self, value: Value) -> list[str]:
        if isinstance(value, list):
            return [self._text(each) for each in value]
        return [text] if (text := self._text(value)) else []

    def _text(self, value: Value) -> str:
        """A value as it is typed."""
        if isinstance(value, bool):
            return "true" if value else ""
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, datetime):
            return f"{value.astimezone(self._world.context.zone()):%Y-%m-%dT%H:%M}"
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if isinstance(value, date):
            return value.isoformat()
        return "" if value is None else str(value)


def _uploads(value: Value) -> list[dict[str, Value]]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict) and "$chosen" in each]


def _own_form(page: Page, path: str) -> Sheet:
    form = page.form(path)
    if form is None:
        raise Stopped(f"{page.address} has no form: {page.text}")
    return form


def _start_link(page: Page, process: str, element: str) -> str:
    """The address on a page that leads to the form of this start."""
    for link in page.tree.xpath("//a/@href"):
        parts = urlsplit(str(link))
        at = parse_qs(parts.query).get("element_id", [""])[0]
        if parts.path == f"/start/{process}" and element in {"", at}:
            return str(link)
    return ""


def _accepted(page: Page) -> Page:
    """The page, when it is none that refuses; what refuses is told as the engine's own error."""
    if page.status == 200:
        return page
    errors = dict(_form_errors(page))
    if errors:
        raise FormInvalid({path: (Invalid(text),) for path, text in errors.items()})
    if page.status not in _REFUSALS:
        raise Stopped(f"{page.address} answers {page.status}: {page.text}")
    raise _REFUSALS[page.status](page.text)


def _form_errors(page: Page) -> Iterator[tuple[str, str]]:
    """The fields of the list of errors, found as its links lead, and what is said of each."""
    for link in page.tree.xpath("//*[@id='errors']//a"):
        place = page.find("//*[@id=$id]", id=link.get("href").removeprefix("#"))
        if place is None:
            raise Stopped(f"{page.address}: the error “{link.text_content()}” leads nowhere.")
        yield _PANEL.sub("", _name(place)), link.text_content()


def _name(place: Any) -> str:
    within = place.xpath(".//@name")
    return str(place.get("name") or place.get("data-table") or (within[0] if within else place.get("id")))


def _row_answer(page: Page, task_id: int) -> GendanError | None:
    """What the sheet says of a row that was sent: one that went through is gone."""
    line = page.find("//tbody[@data-task=$id]", id=str(task_id))
    if line is None:
        return None
    wrong = " ".join(each.text_content() for each in line.xpath(".//*[contains(@class, 'wrong')]"))
    fields = [_name(each).partition(":")[2] for each in line.xpath(".//*[@aria-invalid]")]
    if fields:
        return FormInvalid({name: (Invalid(wrong),) for name in fields})
    return Invalid(wrong or "The row is still there, and the page does not say why.")
