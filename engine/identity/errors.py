"""What a refused sign-in answers."""

from __future__ import annotations

from engine.errors import Forbidden


class SignInRefused(Forbidden):
    """Name or password is wrong, or the name is locked for a while; `fields["until"]` then tells until when.

    The text never tells whether the name exists.
    """

    code = "sign-in-refused"
