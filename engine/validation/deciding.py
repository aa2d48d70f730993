"""The conditions of a gateway together, with what is known of the names they test."""

from __future__ import annotations

from engine.definitions.model import Flow, Kind, Node
from engine.validation.conditions import Conditions, condition_of
from engine.validation.names import FORM_KINDS, written
from engine.validation.subject import Place, Subject


def conditions_at(subject: Subject, place: Place, choices: bool) -> tuple[list[Flow], Conditions] | None:
    """The flows of a deciding gateway that have conditions, in order, and what these say together; None when one of
    them cannot be read. With `choices` what forms and tables can give counts, which the whole practice tells."""
    if place.node.kind not in (Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY):
        return None
    flows = [place.scope.flows[name] for name in place.node.outgoing]
    asked = [flow for flow in flows if flow.condition and flow.id != place.node.default_flow and not flow.language]
    trees = [found for flow in asked if (found := condition_of(flow.condition)) is not None]
    if not asked or len(trees) < len(asked):
        return None
    if not choices or not subject.whole:
        return asked, Conditions(trees)
    names = subject.practice.variables.at(place.process.id, place.node)
    return asked, Conditions(trees, names, _never_null(place))


def _never_null(place: Place) -> frozenset[str]:
    """The names that only required fields of forms write."""
    given: dict[str, bool] = {}
    for node in place.process.scope.walk():
        for name in written(node):
            given[name] = given.get(name, True) and _required(node, name)
    return frozenset(name for name, always in given.items() if always)


def _required(node: Node, name: str) -> bool:
    others = [mapping.target for mapping in node.outputs]
    if node.kind not in FORM_KINDS or name in others:
        return False
    fields = [field for field in node.form if field.id == name]
    return bool(fields) and all(
        field.constraints.get("required", "false") != "false" and "visibleWhen" not in field.properties
        for field in fields
    )
