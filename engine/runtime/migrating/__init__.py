"""Migration: running instances go on by another version of their process, in bulk, and back while they have not moved.

An instance belongs to the set of one deployment, and goes to the last set that holds the other version: what it calls
and decides goes with it.
"""

from engine.runtime.migrating.effect import MigrationJobs
from engine.runtime.migrating.verbs import Migrations

__all__ = ["MigrationJobs", "Migrations"]
