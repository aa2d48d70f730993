"""Load, step, compact, save: the unit of work, and the verbs that are one unit of work each."""
