"""A message flow says who sends to whom (§9.3). It carries what a send task or throwing event sends to what catches it;
between other steps it only tells the reader something, and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, MessageFlow, Node
from engine.definitions.reader_correlation import readable
from engine.definitions.reader_messages import SENDING, message_of
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject

_BOUNDED = (Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT, Kind.RECEIVE_TASK)


def check(subject: Subject) -> Iterator[Found]:
    """Message flows between executable processes of the file whose ends name different messages; correlation properties
    that cannot be found in their message. A source that does not send or a target that does not catch is a warning."""
    nodes = {place.node.id: place.node for place in subject.places}
    for flow in subject.file.message_flows:
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is not None and target is not None:
            yield from _between(flow, source, target)
    for path in subject.file.correlation_paths if subject.processes else ():
        if not readable(path):
            yield Found(
                Spot(path.line, path.property), "The correlation property is looked for at “%(path)s”.",
                "Name a field of the message's payload, as orderId or order.id.", {"path": path.path},
            )  # fmt: skip


def _between(flow: MessageFlow, source: Node, target: Node) -> Iterator[Found]:
    spot = Spot(flow.line, flow.id, flow.name)
    sent, caught = message_of(source), message_of(target)
    if source.kind not in SENDING or sent is None:
        yield Found(
            spot, "%(source)s sends no message: the flow is drawn, and nothing goes along it to %(target)s.",
            "Make it a send task or a message throw event, if it is to send.",
            {"source": source.id, "target": target.id}, Level.WARNING,
        )  # fmt: skip
    elif target.kind not in _BOUNDED or caught is None:
        yield Found(
            spot, "%(target)s catches no message, so what %(source)s sends is lost.",
            "Make it a receive task or a message event, if it is to wait.",
            {"source": source.id, "target": target.id}, Level.WARNING,
        )  # fmt: skip
    elif sent != caught and "${" not in sent + caught:
        yield Found(
            spot, "%(source)s sends “%(sent)s”, but %(target)s waits for “%(caught)s”.", "Name the same message.",
            {"source": source.id, "sent": sent, "target": target.id, "caught": caught},
        )  # fmt: skip


RULE = Rule("message-flow", Level.ERROR, check)
