"""The form of a task: its fields, what fills them beforehand, and what the task sees."""

from __future__ import annotations

from typing import cast

from engine.forms import Field, Form
from webui.access import engine
from webui.rest import ids, variables
from webui.rest.door import actor
from webui.rest.shapes import Answer, Query
from webui.rest.task.one import head, number, resource
from webui.rest.variables import Shown


class FormAbout(Answer, frozen=True, kw_only=True):
    """How the form is made: of the fields of the diagram, which have no key."""

    key: str | None = None
    camunda_form_ref: str | None = None
    context_path: str | None = None
    fields: tuple[FormField, ...]


class FormField(Answer, frozen=True, kw_only=True):
    """A field; ours."""

    id: str
    label: str
    type: str
    required: bool
    options: tuple[str, ...]


class FormQuery(Query, frozen=True, kw_only=True):
    """Which fields."""

    variable_names: tuple[str, ...] | None = None
    deserialize_values: bool = True


class Reading(Query, frozen=True, kw_only=True):
    """How to read a variable; JSON is a text either way."""

    deserialize_value: bool = True


@resource.get("/task/<id>/form")
def form(id: str) -> FormAbout:
    """The fields of the form."""
    return FormAbout(fields=tuple(map(_field, cast(Form, engine().tasks.get(number(id), actor()).form))))


@resource.get("/task/<id>/form-variables")
def form_variables(id: str, query: FormQuery) -> dict[str, Shown]:
    """The fields of the form with what fills them beforehand."""
    view = engine().tasks.get(number(id), actor())
    names = [field.name for field in cast(Form, view.form)]
    wanted = query.variable_names
    return variables.shown({name: view.values.get(name) for name in names if wanted is None or name in wanted})


@resource.get("/task/<id>/variables")
def all_variables(id: str, query: FormQuery) -> dict[str, Shown]:
    """The variables that the task sees; needs the right to correct them."""
    found = head(id)
    seen = engine().instances.variables(found.instance_id, actor(), found.token)
    wanted = query.variable_names
    return variables.shown({name: value for name, value in seen.items() if wanted is None or name in wanted})


@resource.get("/task/<id>/variables/<name>")
def one_variable(id: str, name: str, query: Reading) -> Shown:  # noqa: ARG001 - JSON is a text either way
    """One of those."""
    found = all_variables(id, FormQuery(variable_names=(name,)))
    return found[name] if name in found else ids.missing(name, "variable")


def _field(field: Field) -> FormField:
    return FormField(
        id=field.name,
        label=field.label,
        type=field.type,
        required=field.required,
        options=tuple(option.id for option in field.options),
    )
