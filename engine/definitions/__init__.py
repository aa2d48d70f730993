"""Definitions as typed values: read from BPMN files, shared read-only by everything that runs or shows them."""
