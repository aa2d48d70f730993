"""Printed sheets of a record: which are offered to whom, and what one of them is filled with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import NotFound
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.showing import Showing
from engine.store import instances, records
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.views import Actor
from engine.views.prints import PrintOffer, PrintSource


class Prints:
    """Sheets of the instances that the viewer may see; the version an instance runs decides which template it is."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def offered(self, key: str, actor: Actor) -> tuple[PrintOffer, ...]:
        """The sheets of a record now. Raises NotFound to who may see no instance of it."""
        return self._machinery.read(lambda connection: self._offers(connection, key, self._acting(connection, actor)))

    def get(self, key: str, name: str, instance_id: int, actor: Actor) -> PrintSource:
        """One sheet; of several instances that have it the newest, unless one is named. Raises NotFound."""

        def read(connection: Connection) -> PrintSource:
            acting = self._acting(connection, actor)
            wanted = [
                offer
                for offer in self._offers(connection, key, acting)
                if offer.sheet.name == name and instance_id in (0, offer.instance_id)
            ]
            if not wanted:
                raise NotFound("There is no sheet %(name)s of %(key)s, or not yet.", name=name, key=key)
            offer = max(wanted, key=lambda each: each.instance_id)
            owner = instances.some(connection, [offer.instance_id])[0]
            showing = Showing(self._machinery, connection, acting)
            values = showing.published([owner.id]).get(owner.id, {})
            practice = showing.practice(owner.deployment_id)
            process = practice.processes[owner.process_id]
            showing.learn([(practice, process, values, tuple(values))])
            return PrintSource(offer, showing.fields(practice, process, values, tuple(values)))

        return self._machinery.read(read)

    def _offers(self, connection: Connection, key: str, acting: Acting) -> tuple[PrintOffer, ...]:
        found: Sequence[Any] = instances.of_record(connection, key, acting)
        record = records.get(connection, key)
        if record is None or not found:
            raise NotFound("There is no record %(key)s, or it is not yours to see.", key=key)
        return tuple(
            PrintOffer(sheet, each.id, each.number)
            for each in found
            for sheet in self._machinery.library.practice(each.deployment_id).surroundings.prints.values()
            if sheet.process == each.process_id and (not sheet.statuses or record.status in sheet.statuses)
        )

    def _acting(self, connection: Connection, actor: Actor) -> Acting:
        return acting_as(self._machinery, connection, actor)
