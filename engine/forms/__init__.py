"""Forms of diagrams: what they ask, how they are filled beforehand, and the one check of what is submitted."""

from engine.forms.build import CONSTRAINTS, PROPERTIES, build_form, read_form
from engine.forms.context import FormContext
from engine.forms.filling import default_row, prefill
from engine.forms.model import Field, FieldType, Form, FormProblem, Option
from engine.forms.posting import parse
from engine.forms.reading import Refused
from engine.forms.scope import ROW
from engine.forms.validating import FormState, state, validate

__all__ = [
    "CONSTRAINTS",
    "PROPERTIES",
    "ROW",
    "Field",
    "FieldType",
    "Form",
    "FormContext",
    "FormProblem",
    "FormState",
    "Option",
    "Refused",
    "build_form",
    "default_row",
    "parse",
    "prefill",
    "read_form",
    "state",
    "validate",
]
