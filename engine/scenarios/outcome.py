"""What comes out of playing a story."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.scenarios.proof.trace import Trace
from engine.scenarios.source import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as expected; `place` is where the expectation stands."""

    place: Place
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.what}\n  expected: {_indented(self.expected)}\n  found:    {_indented(self.found)}"


class StepFailed(Exception):
    """A step did not go as told: where it stands, what it is, what was wrong, where the tokens are."""

    def __init__(self, place: Place, title: str, problems: tuple[Problem, ...], tokens: tuple[str, ...] = ()) -> None:
        self.place = place
        self.title = title
        self.problems = problems
        self.tokens = tokens
        super().__init__(title)

    def __reduce__(self) -> tuple[type[StepFailed], tuple[Place, str, tuple[Problem, ...], tuple[str, ...]]]:
        """As another process is told of it."""
        return type(self), (self.place, self.title, self.problems, self.tokens)


@dataclass(frozen=True, slots=True)
class Result:
    """A story that was played: `failure` is None when everything held; `seconds` is the time it took; `trace` what it
    went through."""

    name: str
    title: str
    place: Place
    steps: int
    seconds: float
    failure: StepFailed | None = None
    trace: Trace = field(default_factory=Trace)

    @property
    def held(self) -> bool:
        """Whether everything was as told."""
        return self.failure is None

    def explain(self) -> str:
        """The failure in full: step, expected and found, tokens; nothing when all held."""
        if self.failure is None:
            return ""
        lines = [f"{self.failure.place}: {self.failure.title}"]
        lines += [_shifted(str(problem)) for problem in self.failure.problems]
        if self.failure.tokens:
            lines.append("  tokens:")
            lines += [f"    {each}" for each in self.failure.tokens]
        return "\n".join(lines)


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 12)


def _shifted(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
