"""Plays the steps of a diagram on whatever runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from engine import scalars
from tests.engine.corpus.diagram import Diagram, Step, matches


class Player(Protocol):
    """What runs a diagram, in the words of the steps."""

    def start(self, process: str, values: Mapping[str, Any]) -> None: ...
    def start_at(self, element: str) -> None: ...
    def complete(self, element: str, values: Mapping[str, Any]) -> None: ...
    def error(self, element: str, code: str) -> None: ...
    def message(self, name: str, payload: Mapping[str, Any]) -> None: ...
    def signal(self, name: str, payload: Mapping[str, Any]) -> None: ...
    def wait(self, time: timedelta) -> None: ...
    def set(self, values: Mapping[str, Any]) -> None: ...
    @property
    def open(self) -> list[str]:
        """Tasks as their element, other waits as `kind:element`."""
        ...

    @property
    def state(self) -> str: ...
    @property
    def ends(self) -> str:
        """The end event reached last."""
        ...

    @property
    def flows(self) -> Counter[str]:
        """How often each sequence flow was taken."""
        ...

    @property
    def trace(self) -> list[str] | None:
        """The elements that were completed, in order; None where that is not known."""
        ...

    def value(self, name: str) -> Any: ...


def play(diagram: Diagram, player: Player) -> None:
    """All steps of a diagram; an AssertionError names the step."""
    for number, step in enumerate(diagram.steps, 1):
        where = f"step {number} of {diagram}: {step.verb} {step.about}"
        try:
            _EXPECTATIONS[step.verb](player, step) if step.verb in _EXPECTATIONS else _act(diagram, player, step)
        except AssertionError as error:
            raise AssertionError(f"{where}\n{error}") from error


def _act(diagram: Diagram, player: Player, step: Step) -> None:
    if step.verb == "set":
        player.set(step.about)
        return
    name, values = step.named
    match step.verb:
        case "start":
            player.start(name or diagram.process, values)
        case "start at":
            player.start_at(name)
        case "complete":
            player.complete(name, values)
        case "error":
            player.error(name, values["code"])
        case "message":
            player.message(name, values)
        case "signal":
            player.signal(name, values)
        case "wait":
            length = scalars.duration(name)
            assert isinstance(length, timedelta)
            player.wait(length)
        case _:
            raise AssertionError(f"{step.verb} is no verb")


def _same(found: object, expected: object) -> None:
    assert found == expected, f"found    {found}\nexpected {expected}"


def _open(player: Player, step: Step) -> None:
    """Which tasks are open; other waits are not told."""
    _same([each for each in player.open if ":" not in each], step.words)


def _waits(player: Player, step: Step) -> None:
    """Everything that is waited for."""
    _same(player.open, step.words)


def _trace(player: Player, step: Step) -> None:
    passed = player.trace
    if passed is not None:
        assert matches(step.about, passed), f"found    {' '.join(passed)}\nexpected {step.about}"


def _flows(player: Player, step: Step) -> None:
    _same(sorted(player.flows.elements()), step.words)


def _ended(player: Player, step: Step) -> None:
    _same((player.state, player.ends), ("completed", str(step.about or "")))


def _values(player: Player, step: Step) -> None:
    _same({name: player.value(name) for name in step.about}, step.about)


def _state(player: Player, step: Step) -> None:
    _same(player.state, step.about)


_EXPECTATIONS = {
    "open": _open, "waits": _waits, "trace": _trace, "flows": _flows, "ended": _ended, "values": _values,
    "state": _state,
}  # fmt: skip
