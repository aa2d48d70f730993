"""Temporarily empty."""


def schema_text() -> str:
    """The schema."""
    return ""
