"""The practice's own scenarios, their people using the pages: what the diagrams say can be done by hand.

The player itself is tried too: it must fail when the story expects something else, and when a page lacks what is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.command.opening import practice_files
from engine.scenarios.beginnings import Beginnings
from engine.scenarios.documents import Library, read_library
from engine.scenarios.outcome import Result
from engine.scenarios.play import play_through
from engine.settings import Settings
from tests.webui.browsing import Browser
from tests.webui.html_forms import Page
from tests.webui.pages_player import Desk, PagesHands
from webui.app import create_app

PROCESSES = Path(__file__).parents[2] / "processes"
NAMES = (
    *("A01", "A02", "A04", "A05", "A06", "A11", "A12", "A14", "A18", "A21"),
    *("A22", "A26", "A31", "A38", "A42", "A51", "A54", "A104", "A105", "G23"),
)
RECORD = "{do: record_requirements, by: lin"
Playing = Callable[[str, Library], Result]


@pytest.fixture(scope="module")
def library() -> Library:
    """The scenarios of the practice."""
    return read_library([PROCESSES / "scenarios"])


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """`play("A01", library)` plays a story through the pages."""
    directory = tmp_path_factory.mktemp("scenarios")
    desk = Desk()
    with Beginnings(practice_files(PROCESSES)) as memory:

        def through_pages(name: str, library: Library) -> Result:
            story = library.stories[name]
            settings = Settings("sqlite://", directory / "attachments", b"scenario")
            world = memory.world(library.given(story), settings)
            return play_through(world, library, story, PagesHands(world, desk))

        yield through_pages


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_played_through_the_pages(name: str, play: Playing, library: Library) -> None:
    result = play(name, library)
    assert result.held, result.explain()


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("expect: {status: closed}", "in_review"),
        (f"{RECORD}, values: {{colour: red}}}}", "no control colour"),
        (f"{RECORD}, outcome: approve, values: {{material: x}}}}", "no buttons"),
        (f"{RECORD}, values: {{agreed_channel: pigeon}}}}", "does not offer pigeon"),
        (f"{RECORD}, values: {{material: ''}}}}", "form-invalid"),
        ("{do: record_requirements, by: chen, values: {material: x}}", "forbidden"),
        ("{hold: order, by: lin, reason: x}", "forbidden"),
    ],
)
def test_it_fails_where_the_pages_do_not_do_as_told(step: str, found: str, play: Playing, tmp_path: Path) -> None:
    told = f"scenario: made up\ntitle: x\nclauses: [x]\nuses: an order is registered\nsteps:\n- {step}\n"
    (tmp_path / "made_up.yaml").write_text(told, encoding="utf-8")
    library = read_library([PROCESSES / "scenarios", tmp_path / "made_up.yaml"])

    result = play("made up", library)

    assert not result.held
    assert found in result.explain()


def test_each_lot_has_its_own_shipping_notice(tmp_path: Path) -> None:
    # Given the story of a partial lot, told on until the second one is arranged
    told = (PROCESSES / "scenarios" / "dispatch.yaml").read_text(encoding="utf-8")
    story = next(part for part in told.split("---\n") if part.startswith("scenario: A52\n"))
    more = "- {do: final_inspection, for: o1, by: deng, values: {critical_found: 0, major_found: 0, minor_found: 0}}\n"
    (tmp_path / "two.yaml").write_text(
        story.replace("A52", "two lots", 1) + more + "- {use: a lot is arranged, with: {order: o1}}\n", encoding="utf-8"
    )
    library = read_library([PROCESSES / "scenarios", tmp_path / "two.yaml"])
    settings = Settings("sqlite://", tmp_path / "attachments", b"scenario")
    with Beginnings(practice_files(PROCESSES)) as memory:
        world = memory.world(library.given(library.stories["two lots"]), settings)
        result = play_through(world, library, library.stories["two lots"])
        assert result.held, result.explain()

        # When the coordinator prints it
        app = create_app(world.engine, TESTING=True)
        sheet = Browser(app, "lin").get("/records/GD26-0001/print/shipping_notice").get_data(as_text=True)

    # Then each lot has a sheet with its number and its quantity
    sheets = [re.sub(r"<[^>]+>", " ", part) for part in sheet.split('<section class="sheet">')[1:]]
    assert [" 600 " in part for part in sheets] == [True, False]
    assert [" 400 " in part for part in sheets] == [False, True]
    assert all(re.search(r"批号：\S+", part) for part in sheets)


def test_it_fails_where_a_page_lacks_the_button(
    play: Playing, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Page, "link", lambda page, *begins: "")

    result = play("A06", library)

    assert not result.held
    assert "has no button for" in result.explain()
