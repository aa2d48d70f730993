"""`python -m bench [name…]`: measure, print, and write bench/results.json. The exit code is 1 when one is over."""

from __future__ import annotations

import json
import sys

from bench.measures import MEASURES, Figure
from bench.places import RESULTS


def main(names: list[str]) -> int:
    """Measure all rows, or those named; results of the others stay as they are in the file."""
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"There is no measure {unknown[0]}. There are: {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    kept = json.loads(RESULTS.read_text()) if names and RESULTS.exists() else {}
    over = False
    for name in names or MEASURES:
        for figure_name, figure in MEASURES[name]().items():
            over |= not figure.held
            kept[figure_name] = {"ratio": round(figure.ratio, 3), "limit": figure.limit, "unit": figure.unit}
            print(_line(figure_name, figure), flush=True)
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n")
    return 1 if over else 0


def _line(name: str, figure: Figure) -> str:
    mark = "ok  " if figure.held else "OVER"
    seen = f"  ({figure.seen})" if figure.seen else ""
    return f"{mark} {name:<26} {figure.ratio:8.2f} of {figure.limit:g} {figure.unit}{seen}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
