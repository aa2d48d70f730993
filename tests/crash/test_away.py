"""The database goes away and comes back: a clear answer meanwhile, and work goes on afterwards without a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import Unavailable
from engine.views import Actor
from tests.crash.servers import Postgres, own_postgres
from tests.engine.runtime.office import Office, office_at
from webui.app import create_app


@pytest.fixture
def database() -> Iterator[Postgres]:
    with own_postgres() as found:
        yield found


@pytest.fixture
def office(database: Postgres, tmp_path: Path) -> Iterator[Office]:
    with office_at(database.url, tmp_path) as found:
        yield found


def test_who_asks_meanwhile_is_told_and_goes_on_afterwards(office: Office, database: Postgres) -> None:
    browser = create_app(office.engine, TESTING=True, PROPAGATE_EXCEPTIONS=False, SECRET_KEY="test").test_client()
    assert browser.get("/ready").status_code in {200, 503}
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = "a session that may be anybody's", True
    database.stop()
    with pytest.raises(Unavailable):
        office.start()
    for language, words in (("zh", "数据库暂时连不上"), ("en", "The database is away")):
        answer = browser.get("/tasks", headers={"Accept-Language": language})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert words in answer.get_data(as_text=True)
    assert browser.get("/health").status_code == 200
    assert browser.get("/ready").status_code == 503
    database.start()
    assert browser.get("/tasks").status_code == 303, "to the sign-in: nobody has this session"
    office.start()
    assert office.names() == ["enter"]


def test_what_was_committed_stays_though_its_messages_cannot_be_delivered_now(
    office: Office, database: Postgres
) -> None:
    started = office.start()
    taken_away: list[str] = []

    def take_away(point: str) -> None:
        if point == "after-commit" and not taken_away:
            taken_away.append(point)
            database.stop()

    task = office.task("enter").id
    office.engine.machinery.fault = take_away
    done = office.engine.tasks.complete(task, {}, Actor("ann"))
    office.engine.messages.deliver()
    database.start()
    assert taken_away
    assert done.state == "completed"
    assert office.kinds(started.instance_id)[-1] == "ended"
