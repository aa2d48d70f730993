"""`python -m bench [--postgresql] [name…]`: measure, print, and write the results.

On SQLite they go into bench/results.json, and the exit code is 1 when one is over its limit; on PostgreSQL they are
reported in bench/results-postgresql.json beside the same limits.
"""

from __future__ import annotations

import json
import sys

from bench.figure import Figure
from bench.measures import MEASURES
from bench.places import RESULTS


def main(arguments: list[str]) -> int:
    """Measure all rows, or those named; results of the others stay as they are in the file."""
    kind = "postgresql" if "--postgresql" in arguments else "sqlite"
    names = [each for each in arguments if each != "--postgresql"]
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"There is no measure {unknown[0]}. There are: {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    results = RESULTS[kind]
    kept = json.loads(results.read_text()) if names and results.exists() else {}
    over = False
    for name in names or MEASURES:
        for figure_name, figure in MEASURES[name](kind).items():
            over |= not figure.held
            kept[figure_name] = {"ratio": round(figure.ratio, 3), "limit": figure.limit, "unit": figure.unit}
            print(_line(figure_name, figure), flush=True)
    results.write_text(json.dumps(kept, indent=2) + "\n")
    return 1 if over and kind == "sqlite" else 0


def _line(name: str, figure: Figure) -> str:
    mark = "ok  " if figure.held else "OVER"
    seen = f"  ({figure.seen})" if figure.seen else ""
    return f"{mark} {name:<28} {figure.ratio:8.2f} of {figure.limit:g} {figure.unit}{seen}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
