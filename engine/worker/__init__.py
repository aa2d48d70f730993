"""Workers on PostgreSQL: any number of processes on any number of machines fire, deliver and run what is due."""

from engine.worker.run import work

__all__ = ["work"]
