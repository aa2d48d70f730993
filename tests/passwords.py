"""The cost of a password in tests: the same Argon2id, but not the tenth of a second for each of a thousand people."""

from __future__ import annotations

from argon2 import PasswordHasher

from engine.identity import passwords

FULL = passwords._HASHER
"""What the product keeps passwords with."""
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
