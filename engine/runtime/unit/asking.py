"""A context for expressions that are evaluated outside of any step: scenarios, previews.

Each call of a function that asks practice or database reads in a transaction of its own, so that nothing is held open
between two expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.errors import NotFound
from engine.expressions import FUNCTIONS, Function
from engine.runtime.unit.environment import PracticeEnvironment, Surrounding
from engine.runtime.unit.machinery import Machinery
from engine.store.connect import Connection
from engine.values import Value

Answer = TypeVar("Answer")


class Asking:
    """The practice deployed last, seen now, with the rights of the engine itself."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def now(self) -> datetime:
        """The present moment."""
        return self._machinery.clock.now()

    def zone(self) -> ZoneInfo:
        """The zone of the practice's default calendar."""
        return self._ask(lambda context: context.zone())

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """Everything declared; what asks its context is given one on an open connection."""
        return {name: replace(each, call=self._asking(each.call)) for name, each in FUNCTIONS.items()}

    def _asking(self, call: Callable[..., Value]) -> Callable[..., Value]:
        return lambda _context, *given: self._ask(lambda context: call(context, *given))

    def _ask(self, question: Callable[[Surrounding], Answer]) -> Answer:
        def read(connection: Connection) -> Answer:
            practice = self._machinery.library.latest(connection)
            if practice is None:
                raise NotFound("Nothing is deployed yet. Deploy the practice first: gendan deploy processes/")
            return question(PracticeEnvironment(self._machinery, connection, practice, self.now()).context())

        return self._machinery.read(read)
