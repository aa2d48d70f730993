"""What a measurement answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured ratio, what it may be at most, and what it is a ratio of; `seen` are the medians behind it."""

    ratio: float
    limit: float
    unit: str
    seen: str = ""

    @property
    def held(self) -> bool:
        return self.ratio <= self.limit


def ms(seconds: float) -> str:
    """For the eye."""
    return f"{seconds * 1000:.2f} ms"
