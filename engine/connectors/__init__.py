"""Connectors: what system steps do, and what expressions may ask of the practice and the database."""

from __future__ import annotations

from collections.abc import Mapping

from engine.connectors.effects import (
    Effect,
    EndSubstitute,
    Notify,
    SendMessage,
    SetStatus,
    StartProcess,
    Substitute,
    Suspend,
)
from engine.connectors.functions import FUNCTIONS, ReaderContext
from engine.connectors.reader import Reader
from engine.connectors.spec import Answer, Argument, Connector
from engine.connectors.standard import CONNECTORS
from engine.dialect.environment import ConnectorResult
from engine.expressions import register
from engine.values import Value

__all__ = [
    "CONNECTORS",
    "FUNCTIONS",
    "Answer",
    "Argument",
    "Connector",
    "Effect",
    "EndSubstitute",
    "Notify",
    "Reader",
    "ReaderContext",
    "SendMessage",
    "SetStatus",
    "StartProcess",
    "Substitute",
    "Suspend",
    "outside",
    "run",
]

register(*FUNCTIONS)


def run(topic: str, inputs: Mapping[str, Value], reader: Reader) -> ConnectorResult | None:
    """Run the connector of this topic; None when there is none, or when its effect is outside (`outside`).

    Raises Invalid when its inputs do not fit.
    """
    connector = CONNECTORS.get(topic)
    if connector is None or connector.outside:
        return None
    answer = connector.run(inputs, reader)
    return ConnectorResult(answer.value, answer.effects, answer.variables)


def outside(topic: str) -> bool:
    """Whether a step with this topic waits for a job."""
    connector = CONNECTORS.get(topic)
    return connector is not None and connector.outside
