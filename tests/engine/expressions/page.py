"""Write the table of functions into docs/expressions.md: `python -m tests.engine.expressions.page`."""

from pathlib import Path

from engine import calendar, connectors
from engine.expressions import FUNCTIONS, Function
from engine.expressions.help import with_functions

PAGE = Path(__file__).parents[3] / "docs" / "expressions.md"


def offered() -> tuple[Function, ...]:
    """The built-in functions and those that the engine's parts offer; theirs win over ours of the same name."""
    found = dict(FUNCTIONS)
    found.update((each.name, each) for part in (calendar, connectors) for each in part.FUNCTIONS)
    return tuple(found.values())


if __name__ == "__main__":
    PAGE.write_text(with_functions(PAGE.read_text(encoding="utf-8"), offered()), encoding="utf-8")
