"""The heat map: how often and how long, by element, counted from history as it grows."""

from engine.runtime.heat.verbs import Heat

__all__ = ["Heat"]
