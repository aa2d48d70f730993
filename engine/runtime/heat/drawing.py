"""What the count must know of a diagram: where flows lead, and which elements come and go in a way of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.model import Kind, Node, ProcessDefinition

_JOINS = frozenset({Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY})
_HOLDERS = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC_SUB_PROCESS, Kind.EVENT_SUB_PROCESS,
                      Kind.CALL_ACTIVITY})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """A version of a process. `names` and `kinds` are of every flow node; `targets` of every sequence flow.

    `joins` wait for several tokens and go on with one; `holders` contain what one waits for; `loops` are done in
    rounds, `rounds` those of them whose rounds history tells one by one; `last` have no way out.
    """

    process_id: str
    names: Mapping[str, str]
    kinds: Mapping[str, str]
    targets: Mapping[str, str]
    joins: frozenset[str]
    holders: frozenset[str]
    loops: frozenset[str]
    rounds: frozenset[str]
    last: frozenset[str]


def drawing_of(definition: ProcessDefinition) -> Drawing:
    """The parts of a definition that the count reads."""
    nodes = {node.id: node for node in definition.scope.walk()}
    scopes = [definition.scope, *(node.body for node in nodes.values() if node.body is not None)]
    loops = [node for node in nodes.values() if node.loop is not None]
    return Drawing(
        process_id=definition.id,
        names={key: node.name or key for key, node in nodes.items()},
        kinds={key: str(node.kind) for key, node in nodes.items()},
        targets={flow.id: flow.target for scope in scopes for flow in scope.flows.values()},
        joins=frozenset(key for key, node in nodes.items() if node.kind in _JOINS and len(node.incoming) > 1),
        holders=frozenset(key for key, node in nodes.items() if node.kind in _HOLDERS),
        loops=frozenset(node.id for node in loops),
        rounds=frozenset(node.id for node in loops if _opens(node)),
        last=frozenset(key for key, node in nodes.items() if not node.outgoing),
    )


def _opens(node: Node) -> bool:
    """Whether each round has a row of its own when it begins."""
    return node.kind is Kind.USER_TASK or bool(node.topic)
