"""The executing core: a compiled process and one running instance of it.

`compile_program` turns a typed definition into a `Program` that every instance shares read-only. An `Execution` is one
instance in memory: start or restore it, use its verbs, `run` it to rest, `drain` what happened, take its `snapshot`.
It knows no clock, no database and no decision table; what it needs of these it asks its `Environment`.
"""

from engine.dialect.program import Program, compile_program
from engine.runtime.core.binding import Obstacle
from engine.runtime.core.environment import ConnectorResult, DecisionOutcome, Environment
from engine.runtime.core.execution import Execution
from engine.runtime.core.rebind import Rebound
from engine.runtime.core.schedule import next_start
from engine.runtime.core.waits import Wait

__all__ = [
    "ConnectorResult",
    "DecisionOutcome",
    "Environment",
    "Execution",
    "Obstacle",
    "Program",
    "Rebound",
    "Wait",
    "compile_program",
    "next_start",
]
