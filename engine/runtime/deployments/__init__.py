"""Verbs of what is deployed: checked as a set, deployed as a set, compared, edited as drafts."""
