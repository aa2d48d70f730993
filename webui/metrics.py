"""/metrics for Prometheus: what is open, late and stuck in the database, and how long this server takes.

The former come from SQL and are the same whoever answers. The latter are a process's own; with
PROMETHEUS_MULTIPROC_DIR the processes of a server are added up. Asked with the token GENDAN_METRICS_TOKEN; without one
from the machine itself only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, exposition, multiprocess
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from engine.engine import Engine
from engine.runtime.unit.acted import Acted
from webui.access import engine

pages = Blueprint("metrics", __name__)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
disable_created_metrics()  # type: ignore[no-untyped-call]  # a line more for each, which nobody asks for


class Metrics:
    """The measurements of one application."""

    def __init__(self, engine: Engine) -> None:
        self.registry = CollectorRegistry()
        own = None if os.environ.get(_TOGETHER) else self.registry
        self.requests = Counter(
            "gendan_http_requests", "Requests answered.", ("method", "route", "status"), registry=own
        )
        self.seconds = Histogram(
            "gendan_http_request_seconds", "Time to an answer.", ("route",), registry=own, buckets=_BUCKETS
        )
        self.actions = Histogram(
            "gendan_action_seconds",
            "Time of a committed unit of work; a completion is task-completed.",
            ("action",),
            registry=own,
            buckets=_BUCKETS,
        )
        if own is None:
            multiprocess.MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]
        self.registry.register(_Database(engine))
        engine.machinery.observers.append(self._acted)

    def _acted(self, what: Acted, seconds: float) -> None:
        self.actions.labels(what.action).observe(seconds)


def begin_together() -> None:
    """Before the processes of a server are made: take away what those of an earlier run have counted."""
    if directory := os.environ.get(_TOGETHER):
        Path(directory).mkdir(parents=True, exist_ok=True)
        for path in Path(directory).glob("*.db"):
            path.unlink(missing_ok=True)


def register(app: Flask) -> None:
    """Measure every request of the application."""
    app.extensions["metrics"] = metrics = Metrics(app.extensions["engine"])

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule is not None else "none"
        metrics.requests.labels(request.method, route, response.status_code).inc()
        if "began" in g:
            metrics.seconds.labels(route).observe(perf_counter() - g.began)
        return response


@pages.get("/metrics")
def show() -> ResponseReturnValue:
    """The measurements in Prometheus' text; to others there is no such page."""
    if not _may_ask():
        abort(404)
    registry = current_app.extensions["metrics"].registry
    return exposition.generate_latest(registry), 200, {"Content-Type": exposition.CONTENT_TYPE_LATEST}


def _may_ask() -> bool:
    token = engine().machinery.settings.metrics_token
    if token:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode())
    # Behind a proxy on this machine everybody comes from this machine.
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP"))
    return not forwarded and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104


class _Database(Collector):
    """What SQL says, asked when it is asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> list[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures as gauges."""
        now = self._engine.figures.now()
        yield GaugeMetricFamily("gendan_open_tasks", "Open tasks.", now.tasks)
        yield GaugeMetricFamily("gendan_overdue_tasks", "Open tasks whose due time is over.", now.overdue)
        yield GaugeMetricFamily("gendan_late_timers", "Timers due for more than a minute.", now.late_timers)
        yield GaugeMetricFamily(
            "gendan_latest_timer_seconds", "How late the latest of them is.", now.latest.total_seconds()
        )
        yield GaugeMetricFamily("gendan_incidents", "Open incidents.", now.incidents)
        yield GaugeMetricFamily("gendan_external_tasks", "Tasks that wait for a worker outside.", now.externals)
        yield GaugeMetricFamily("gendan_undelivered_messages", "Messages not delivered yet.", now.messages)
        jobs = GaugeMetricFamily("gendan_jobs", "Jobs that wait, and that failed for good.", labels=("state",))
        for state, count in now.jobs:
            jobs.add_metric((state,), count)
        yield jobs
        opened = GaugeMetricFamily("gendan_open_instances", "Instances not ended.", labels=("process", "state"))
        for process, state, count in now.instances:
            opened.add_metric((process, state), count)
        yield opened
        if now.beat is not None:
            yield GaugeMetricFamily(
                "gendan_heartbeat_age_seconds", "Since an engine said that it runs.", now.beat.total_seconds()
            )
