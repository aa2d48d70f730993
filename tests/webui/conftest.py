"""A small practice of repairs, three people and more, and a browser for each of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from engine.settings import Settings
from engine.views import Actor
from tests.webui.browsing import Browser
from webui.app import create_app

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
PASSWORD = "a long enough secret"
PRACTICE = Path(__file__).parent / "practice"
LIN, ZHOU, CHEN, SHEN, GUEST = (Actor(name) for name in ("lin", "zhou", "chen", "shen", "guest"))
"""Lin asks for repairs, Zhou is a colleague who may read them, Chen reviews, Shen administers, Guest may nothing."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the practice deployed and the people in it, made once; tests work on copies."""
    directory = tmp_path_factory.mktemp("prepared")
    prepare(opened(directory, MovedClock(MORNING)))
    return directory


@pytest.fixture
def clock() -> MovedClock:
    """The clock of the test, standing at ten in the morning of a Monday."""
    return MovedClock(MORNING)


@pytest.fixture
def engine(prepared: Path, tmp_path: Path, clock: MovedClock) -> Iterator[Engine]:
    """The engine over a copy of the prepared database."""
    for file in prepared.iterdir():
        if file.is_file():
            shutil.copy(file, tmp_path)
    found = opened(tmp_path, clock)
    yield found
    found.close()


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The pages over that engine."""
    return create_app(engine, TESTING=True, PROPAGATE_EXCEPTIONS=False, SECRET_KEY="test", RATELIMIT_ENABLED=False)


@pytest.fixture
def login(app: Flask) -> Callable[[str], Browser]:
    """`login("lin")` is Lin's browser; `login("")` one of somebody who is not signed in."""
    return lambda user_id: Browser(app, user_id)


@pytest.fixture
def lin(login: Callable[[str], Browser]) -> Browser:
    """Who may."""
    return login("lin")


@pytest.fixture
def zhou(login: Callable[[str], Browser]) -> Browser:
    """A colleague, who may read."""
    return login("zhou")


@pytest.fixture
def chen(login: Callable[[str], Browser]) -> Browser:
    """Who reviews."""
    return login("chen")


@pytest.fixture
def shen(login: Callable[[str], Browser]) -> Browser:
    """Who administers."""
    return login("shen")


@pytest.fixture
def guest(login: Callable[[str], Browser]) -> Browser:
    """An outsider."""
    return login("guest")


@pytest.fixture
def repair(engine: Engine) -> Callable[..., str]:
    """`repair("空调")` asks for one as Lin and gives its number."""

    def ask(item: str = "空调", **values: object) -> str:
        given = {"item": item, "room": "R1", "urgency": "low", **values}
        return engine.instances.start("repair", given, LIN).business_key

    return ask


@pytest.fixture
def task_of(engine: Engine) -> Callable[[str, Actor], int]:
    """`task_of(key, CHEN)` is the id of the task that waits for somebody on a record."""

    def find(key: str, actor: Actor) -> int:
        return next(row.id for row in engine.tasks.inbox(actor).rows if row.business_key == key)

    return find


def opened(directory: Path, clock: MovedClock, url: str = "") -> Engine:
    """An engine over the SQLite file of a directory, or over the database at `url`."""
    found = url or f"sqlite:///{directory / 'web.sqlite3'}"
    return Engine.open(Settings(found, directory / "attachments", b"k" * 32), clock)


def prepare(engine: Engine) -> None:
    """Deploy the practice into an empty database, put the people in, and close it."""
    engine.migrate()
    engine.deployments.deploy(practice_files(PRACTICE), SYSTEM, "first")
    for user_id, name, groups in (
        ("lin", "林晓雯", ["clerk"]),
        ("zhou", "周敏", ["clerk"]),
        ("chen", "陈志远", ["head"]),
        ("shen", "沈亦", ["it"]),
        ("guest", "外人", []),
    ):
        password = PASSWORD if user_id == "lin" else ""
        engine.people.create(user_id, name, password, groups, SYSTEM, must_change=False)
    engine.close()
