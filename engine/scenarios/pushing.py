"""The push service of stories: it takes what is pushed and keeps it, unless the story says that it is down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.outside_settings import OutsideSettings
from engine.push import Message, SendFailed
from engine.scenarios.expectations import PushesExpected, PushWanted
from engine.scenarios.outcome import Problem

if TYPE_CHECKING:
    from engine.scenarios.play import Play

SETTINGS = OutsideSettings(push_kinds=("mail",), push_mail_url="mailto://stories")
"""People of a story have a mail address, if they have any."""
_AT = "@push.example"


def address_of(person: str) -> str:
    """The push address of a person in a story."""
    return person + _AT


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that has arrived."""

    to: str
    message: Message


@dataclass
class PushService:
    """Takes the place of what sends."""

    up: bool = True
    arrived: list[Arrived] = field(default_factory=list)

    def send(self, url: str, message: Message, _key: str, _settings: OutsideSettings) -> None:
        """Keep it. Raises SendFailed while the service is down."""
        if not self.up:
            raise SendFailed("The push service is down.")
        self.arrived.append(Arrived(url.removeprefix("mail:").removesuffix(_AT), message))


def pushes(play: Play, expected: PushesExpected) -> Iterator[Problem]:
    """Compare what has arrived since the story began."""
    arrived = play.world.pushes.arrived
    shown = "\n".join(f"{each.to}: {each.message.title}: {each.message.body}" for each in arrived) or "nothing"
    for wanted in expected.wanted:
        count = sum(_fits(play, wanted, each) for each in arrived)
        right = count == 0 if expected.absent else count == wanted.count if wanted.count is not None else count > 0
        if not right:
            number = "none" if expected.absent else str(wanted.count or "at least one")
            parts = " ".join(filter(None, (play.text(wanted.to), play.text(wanted.subject), play.text(wanted.text))))
            yield Problem(wanted.place, "push", f"{number} that fits: {parts}", shown)


def _fits(play: Play, wanted: PushWanted, found: Arrived) -> bool:
    return (
        (wanted.to is None or play.text(wanted.to) == found.to)
        and play.text(wanted.subject) in found.message.title
        and play.text(wanted.text) in found.message.body
    )
