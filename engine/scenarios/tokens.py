"""Where the tokens of a story's records are, as lines for the report of a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.errors import GendanError
from engine.scenarios.world import SYSTEM
from engine.views import InstanceRow, Token

if TYPE_CHECKING:
    from engine.scenarios.play import Play

_MOST_RECORDS = 5


def where_tokens_are(play: Play) -> tuple[str, ...]:
    """A line an instance and a line a token, for the records spoken of last."""
    lines: list[str] = []
    keys = dict.fromkeys(named.key for named in reversed(play.named.values()))
    for key in list(keys)[:_MOST_RECORDS]:
        try:
            record = play.engine.records.get(key, SYSTEM)
        except GendanError:
            continue
        lines.append(f"{key} {record.title} [{record.status}]")
        for instance in record.instances:
            lines += _instance(play, instance)
    return tuple(lines)


def _instance(play: Play, instance: InstanceRow) -> Iterator[str]:
    end = f" → {instance.end}" if instance.end else ""
    number = f" {instance.number}" if instance.number not in ("", instance.business_key) else ""
    yield f"  {instance.process_id}{number} v{instance.version}: {instance.state}{end}"
    if instance.ended_at is None:
        for way in play.engine.instances.way(instance.id, SYSTEM):
            for token in way.tokens:
                yield f"    {_token(play, token)}"


def _token(play: Play, token: Token) -> str:
    zone = play.world.context.zone()
    due = f", due {token.due.astimezone(zone):%Y-%m-%d %H:%M}" if token.due else ""
    times = f" × {token.count}" if token.count != 1 else ""
    return f"{token.element_id}{times} ({token.kind}{due})"
