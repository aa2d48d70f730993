"""What a message from outside brings, checked against the form of the event that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import forms
from engine.definitions.model import Node
from engine.runtime.deployed.practice import DeployedProcess
from engine.runtime.lifecycle.startable import Starts
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import Acting
from engine.values import Value


def of_start(
    machinery: Machinery,
    connection: Connection,
    process: DeployedProcess,
    node: Node,
    payload: Mapping[str, Value],
    key: str,
    acting: Acting,
) -> Mapping[str, Value]:
    """The values that a start event begins with; the payload as it is where there is no form. Raises FormInvalid."""
    element = process.elements[node.id]
    if not element.form.fields:
        return payload
    starts = Starts(machinery, connection, acting, key)
    return forms.validate(element.form, payload, starts.names, starts.environment.context(), element.prefilled)


def of_waiting(
    machinery: Machinery,
    connection: Connection,
    row: Any,
    stored: Stored,
    values: Mapping[str, Value],
    acting: Acting,
) -> Mapping[str, Value]:
    """The same for what a subscription (`row`) waits at."""
    step = Step(machinery, connection, stored, acting)
    element = step.element_at(row.process_id, row.element_id, row.token)
    if not element.form.fields:
        return values
    names = step.execution.variables(row.token)
    return forms.validate(element.form, values, names, step.environment.context(), element.prefilled)
