"""What a scenario sends with a form: its values, and the outcome under the name of the outcome field."""

from __future__ import annotations

from collections.abc import Mapping

from engine.forms.model import Form
from engine.scenarios.source import unknown
from engine.scenarios.templates import Stopped
from engine.values import Value


def filled(form: object, given: Mapping[str, Value], outcome: str) -> dict[str, Value]:
    """The values to send. What is not given stays as the form is filled beforehand; the engine sees to that.

    An outcome that the form does not offer is sent all the same under the field's name, so that the engine refuses
    it; a form without buttons stops the story.
    """
    values = dict(given)
    if not outcome:
        return values
    field = form.outcome if isinstance(form, Form) else None
    if field is None:
        raise Stopped(f"This form has no buttons, so that it cannot have the outcome “{outcome}”.")
    if field.option(outcome) is None:
        known = [option.id for option in field.options]
        raise Stopped(unknown(outcome, known, f"the buttons of {field.name}"))
    values[field.name] = outcome
    return values
