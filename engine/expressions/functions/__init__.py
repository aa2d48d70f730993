"""The built-in functions of the language, by group; importing this package declares them."""

from engine.expressions.functions import contexts, lists, logic, moments, numbers, strings

__all__ = ["contexts", "lists", "logic", "moments", "numbers", "strings"]
