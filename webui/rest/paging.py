"""Lists in parts, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Annotated, Literal, TypeVar

from msgspec import Meta

from webui.rest.refusing import invalid
from webui.rest.shapes import Body, Query

MOST = 10_000
"""How many rows one answer holds. Who asks for all of more is told to ask in parts: a cut-off list would lie."""
Row = TypeVar("Row")
_LAST = 2**53


class Paging(Query, frozen=True, kw_only=True):
    """Which part of a list: `maxResults` rows from row `firstResult` (0 is the first) on."""

    first_result: Annotated[int, Meta(ge=0, le=_LAST)] = 0
    max_results: Annotated[int, Meta(ge=0, le=MOST)] | None = None

    @property
    def limit(self) -> int:
        """How many rows to ask the engine for."""
        return MOST + 1 if self.max_results is None else self.max_results

    def whole(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows found with `limit`, unless they are not all. Raises Refused."""
        if len(rows) > MOST:
            raise invalid(f"There are more than {MOST}. Ask in parts, by firstResult and maxResults.")
        return rows

    def part(self, rows: Sequence[Row]) -> Sequence[Row]:
        """This part of all rows."""
        return self.whole(rows[self.first_result : self.first_result + self.limit])


class Page(Paging, frozen=True, kw_only=True):
    """A part of a sorted list."""

    sort_by: str | None = None
    sort_order: Literal["asc", "desc"] | None = None

    def order(self, known: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
        """By what to sort, in the engine's names (`known` by Camunda's), and whether downward. Raises Refused."""
        if (self.sort_by is None) != (self.sort_order is None):
            raise invalid("sortBy and sortOrder belong together: give both or none.")
        if self.sort_by is None:
            return ()
        return order((Sorting(sort_by=self.sort_by, sort_order=self.sort_order or "asc"),), known)

    def sorted_part(self, rows: Sequence[Row], known: Mapping[str, str]) -> Sequence[Row]:
        """This part of rows that are all at hand, sorted by their attributes (`known` by Camunda's names)."""
        return self.part(in_order(rows, self.order(known)))


class Sorting(Body, frozen=True, kw_only=True):
    """One level of the order of a list that is asked for by POST."""

    sort_by: str
    sort_order: Literal["asc", "desc"]


def order(sorting: Sequence[Sorting], known: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    """The same for the levels of a POST."""
    for each in sorting:
        if each.sort_by not in known:
            raise invalid(f"This list is not sorted by {each.sort_by}, but by {', '.join(known)}.")
    return tuple((known[each.sort_by], each.sort_order == "desc") for each in sorting)


def in_order(rows: Sequence[Row], wanted: Sequence[tuple[str, bool]]) -> Sequence[Row]:
    """Rows that are all at hand, sorted by their attributes; True is downward."""
    for name, down in reversed(wanted):
        rows = sorted(rows, key=attrgetter(name), reverse=down)
    return rows
