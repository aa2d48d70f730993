"""The tables, by what they are of; `whole` fills `metadata` with all of them."""
