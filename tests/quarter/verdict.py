"""What must hold after a quarter, whatever happened in it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, select

from engine.definitions.model import Kind
from engine.engine import Engine
from engine.store.schema.jobs import job
from engine.store.schema.running import (
    event_subscription,
    external_task,
    incident,
    message,
    process_instance,
    task,
    timer,
)
from engine.views import Actor

_WAITS = (task, timer, event_subscription, external_task, incident, job)


def stuck(engine: Engine) -> list[tuple[str, str]]:
    """Open instances for which nobody and nothing waits."""
    opened = select(process_instance.c.process_id, process_instance.c.business_key)
    opened = opened.where(process_instance.c.ended_at.is_(None))
    for table in _WAITS:
        opened = opened.where(~exists().where(table.c.instance_id == process_instance.c.id))
    with engine.machinery.database.reading() as connection:
        return [(row.process_id, row.business_key) for row in connection.execute(opened)]


def incidents(engine: Engine) -> list[tuple[str, str, str]]:
    """Steps that failed: process, element, what was wrong."""
    with engine.machinery.database.reading() as connection:
        return [(row.process_id, row.element_id, row.text) for row in connection.execute(select(incident))]


def late_messages(engine: Engine) -> list[str]:
    """Messages that lie in the outbox although their senders are long done."""
    with engine.machinery.database.reading() as connection:
        return list(connection.execute(select(message.c.name).where(message.c.state == "new")).scalars())


def orphans(engine: Engine) -> list[tuple[str, str]]:
    """Tasks of instances that have ended: process and element."""
    query = select(task.c.process_id, task.c.element_id).join(
        process_instance, process_instance.c.id == task.c.instance_id
    )
    with engine.machinery.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query.where(process_instance.c.ended_at.is_not(None)))]


def ends_without_a_name(engine: Engine) -> list[tuple[str, str, str]]:
    """Instances that came to an end that no end event with a name of their diagram says."""
    return list(_nameless(engine))


def _nameless(engine: Engine) -> Iterator[tuple[str, str, str]]:
    practice = engine.deployments.current()
    with engine.machinery.database.reading() as connection:
        ended = connection.execute(select(process_instance).where(process_instance.c.state == "completed")).all()
    for row in ended:
        ends = {
            node.id: node.name
            for node in practice.processes[row.process_id].definition.scope.walk()
            if node.kind is Kind.END_EVENT
        }
        if not ends.get(row.end_id):
            yield row.process_id, row.business_key, row.end_id


def board(engine: Engine, viewer: str) -> dict[str, tuple[int, object]]:
    """Figure → rows and value, as the board shows them."""
    engine.board.count_due()
    shown = engine.board.show(Actor(viewer)).figures
    return {each.figure.id: (each.cell.rows, each.cell.value) for each in shown}
