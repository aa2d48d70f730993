"""Steps on tasks: completing one or a page of them, claiming, giving away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.errors import GendanError
from engine.scenarios.filling import filled
from engine.scenarios.finding import fits, open_tasks, the_task
from engine.scenarios.outcome import StepFailed
from engine.scenarios.refusals import accepted, differs
from engine.scenarios.source import unknown
from engine.scenarios.steps import Batch, Do, Row, TaskVerb
from engine.scenarios.templates import Stopped, Template, Upload, Values
from engine.values import Value
from engine.views import Actor, TaskForm

if TYPE_CHECKING:
    from engine.scenarios.play import Play


def do(play: Play, step: Do) -> None:
    """Complete a task with its form."""
    actor = play.actor(step)
    row = the_task(play, play.text(step.element), play.find(step.subject), step.where, actor)
    page = play.engine.tasks.get(row.id, actor)
    play.hands.complete(page, _values(play, page, actor, (step.values,), step.outcome), actor)


def batch(play: Play, step: Batch) -> None:
    """Complete many tasks of one element, those of the page this person sees, each in its own transaction."""
    actor = play.actor(step)
    element = play.text(step.element)
    chosen = list(_chosen(play, step, element, _page(play, element, actor)))
    filled_in = [(task, _values(play, task, actor, (step.shared, row.values), row.outcome)) for row, task in chosen]
    answers = play.hands.complete_page(element, filled_in, actor)
    for (row, task), error in zip(chosen, answers, strict=True):
        _judge(play, step, row, task, error)


def task_verb(play: Play, step: TaskVerb) -> None:
    """claim, unclaim, delegate, reassign, set due."""
    actor = play.actor(step)
    task = the_task(play, play.text(step.element), play.find(step.subject), step.where)
    tasks = play.engine.tasks
    match step.verb:
        case "claim":
            play.hands.claim(task.id, actor)
        case "unclaim":
            play.hands.unclaim(task.id, actor)
        case "delegate":
            tasks.delegate(task.id, play.text(step.to), actor)
        case "reassign":
            tasks.reassign(task.id, play.text(step.to), actor)
        case "set due" if step.moment is not None:
            tasks.set_due(task.id, step.moment.at(play.scope()), actor)


def uploader(play: Play, actor: Actor, task_id: int | None = None) -> Upload:
    """How files of a form are uploaded by this person for this task (or a start form)."""

    def upload(name: str, content: bytes) -> Value:
        return play.hands.upload(name, content, actor, task_id)

    return upload


def _values(
    play: Play, page: TaskForm, actor: Actor, layers: tuple[Values, ...], outcome: Template | None
) -> dict[str, Value]:
    """What the form of this task is sent with."""
    row = page.row
    task: dict[str, Value] = {
        "name": row.name, "number": row.number, "business_key": row.business_key, "due": row.due,
    }  # fmt: skip
    scope = play.scope(uploader(play, actor, row.id), form=dict(page.values), task=task)
    given: dict[str, Value] = {}
    for layer in layers:
        given |= layer.make(scope)
    return filled(page.form, given, play.text(outcome))


def _chosen(play: Play, step: Batch, element: str, page: list[TaskForm]) -> Iterator[tuple[Row, TaskForm]]:
    """The tasks of the page that are sent, each with the row of the story that says how."""
    for row in step.rows:
        for name in row.names:
            task = _on_page(play, page, element, name, row)
            page.remove(task)
            yield row, task
    if step.rest is not None:
        besides = _besides(play, step.rest)
        yield from ((step.rest, each) for each in page if each.row.business_key not in besides)


def _judge(play: Play, step: Batch, row: Row, task: TaskForm, error: GendanError | None) -> None:
    """The answer to one row of the page; a refusal of a row that is expected leaves the others alone."""
    if error is not None and row.refused is None:
        raise error
    problem = accepted(row.refused) if error is None or row.refused is None else differs(play, step, row.refused, error)
    if problem is not None:
        raise StepFailed(row.place, f"{step.title}, {task.row.business_key}", (problem,))


def _page(play: Play, element: str, actor: Actor) -> list[TaskForm]:
    """The rows of the batch page of this person, for every process that has this element."""
    found: dict[int, TaskForm] = {}
    for process_id in play.engine.tasks.batches(element, actor):
        found |= {view.row.id: view for view in play.engine.tasks.batch(process_id, element, actor)}
    return list(found.values())


def _besides(play: Play, rest: Row) -> set[str]:
    """The keys of `except`; a name that is yet to be given is nobody's."""
    names = [play.text(name) for name in rest.besides]
    unknown_names = [name for name in names if name not in play.named and name not in play.awaited]
    if unknown_names:
        raise Stopped(unknown(unknown_names[0], play.named, "this story"))
    return {play.named[name].key for name in names if name in play.named}


def _on_page(play: Play, page: list[TaskForm], element: str, name: Template, row: Row) -> TaskForm:
    named = play.find(name)
    own = {task.id for task in open_tasks(play, named)}
    found = [task for task in page if task.row.id in own and fits(play, task.row, row.where)]
    if not found:
        keys = ", ".join(sorted({task.row.business_key for task in page})) or "nothing"
        raise Stopped(f"{play.text(name)} ({named.key}) is not on the page of {element}; there is {keys}.")
    return found[0]
