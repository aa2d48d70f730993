"""Running models that others wrote against our readers: `python -m tests.conformance DIR`."""
