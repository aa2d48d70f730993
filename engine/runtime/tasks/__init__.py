"""Verbs of user tasks and external tasks: the inbox, claiming, filling in, completing."""
