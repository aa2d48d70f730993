"""Verbs of process instances: correct, modify, cancel; incidents and what mends them."""
