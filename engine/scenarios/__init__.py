"""Scenarios in the process owner's words: YAML stories that run on the real engine with a moved clock.

The language is described in `docs/scenarios.md`. As data: files are read into documents (`files`), their nodes
parsed once into typed steps and expectations (`source`, `read_*`), and played one after the other on an engine that
was opened for the story (`world`, `play`, `verbs`, `checks`); what comes out is a `Result`.
"""
