"""Every diagram of the corpus runs as the standard says: live, saved at every wait, and on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import DeploymentRefused
from tests.databases import KINDS, new_database
from tests.engine.corpus.diagram import DIAGRAMS, Diagram, matches
from tests.engine.corpus.memory import MemoryPlayer
from tests.engine.corpus.player import play
from tests.engine.corpus.stored import StoredPlayer
from tests.engine.runtime.office import Office, office_at

RUN = [each for each in DIAGRAMS if each.refused is None]
REFUSED = [each for each in DIAGRAMS if each.refused is not None]


@pytest.fixture(scope="module", params=KINDS)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One database of each kind for all diagrams; each takes the place of the practice before."""
    folder: Path = tmp_path_factory.mktemp("corpus")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    with new_database(request.param, folder, server) as url, office_at(url, folder) as found:
        yield found


@pytest.mark.parametrize("saving", [False, True], ids=["live", "saved"])
@pytest.mark.parametrize("diagram", [each for each in RUN if not each.several], ids=str)
def test_a_diagram_runs_as_the_standard_says(diagram: Diagram, saving: bool) -> None:
    play(diagram, MemoryPlayer(diagram, saving))


@pytest.mark.parametrize("diagram", RUN, ids=str)
def test_a_diagram_runs_the_same_way_on_a_database(diagram: Diagram, office: Office) -> None:
    player = StoredPlayer(diagram, office)
    try:
        play(diagram, player)
        if not diagram.several:
            alone = MemoryPlayer(diagram, saving=False)
            play(diagram, alone)
            assert player.flows == alone.flows
    finally:
        player.close()


@pytest.mark.parametrize("diagram", REFUSED, ids=str)
def test_a_diagram_that_does_not_run_is_refused_with_its_element_and_a_remedy(diagram: Diagram, office: Office) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        StoredPlayer(diagram, office)
    found = [each for each in refused.value.findings if (each.rule, each.element_id) == diagram.refused]
    assert found, [str(each) for each in refused.value.findings]
    assert found[0].remedy


def test_the_corpus_is_large_and_each_diagram_names_its_section() -> None:
    assert len(DIAGRAMS) >= 150
    for diagram in DIAGRAMS:
        assert diagram.section[:1].isdigit(), diagram
        assert diagram.says.endswith("."), diagram
        assert diagram.steps or diagram.refused, diagram


@pytest.mark.parametrize(
    ("expected", "passed", "right"),
    [
        ("a {b c} d", ["a", "c", "b", "d"], True),
        ("a b", ["b", "a"], False),
        ("a {b c}", ["a", "b"], False),
        ("{a b} {c d}", ["a", "c", "b", "d"], False),
        ("", ["a"], False),
    ],
)
def test_a_trace_is_a_way_with_places_where_the_order_is_free(expected: str, passed: list[str], right: bool) -> None:
    assert matches(expected, passed) is right
