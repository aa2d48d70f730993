"""The figures to hold, each a ratio within one run: `make bench` writes bench/results.json."""
