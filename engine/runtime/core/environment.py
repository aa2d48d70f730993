"""What an execution asks of its surroundings; the elements ask, so it stands in `engine.dialect.environment`."""

from engine.dialect.environment import ConnectorResult, DecisionOutcome, Environment

__all__ = ["ConnectorResult", "DecisionOutcome", "Environment"]
