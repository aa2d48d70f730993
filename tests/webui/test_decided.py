"""What tables decided stands in the timeline in words: their labels, and what the values are called elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.command.opening import practice_files
from engine.scenarios.beginnings import Beginnings
from engine.scenarios.documents import read_library
from engine.scenarios.play import Play
from engine.settings import Settings
from tests.webui.browsing import Browser, text
from webui.app import create_app

PROCESSES = Path(__file__).parents[2] / "processes"


@pytest.fixture(scope="module")
def timeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str]]:
    """Lin's browser, and the address of the record of an order that came by fax and was approved."""
    library = read_library([PROCESSES / "scenarios"])
    story = library.stories["an approved order"]
    settings = Settings("sqlite://", tmp_path_factory.mktemp("attachments"), b"decided")
    with Beginnings(practice_files(PROCESSES)) as memory:
        play = Play(memory.world(library.given(story), settings), library)
        assert list(play.tell(story, {"medium": "fax"})) == []
        app = create_app(play.engine, TESTING=True, SECRET_KEY="test", RATELIMIT_ENABLED=False)
        yield Browser(app, "lin"), f"/records/{play.named['order'].key}"


def test_outputs_and_values_have_their_names(timeline: tuple[Browser, str]) -> None:
    lin, address = timeline
    page = text(lin.get(address))
    assert "P2.2.5 可行：直接送审 判断 可行 · 下一步 经理审核" in page
    assert "标准周期（工作日） 28 · 加急周期（工作日） 20" in page
    # Nobody has words for the key of what was decided; the rule says it
    assert "P2.1.2 传真，新客户：3 个工作日，并告知经理（G01） 视为书面依据 是" in page
    for key in ("verdict", "feasible", "accept_conditional"):
        assert key not in page


def test_in_english_where_the_catalogue_has_them(timeline: tuple[Browser, str]) -> None:
    lin, address = timeline
    lin.post("/language", {"language": "en"})
    page = text(lin.get(address))
    assert "P2.2.5 Feasible: straight to review Verdict Feasible · Next step Manager review" in page
