"""Simulation before deployment: finished instances are replayed from their history by another set, in memory.

What people submitted, what came as a message, when timers struck and what steps were answered is taken from history;
who could not be replayed by the version it ran itself proves nothing, and is told apart.
"""

from engine.runtime.simulating.verbs import Simulations

__all__ = ["Simulations"]
