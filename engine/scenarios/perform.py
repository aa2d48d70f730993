"""Doing a step: each kind of step by the one function that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.scenarios import steps as s
from engine.scenarios.doing_practice import deploy, enter_calendar, enter_items, http, import_rows, push, restart
from engine.scenarios.doing_records import comment, person_verb, record_verb, retry, send, start
from engine.scenarios.doing_tasks import batch, do, task_verb

if TYPE_CHECKING:
    from engine.scenarios.play import Play

_DOERS: dict[type, Callable[[Any, Any], None]] = {
    s.Start: start,
    s.Do: do,
    s.Batch: batch,
    s.Send: send,
    s.TaskVerb: task_verb,
    s.Comment: comment,
    s.RecordVerb: record_verb,
    s.Retry: retry,
    s.PersonVerb: person_verb,
    s.EnterCalendar: enter_calendar,
    s.EnterItems: enter_items,
    s.Import: import_rows,
    s.Deploy: deploy,
    s.PushSwitch: push,
    s.HttpAnswer: http,
    s.Restart: restart,
}


def perform(play: Play, step: s.Step) -> None:
    """Do a step. A refusal of the engine goes through; `Stopped` when the story itself cannot go on."""
    _DOERS[type(step)](play, step)
