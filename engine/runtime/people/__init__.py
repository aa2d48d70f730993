"""Verbs of people: accounts, sign-in, groups, substitutions, and the reference lists they keep."""
