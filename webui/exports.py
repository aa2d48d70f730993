"""Lists as Excel files: every row of the filter in the URL, fetched page by page, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from flask.typing import ResponseReturnValue

from engine.sheets import write_sheet
from engine.values import Value
from webui import shown, times

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 500


Row = TypeVar("Row")


def every(page: Callable[[str], tuple[Sequence[Row], str]]) -> Iterator[Row]:
    """All rows of a list whose pages name the cursor of the next one, empty at the end."""
    after = ""
    while True:
        rows, after = page(after)
        yield from rows
        if not after:
            return


def numbered(page: Callable[[int], Sequence[Row]], number: Callable[[Row], int]) -> Iterator[Row]:
    """All rows of a list whose pages of `PAGE` rows go on from the number of the last row."""
    last = 0
    while True:
        rows = page(last)
        yield from rows
        if len(rows) < PAGE:
            return
        last = number(rows[-1])


def answer(name: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> ResponseReturnValue:
    """The rows as a file, to be saved."""
    return file(name, write_sheet(name, headings, (tuple(map(_cell, row)) for row in rows)))


def file(name: str, content: bytes) -> ResponseReturnValue:
    """An Excel file that is made already, to be saved under this name."""
    headers = {"Content-Type": XLSX, "Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return content, 200, headers


def _cell(value: Value) -> Value:
    """Numbers and days stay what they are; a moment stands in the practice's zone, for Excel knows no zones."""
    if isinstance(value, datetime):
        return times.local(value).replace(tzinfo=None) if value.tzinfo else value
    kept = isinstance(value, str | Decimal | date | time)
    return value if kept else shown.plain(value)
