"""The board: what needs somebody now, the figures, and the rows behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from engine.definitions.practice import Figure
from engine.views import Cell, Chosen
from webui import exports
from webui.access import actor, area, engine
from webui.addresses import address
from webui.practice import surroundings
from webui.shown import number
from webui.words import gettext

pages = area("board", "/board")
_WIDE, _HIGH, _EDGE = 132, 34, 4
_TENTH, _WHOLE = Decimal("0.1"), Decimal(1)


@pages.get("")
def show() -> str:
    """Exceptions first, then the figures for what the address chooses."""
    asked = chosen()
    found = engine().board.show(actor(), asked)
    return render_template("board/show.html", found=found, chosen=asked, **_words())


@pages.get("/<board_id>")
def one(board_id: str) -> str:
    """All rows of an exception, or those behind a figure."""
    after = request.args.get("after", "")
    if surroundings().board.watch(board_id):
        found = engine().board.watch(board_id, actor(), after)
        return render_template("board/watch.html", found=found, **_words())
    asked = chosen()
    behind = engine().board.figure(board_id, actor(), asked, after)
    return render_template("board/figure.html", found=behind, chosen=asked, **_words())


@pages.get("/<board_id>/export")
def export(board_id: str) -> ResponseReturnValue:
    """The same rows as an Excel file."""
    return exports.file("board", engine().board.export(board_id, actor(), chosen()))


def chosen() -> Chosen:
    """What the address asks for: `of=dimension:member` and `month=2026-11`."""
    dimension, _, member = request.args.get("of", "").partition(":")
    if not member:
        dimension = ""
    return Chosen(dimension, member, request.args.get("month", ""))


def seen() -> bool:
    """Whether the reader has a board; asked once a request, by the frame."""
    if "board" not in g:
        g.board = bool(surroundings().board.watches or surroundings().board.figures) and engine().board.may(actor())
    return bool(g.board)


def amount(figure: Figure, value: Decimal | None) -> str:
    """A value of a figure in its unit; a dash for none."""
    if value is None:
        return "–"
    if figure.unit == "%":
        return f"{number((value * 100).quantize(_TENTH, ROUND_HALF_UP).normalize() + 0)} %"
    told = number(value.quantize(_TENTH if value < 100 else _WHOLE, ROUND_HALF_UP))
    if figure.unit == "days":
        return gettext("%(count)s working days", count=told)
    return gettext("%(count)s working hours", count=told) if figure.unit == "hours" else told


def line(trend: Sequence[tuple[str, Cell]]) -> list[list[tuple[float, float]]]:
    """The strokes of a sparkline: points of months that have a value, broken where months have none."""
    values = [cell.value for _, cell in trend if cell.value is not None]
    if not values:
        return []
    low, high = min(values), max(values)
    span = high - low
    strokes: list[list[tuple[float, float]]] = [[]]
    for place, (_, cell) in enumerate(trend):
        if cell.value is None:
            strokes.append([])
            continue
        part = float((cell.value - low) / span) if span else 0.5
        across = _EDGE + place * (_WIDE - 2 * _EDGE) / max(len(trend) - 1, 1)
        strokes[-1].append((round(across, 1), round(_HIGH - _EDGE - part * (_HIGH - 2 * _EDGE), 1)))
    return [stroke for stroke in strokes if stroke]


def _words() -> dict[str, object]:
    return {
        "dimensions": surroundings().board.dimensions,
        "amount": amount,
        "line": line,
        "address": address,
        "wide": _WIDE,
        "high": _HIGH,
    }
