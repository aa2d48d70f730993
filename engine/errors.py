"""The one hierarchy of errors the engine raises on purpose.

Every error has a stable `code`, a `template` with named fields (the text that is shown, and the message id
of its translation) and the `fields` themselves. The text says what was wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class GendanError(Exception):
    """Root of all errors that are an answer and not a fault."""

    code: ClassVar[str] = "error"

    def __init__(self, template: str, /, **fields: object) -> None:
        self.template = template
        self.fields: Mapping[str, object] = fields
        super().__init__(template % fields if fields else template)


class NotFound(GendanError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not-found"


class Forbidden(GendanError):
    """The actor may know the thing but lacks the right; `fields["right"]` names it."""

    code = "forbidden"


class Conflict(GendanError):
    """The thing has changed meanwhile; the text says who changed it and when."""

    code = "conflict"


class Unavailable(GendanError):
    """The database cannot be reached just now. Whether the last action was done is told by doing it again with the
    same submission."""

    code = "unavailable"


class NotKept(GendanError):
    """A file cannot be kept or read just now (a full disk, no scanner); nothing was done."""

    code = "not-kept"


class Invalid(GendanError):
    """The request cannot be understood or breaks a rule of the model."""

    code = "invalid"


class FormInvalid(Invalid):
    """A submission breaks its form definition; `errors` maps a field path to its findings, first one first.

    A path is `field` or, inside a table, `table[row].column` with rows counted from 1.
    """

    code = "form-invalid"

    def __init__(self, errors: Mapping[str, tuple[GendanError, ...]]) -> None:
        self.errors = errors
        super().__init__("%(count)d fields need attention: %(names)s.", count=len(errors), names=", ".join(errors))


class DeploymentRefused(Invalid):
    """The practice has findings of level error; `findings` holds all of them."""

    code = "deployment-refused"

    def __init__(self, template: str, findings: tuple[object, ...], /, **fields: object) -> None:
        self.findings = findings
        super().__init__(template, **fields)


class ExpressionError(GendanError):
    """An expression cannot be read or evaluated; fields name the expression, the place and the cure."""

    code = "expression"


class ModelError(GendanError):
    """A running instance reached something its diagram leaves open (no flow to take, no receiver, …)."""

    code = "model"
