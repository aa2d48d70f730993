"""What monitors are told without signing in, and what nobody else is told; the lines of the log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from engine.clock import MovedClock
from engine.engine import Engine
from engine.store.prepared import observers
from engine.views import Actor
from engine.watching import pseudonym
from tests.webui.browsing import Browser
from tests.webui.conftest import CHEN, MORNING, SHEN, opened
from webui.app import create_app


def stopped(engine: Engine, **settings: object) -> Flask:
    """The pages with other settings."""
    engine.machinery.settings = replace(engine.machinery.settings, **settings)  # type: ignore[arg-type]
    return create_app(engine, TESTING=True, PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=False)


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    return app.test_client()


def figures(client: FlaskClient, **headers: str) -> dict[str, float]:
    """Name with labels → value."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    lines = [line for line in answer.get_data(as_text=True).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_it_is_alive_and_ready_while_an_engine_beats(anybody: FlaskClient, engine: Engine, clock: MovedClock) -> None:
    assert (anybody.get("/health").status_code, anybody.get("/ready").status_code) == (200, 503)
    engine.tick()
    answer = anybody.get("/ready")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ready\n")
    assert not answer.headers.getlist("Set-Cookie")
    clock.move_to(clock.now() + timedelta(minutes=5))
    assert anybody.get("/ready").status_code == 503


@pytest.mark.parametrize("lost", ["schema", "database"])
def test_it_is_not_ready_without_its_schema_or_its_database(engine: Engine, lost: str) -> None:
    engine.tick()
    app = stopped(engine)
    if lost == "schema":
        with engine.machinery.database.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    else:
        path = Path(str(engine.machinery.database.url.database))
        engine.close()
        path.rename(path.with_suffix(".gone"))
        path.mkdir()
    answer = app.test_client().get("/ready")
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, "not ready\n")
    assert app.test_client().get("/health").status_code == 200


def test_figures_come_from_the_database(
    anybody: FlaskClient, engine: Engine, repair: Callable[..., str], clock: MovedClock
) -> None:
    for _ in range(3):
        repair()
    task = engine.tasks.inbox(CHEN).rows[0]
    engine.tasks.claim(task.id, CHEN)
    clock.move_to(MORNING + timedelta(days=9))
    found = figures(anybody)
    assert found["gendan_open_tasks"] == 3
    assert found["gendan_overdue_tasks"] == 3
    assert found['gendan_open_instances{process="repair",state="active"}'] == 3
    assert found["gendan_incidents"] == 0
    assert found['gendan_jobs{state="failed"}'] == 0
    assert found['gendan_action_seconds_count{action="started"}'] == 3


def test_incidents_are_seen(anybody: FlaskClient, engine: Engine, repair: Callable[..., str]) -> None:
    engine.people.deactivate("chen", SHEN)
    repair()
    assert figures(anybody)["gendan_incidents"] == 1


def test_asking_costs_the_same_however_often(engine: Engine) -> None:
    seen: list[str] = []
    observers.append(seen.append)
    event.listen(engine.machinery.database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    for _ in range(5):
        engine.figures.now()
    observers.remove(seen.append)
    assert len([each for each in seen if each.startswith("SELECT")]) == 6


def test_requests_are_counted_by_route_and_not_by_address(anybody: FlaskClient, lin: Browser) -> None:
    lin.get("/records/RP26-0001")
    lin.get("/records/RP26-0002")
    found = figures(anybody)
    assert found['gendan_http_requests_total{method="GET",route="/records/<key>",status="404"}'] == 2
    assert not any("RP26" in name for name in found)


def test_metrics_are_for_who_has_the_token_or_is_on_the_machine(engine: Engine, anybody: FlaskClient) -> None:
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert anybody.get("/metrics").status_code == 200
    assert anybody.get("/metrics", environ_overrides=away).status_code == 404
    assert anybody.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    client = stopped(engine, metrics_token="a token of monitors").test_client()
    given = {"Authorization": "Bearer a token of monitors"}
    assert client.get("/metrics", headers=given, environ_overrides=away).status_code == 200
    for wrong in ({}, {"Authorization": "Bearer another"}, {"Authorization": "Basic a token of monitors"}):
        assert client.get("/metrics", headers=wrong).status_code == 404


# --- logs -----------------------------------------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from engine import logs
from engine.watching import watch
from engine.clock import MovedClock
from engine.views import Actor
from tests.webui.conftest import MORNING, PASSWORD, opened
from tests.webui.browsing import Browser
from webui.app import create_app
logs.set_up()
engine = opened(Path(sys.argv[1]), MovedClock(MORNING))
watch(engine)
app = create_app(engine, RATELIMIT_ENABLED=False)
door = app.test_client()
page = door.get("/signin").get_data(as_text=True)
token = page.split('name="csrf_token" value="')[1].split('"')[0]
door.post("/signin", data={"csrf_token": token, "user_id": "lin", "password": "the-wrong-pass-phrase"})
door.post("/signin", data={"csrf_token": token, "user_id": "lin", "password": PASSWORD})
lin = Browser(app, "lin")
lin.post("/start/repair", {"item": "Secret-Item of Wu Ming", "room": "R1", "urgency": "low"},
         headers={"X-Request-ID": "asked-by-proxy-1", "Cookie": "planted=cookie-value"})
lin.get("/records?text=Wu-Ming-searched")
chen, task = Browser(app, "chen"), engine.tasks.inbox(Actor("chen")).rows[0]
done = chen.post(f"/tasks/{task.id}/complete", {"decision": "back", "lacking": "Secret-Item of Wu Ming"})
assert done.status_code == 200, done.status_code
chen.post(f"/records/{task.business_key}/comment", {"text": "Wu Ming called"})
engine.instances.cancel(task.instance_id, "Wu Ming said so", Actor("chen"))
def broken(*_):
    raise ValueError("could not read Secret-Item of Wu Ming")
engine.records.list = broken
lin.get("/records")
import logging
logging.getLogger("some.library").error("failed for %s", "Secret-Item of Wu Ming")
try:
    broken()
except ValueError as error:
    logging.getLogger("some.library").exception("it failed")
    import structlog
    structlog.get_logger("x").error("it failed", error=repr(error), form={"item": "Secret-Item"}, token="tok-en")
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_logs_say_what_was_done_and_nothing_of_what_was_written(prepared: Path, tmp_path: Path, form: str) -> None:
    for file in prepared.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    environment = {**os.environ, "GENDAN_LOG_FORMAT": form, "PYTHONPATH": "."}
    environment.pop("GENDAN_DEBUG", None)
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], env=environment, capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    for secret in ("Secret-Item", "Wu Ming", "Wu-Ming", "lin", "林", "pass-phrase", "long enough", "cookie", "tok-en"):
        assert secret not in ran.stderr.replace("line", "").replace("linked", ""), secret
    if form == "console":
        assert "task-opened" in ran.stderr or "started" in ran.stderr
        return
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    done = next(line for line in lines if line["event"] == "done")
    engine = opened(tmp_path, MovedClock(MORNING))
    started, row = engine.history.rows(done["instance"])[0], engine.instances.get(done["instance"], Actor("-"))
    assert (done["action"], done["record"]) == ("started", row.business_key)
    assert done["person"] == pseudonym(engine.machinery.settings.history_key, started.actor)
    assert done["request"] == "asked-by-proxy-1"
    assert done["ms"] >= 0
    engine.close()
    asked = next(line for line in lines if line["event"] == "request" and line["request"] == "asked-by-proxy-1")
    assert (asked["method"], asked["route"].startswith("/start/"), asked["person"]) == ("POST", True, done["person"])
    failed = next(line for line in lines if line["event"] == "page failed")
    assert failed["error"] == "ValueError"
    assert any("records.py" in place for place in failed["where"])
    assert "it failed" in [line["event"] for line in lines]


COUNTING = """
import sys
from pathlib import Path
from engine.clock import MovedClock
from tests.webui.conftest import MORNING, opened
from webui.app import create_app
client = create_app(opened(Path(sys.argv[1]), MovedClock(MORNING))).test_client()
client.get("/health")
print(client.get("/metrics").get_data(as_text=True))
"""


def test_what_the_processes_of_a_server_count_is_added_up(prepared: Path, tmp_path: Path) -> None:
    counts = tmp_path / "counts"
    counts.mkdir()
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(counts), "PYTHONPATH": "."}
    told = ""
    for _ in range(2):
        told = subprocess.run(
            [sys.executable, "-c", COUNTING, str(prepared)],
            env=environment, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        ).stdout  # fmt: skip
    assert 'gendan_http_requests_total{method="GET",route="/health",status="200"} 2.0' in told
    assert "gendan_open_tasks 0.0" in told
