"""Decision files (DMN): read with all their findings, checked, evaluated by every hit policy."""

from engine.decisions.differences import TableDifference, table_difference
from engine.decisions.evaluation import evaluate
from engine.decisions.model import Decision, DecisionOutcome, DecisionTable, DmnFile, HitPolicy
from engine.decisions.policies import map_result
from engine.decisions.reader import read_dmn
from engine.decisions.rules_at import rules_at

__all__ = [
    "Decision",
    "DecisionOutcome",
    "DecisionTable",
    "DmnFile",
    "HitPolicy",
    "TableDifference",
    "evaluate",
    "map_result",
    "read_dmn",
    "rules_at",
    "table_difference",
]
