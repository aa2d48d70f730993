"""What a deployment leaves in tables: the groups with their rights, and the reference lists with their items."""

from __future__ import annotations

from engine.definitions.practice import Surroundings
from engine.runtime.unit.machinery import Machinery
from engine.store import settling
from engine.store.connect import Connection
from engine.values import Value, dumps


def settle_surroundings(machinery: Machinery, connection: Connection, surroundings: Surroundings) -> None:
    """Write groups and lists as deployed, and the items that a list never had.

    Of an item that it has, or had and took out of use, the database is the truth.
    """
    settling.put_groups(
        connection,
        [
            {
                "id": each.id,
                "zh": each.label.zh,
                "en": each.label.en,
                "rights": dumps(sorted(each.rights)),  # type: ignore[arg-type]
                "second_factor": each.second_factor,
            }
            for each in surroundings.groups.values()
        ],
    )
    now = machinery.clock.now()
    rows = []
    for each in surroundings.references.values():
        columns: list[Value] = [
            {"name": column.name, "type": column.type, "zh": column.label.zh, "en": column.label.en}
            for column in each.columns
        ]
        rows.append({"id": each.id, "zh": each.label.zh, "en": each.label.en, "columns": dumps(columns)})
        settling.put_items(
            connection,
            [
                {
                    "list_id": each.id,
                    "key": item.key,
                    "label": str(item.values.get(each.label_column) or item.key),
                    "content": dumps(dict(item.values)),
                    "search": " ".join([item.key, *(str(value) for value in item.values.values() if value)]).lower(),
                    "updated_at": now,
                }
                for item in each.items
            ],
        )
    settling.put_lists(connection, rows)
