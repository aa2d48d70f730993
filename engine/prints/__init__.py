"""Printed sheets of a practice: templates in a sandbox, and what they may read."""

from engine.prints.sandbox import Mistake, PrintFailed, mistakes, render

__all__ = ["Mistake", "PrintFailed", "mistakes", "render"]
