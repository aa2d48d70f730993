"""The form of a task, a start or a message: how it stands, as the engine says, and as a page draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from engine.errors import FormInvalid
from engine.forms import Form, FormState
from webui import controls, posted
from webui.access import actor, engine
from webui.controls import Control, Drawing, Sheet
from webui.posted import Given

States = Callable[[Sequence[Mapping[str, object]]], Sequence[FormState]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form with the engine's answer to how it stands with given submissions."""

    form: Form
    states: States
    place: int | None = None
    """The task that uploads belong to."""

    def read(self, uploads: bool = True) -> Given:
        """The submission in the request."""
        return posted.read(self.form, self.place, uploads=uploads)

    def sheet(self, given: Given | None = None, error: FormInvalid | None = None) -> Sheet:
        """The form as it is drawn, prefilled or as it was typed, with what was wrong."""
        typed = dict(given.values) if given else {}
        options = self.form.outcome.options if self.form.outcome else ()
        name = self.form.outcome.name if self.form.outcome else ""
        now, *panels = self.states([typed, *({**typed, name: option.id} for option in options)])
        by_value = {option.id: state for option, state in zip(options, panels, strict=True)}
        return controls.sheet(Drawing(self.form, now, given, error or (given.refused if given else None)), by_value)

    def said(self) -> list[controls.Said]:
        """Labels and values for those who may only read."""
        (now,) = self.states([{}])
        return controls.said(Drawing(self.form, now))


def of_task(task_id: int, form: object) -> Asked:
    """The form of a task."""
    return Asked(cast(Form, form), lambda given: engine().filling.of_task(task_id, given, actor()), task_id)


def of_start(process_id: str, element_id: str, key: str) -> Asked:
    """The form of a start event."""
    form, _ = engine().instances.start_form(process_id, actor(), element_id, key)
    return Asked(form, lambda given: engine().filling.of_start(process_id, given, actor(), element_id, key))


def of_message(subscription_id: int) -> Asked:
    """The form of a message that may be sent by hand."""
    form, _ = engine().messages.form(subscription_id, actor())
    return Asked(form, lambda given: engine().filling.of_message(subscription_id, given, actor()))


def line(
    form: Form, state: FormState, prefix: str, given: Given | None, error: FormInvalid | None
) -> tuple[Control, ...]:
    """The controls of one row of a batch page: everything but tables and what is shared."""
    drawing = Drawing(form, state, given, error, prefix)
    return tuple(drawing.control(found) for found in form if not found.shared and not found.columns)


def shared(form: Form, state: FormState, given: Given | None = None) -> tuple[Control, ...]:
    """The controls that a batch page asks once for all its rows."""
    drawing = Drawing(form, state, given, None, "shared:")
    return tuple(drawing.control(found) for found in form.shared)
