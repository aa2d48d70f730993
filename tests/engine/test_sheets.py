"""Writing Excel files."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from engine.errors import Forbidden
from engine.sheets import write_sheet


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_list_that_is_refused_leaves_no_file_half_begun() -> None:
    def refused() -> Iterator[tuple[str, ...]]:
        raise Forbidden("You may not.")
        yield ()

    with pytest.raises(Forbidden):
        write_sheet("list", ["name"], refused())
    gc.collect()
