"""A step that asks another system: it waits, goes on with the answer, ends in an error or is an incident."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from engine.connectors import calling, network
from engine.connectors.calling import CallFailed, Request
from engine.engine import SYSTEM
from engine.errors import Forbidden
from engine.outside_settings import OutsideSettings, Secret
from engine.runtime.jobs.jobs import LOCK
from engine.views import Actor, JobRow
from tests.engine.definitions.diagrams import event, extensions, flows, node, timer
from tests.engine.jobs.conftest import allow
from tests.engine.jobs.outside import HERE, Outside
from tests.engine.runtime.office import Office, field, form, loan, user_task

BEGIN = node("startEvent", "begin", extensions(form(field("borrower"))))
DONE = node("endEvent", "done")
HEL = Actor("hel")


def inputs(**given: str) -> str:
    inner = "".join(
        f'<camunda:inputParameter name="{name}">{value}</camunda:inputParameter>' for name, value in given.items()
    )
    return extensions(f"<camunda:inputOutput>{inner}</camunda:inputOutput>")


def call(erp: Outside, path: str = "/stock", **given: str) -> str:
    """A step that calls the other system."""
    given = {"url": f"http://{erp.host}{path}", **given}
    return node(
        "serviceTask",
        "ask",
        inputs(**given),
        'camunda:type="external" camunda:topic="http" camunda:resultVariable="stock"',
    )


def deploy(office: Office, erp: Outside, *more: str, **given: str) -> None:
    """begin → ask → read → done; more elements stand beside."""
    office.deploy(
        '<bpmn:error id="E" name="taken" errorCode="taken" />',
        loan(BEGIN, call(erp, **given), user_task("read", "ann"), DONE, flows("begin ask read done"), *more),
    )


def jobs(office: Office) -> list[JobRow]:
    return list(office.engine.jobs.list(SYSTEM))


def variables(office: Office, instance_id: int) -> Any:
    return office.engine.instances.variables(instance_id, SYSTEM)


def incidents(office: Office) -> list[str]:
    return [each.text for each in office.engine.incidents.list(SYSTEM)]


def test_a_step_waits_until_the_answer_of_its_call_is_applied(office: Office, erp: Outside) -> None:
    """Given a step that posts an order; when its job runs, the answer is the step's result, and the step goes on."""
    erp.answer(201, '{"id": 7, "price": 12.50, "tags": ["a", null]}')
    deploy(office, erp, method="POST", body='${{"item": borrower, "count": 2.5}}', headers='${{"X-Kind": "loan"}}')
    started = office.start(borrower="A01")
    assert office.names() == []
    (job,) = jobs(office)
    assert (job.kind, job.state, job.label, job.element_id) == (
        "http",
        "waiting",
        f"POST http://{erp.host}/stock",
        "ask",
    )
    assert erp.asked == []

    assert office.engine.tick() == 1

    (asked,) = erp.asked
    assert (asked.method, asked.json, asked.headers["X-Kind"]) == ("POST", {"item": "A01", "count": 2.5}, "loan")
    assert len(asked.headers["Idempotency-Key"]) == 32
    found = variables(office, started.instance_id)["stock"]
    assert found == {"status": 201, "body": {"id": 7, "price": Decimal("12.50"), "tags": ["a", None]}}
    assert office.names() == ["read"]
    assert [each.state for each in jobs(office)] == ["done"]
    assert office.engine.tick() == 0
    assert len(erp.asked) == 1
    assert not office.engine.history.verify().findings


def test_what_cannot_be_reached_is_tried_again_with_the_same_key_and_longer_pauses(
    office: Office, erp: Outside
) -> None:
    erp.answers = [(503, "", {}), (429, "", {}), (200, '"ok"', {})]
    deploy(office, erp)
    started = office.start()
    office.engine.tick()
    (job,) = jobs(office)
    assert (job.tries, job.due - office.clock.now(), job.reason) == (
        1,
        timedelta(seconds=30),
        "The answer is status 503.",
    )
    assert office.names() == [] == incidents(office)
    office.wait(seconds=29)
    assert len(erp.asked) == 1
    office.wait(seconds=1)
    (job,) = jobs(office)
    assert (job.tries, job.due - office.clock.now()) == (2, timedelta(seconds=60))
    office.wait(seconds=60)
    assert office.names() == ["read"]
    assert variables(office, started.instance_id)["stock"]["body"] == "ok"
    assert len(erp.asked) == 3
    assert len({each.headers["Idempotency-Key"] for each in erp.asked}) == 1


def test_what_fails_for_good_is_an_incident_and_goes_on_when_retried_there(office: Office, erp: Outside) -> None:
    erp.answer(503)
    deploy(office, erp)
    office.start()
    office.wait(hours=12)
    assert len(erp.asked) == 12
    assert [each.state for each in jobs(office)] == ["failed"]
    assert incidents(office) == [f"GET http://{erp.host}/stock: The answer is status 503."]
    erp.answer(200)
    (incident,) = office.engine.incidents.list(SYSTEM)
    office.engine.incidents.retry(incident.id, HEL)
    office.engine.tick()
    assert (office.names(), incidents(office)) == (["read"], [])
    assert len({each.headers["Idempotency-Key"] for each in erp.asked}) == 1


def test_a_failed_call_is_retried_from_the_list_of_jobs_by_who_administers(office: Office, erp: Outside) -> None:
    erp.answer(404)
    deploy(office, erp)
    office.start()
    office.engine.tick()
    (failed,) = office.engine.jobs.list(SYSTEM, state="failed")
    assert (failed.tries, failed.reason) == (1, "The answer is status 404.")
    for attempt in (lambda: office.engine.jobs.retry(failed.id, HEL), lambda: office.engine.jobs.list(HEL),
                    lambda: office.engine.jobs.get(failed.id, HEL)):  # fmt: skip
        with pytest.raises(Forbidden):
            attempt()
    erp.answer(200)
    office.engine.jobs.retry(failed.id, SYSTEM)
    office.engine.tick()
    assert (office.names(), incidents(office)) == (["read"], [])


def test_a_refusal_is_the_bpmn_error_the_step_names(office: Office, erp: Outside) -> None:
    erp.answer(409)
    boundary = node("boundaryEvent", "caught", event("error", more='errorRef="E"'), 'attachedToRef="ask"')
    deploy(office, erp, boundary, user_task("mend", "ann"), flows("caught mend done"),
           errorCode="taken")  # fmt: skip
    office.start()
    office.engine.tick()
    assert (office.names(), incidents(office)) == (["mend"], [])
    assert len(erp.asked) == 1


def test_a_call_is_withdrawn_with_its_step(office: Office, erp: Outside) -> None:
    """Given a call that fails and is to be tried again; when a timer interrupts its step, it is not."""
    erp.answer(503)
    late = node("boundaryEvent", "late", timer("PT10S"), 'attachedToRef="ask"')
    deploy(office, erp, late, user_task("phone", "ann"), flows("late phone done"))
    office.start()
    office.wait(seconds=11)
    assert (office.names(), jobs(office)) == (["phone"], [])
    office.wait(hours=1)
    assert len(erp.asked) == 1


def test_a_call_is_withdrawn_with_its_instance(office: Office, erp: Outside) -> None:
    deploy(office, erp)
    started = office.start()
    office.engine.instances.cancel(started.instance_id, "no", SYSTEM)
    office.wait(hours=1)
    assert (jobs(office), erp.asked) == ([], [])


def test_a_loop_calls_anew_in_each_round(office: Office, erp: Outside) -> None:
    """Each round is a call of its own, with a key of its own."""
    erp.answers = [(200, "1", {}), (200, "2", {})]
    again = node("exclusiveGateway", "again", more='default="again_done"')
    office.deploy(
        loan(BEGIN, call(erp), again, DONE, flows("begin ask again done", "again ask: ${stock.body = 1}")),
    )  # fmt: skip
    office.start()
    office.wait(minutes=1)
    assert [each.state for each in jobs(office)] == ["done", "done"]
    assert len({each.headers["Idempotency-Key"] for each in erp.asked}) == 2


def test_while_an_instance_is_on_hold_nothing_of_it_leaves(office: Office, erp: Outside) -> None:
    deploy(office, erp)
    started = office.start()
    office.engine.instances.hold(started.instance_id, "wait", None, SYSTEM)
    office.wait(hours=1)
    assert erp.asked == []
    office.engine.instances.resume(started.instance_id, SYSTEM)
    office.engine.tick()
    assert office.names() == ["read"]


def test_an_answer_that_comes_during_a_hold_is_applied_after_it(office: Office, erp: Outside) -> None:
    """Given a call under way when the record is put on hold; its answer is kept, and not asked for a second time."""
    deploy(office, erp)
    started = office.start()

    def hold(point: str) -> None:
        if point == "after-effect":
            office.engine.machinery.fault = lambda _: None
            office.engine.instances.hold(started.instance_id, "wait", None, SYSTEM)

    office.engine.machinery.fault = hold
    office.engine.tick()
    assert (len(erp.asked), office.names()) == (1, [])
    office.engine.instances.resume(started.instance_id, SYSTEM)
    office.engine.tick()
    assert (len(erp.asked), office.names()) == (1, ["read"])


def test_a_runner_that_dies_with_a_job_loses_nothing(office: Office, erp: Outside) -> None:
    """Given a runner that dies after the call and before its answer is kept; when its lock lapses, another sends the
    same key again, and the step goes on once."""
    deploy(office, erp)
    office.start()

    class Killed(BaseException):
        pass

    def die(point: str) -> None:
        if point == "after-effect":
            raise Killed

    office.engine.machinery.fault = die
    with pytest.raises(Killed):
        office.engine.tick()
    office.engine.machinery.fault = lambda _: None
    (job,) = jobs(office)
    assert office.engine.tick() == 0
    assert office.engine.jobs.run(job.id) is False
    office.wait(seconds=LOCK.total_seconds())
    assert office.names() == ["read"]
    first, second = erp.asked
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_a_runner_whose_lock_has_lapsed_changes_nothing_any_more(office: Office, erp: Outside) -> None:
    """Given a runner that stalls until another has done its job; what it brings at last is left aside."""
    erp.answers = [(500, "", {}), (200, "1", {})]
    deploy(office, erp)
    office.start()

    def stall(point: str) -> None:
        if point == "after-effect":
            office.engine.machinery.fault = lambda _: None
            office.clock.move_to(office.clock.now() + LOCK)
            office.engine.tick()

    office.engine.machinery.fault = stall
    office.engine.tick()
    assert (office.names(), [each.state for each in jobs(office)], len(erp.asked)) == (["read"], ["done"], 2)


def test_two_runners_never_do_one_job_at_once(office: Office, erp: Outside) -> None:
    deploy(office, erp)
    for _ in range(12):
        office.start()
    wanted = [each.id for each in jobs(office)]
    done: list[bool] = []
    runners = [threading.Thread(target=lambda: done.extend([office.engine.jobs.run(each) for each in wanted]))
               for _ in range(4)]  # fmt: skip
    for each in runners:
        each.start()
    for each in runners:
        each.join()
    assert (sum(done), len(done), len(erp.asked)) == (12, 48, 12)
    assert len({each.headers["Idempotency-Key"] for each in erp.asked}) == 12
    assert office.names() == ["read"] * 12


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"url": "http://elsewhere.example/x"}, "may not call elsewhere.example"),
        ({"url": "ftp://elsewhere.example/x"}, "needs a url with https://"),
        ({"url": "http://ann:secret@HOST/x"}, "without a user"),
        ({"url": "http://[::1/x"}, "needs a url with https://"),
        ({"headers": '${{"Authorization": "Basic x"}}'}, "as a secret"),
        ({"headers": '${{"Host": "x"}}'}, "cannot send the header Host"),
        ({"headers": '${{"X-A": "1\\nB: 2"}}'}, "cannot send the header X-A"),
        ({"headers": "text"}, "no context"),
        ({"secret": "nobody"}, "no secret nobody"),
        ({"method": '${"BREW"}'}, "method = BREW"),
    ],
)
def test_what_may_not_leave_is_an_incident_at_once(
    sqlite_office: Office, erp: Outside, given: dict[str, str], why: str
) -> None:
    deploy(sqlite_office, erp, **{name: value.replace("HOST", erp.host) for name, value in given.items()})
    sqlite_office.start()
    (text,) = incidents(sqlite_office)
    assert why in text
    assert (jobs(sqlite_office), erp.asked) == ([], [])


def test_a_secret_goes_to_its_host_and_is_seen_nowhere(sqlite_office: Office, erp: Outside, tmp_path: Path) -> None:
    allow(sqlite_office, erp, secrets={"erp": Secret(erp.host, "Authorization", "Bearer s3cr3t"),
                                       "other": Secret("other.example", "Authorization", "x")})  # fmt: skip
    deploy(sqlite_office, erp, secret="ERP")
    started = sqlite_office.start()
    sqlite_office.engine.tick()
    assert erp.asked[0].headers["Authorization"] == "Bearer s3cr3t"
    told = [
        str(sqlite_office.engine.history.rows(started.instance_id)),
        str(jobs(sqlite_office)),
        str(variables(sqlite_office, started.instance_id)),
        repr(sqlite_office.engine.machinery.settings),
    ]
    assert not [each for each in told if "s3cr3t" in each]
    assert b"s3cr3t" not in b"".join(each.read_bytes() for each in tmp_path.glob("one.sqlite3*"))
    deploy(sqlite_office, erp, secret="other")
    sqlite_office.start()
    assert "no secret other" in incidents(sqlite_office)[0]


def test_a_secret_leaves_the_house_only_encrypted(erp: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an address that counts as public, a plain http call with a secret is not sent."""
    monkeypatch.setattr(network, "is_private", lambda _address: False)
    with pytest.raises(CallFailed, match="unencrypted"):
        calling.call(Request("GET", f"http://{erp.host}/", {}, confidential=True), erp.settings())
    assert erp.asked == []


def test_redirects_are_not_followed(erp: Outside, sqlite_office: Office) -> None:
    erp.answer(302, "", Location=f"http://{erp.host}/inner")
    deploy(sqlite_office, erp)
    sqlite_office.start()
    sqlite_office.engine.tick()
    assert "Redirects are not followed" in incidents(sqlite_office)[0]
    assert [each.path for each in erp.asked] == ["/stock"]


def test_a_listed_host_with_a_private_address_is_not_called(sqlite_office: Office, erp: Outside) -> None:
    """Given a host that is listed and leads into the house: nothing is sent, whatever its name resolves to then."""
    allow(sqlite_office, erp, private_networks=())
    deploy(sqlite_office, erp)
    sqlite_office.start()
    sqlite_office.engine.tick()
    assert "private address 127.0.0.1" in incidents(sqlite_office)[0]
    assert erp.asked == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    erp: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a name that is public when it is looked at and leads into the house from then on (DNS rebinding): the
    connection goes to the address that was looked at."""
    real, asked = socket.getaddrinfo, []

    def answers(host: str, port: int, *more: Any, **named: Any) -> Any:
        if host == "rebinding.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.9.9.9"
        return real(host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    settings = erp.settings(private_networks=(ip_network("127.0.0.1/32"),))
    assert calling.call(Request("GET", f"http://rebinding.example:{erp.port}/", {}), settings).status == 200
    with pytest.raises(CallFailed, match="private address"):
        calling.call(Request("GET", f"http://rebinding.example:{erp.port}/", {}), settings)
    assert len(erp.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    assert not network.is_allowed(address, ())


def test_public_addresses_and_named_networks_are_allowed() -> None:
    assert network.is_allowed("93.184.216.34", ())
    assert network.is_allowed("2606:4700::1111", ())
    assert network.is_allowed("10.1.2.3", (ip_network("10.1.2.0/24"),))
    assert not network.is_allowed("10.1.3.3", (ip_network("10.1.2.0/24"),))


def test_an_answer_that_drips_ends_with_its_time(erp: Outside) -> None:
    erp.stalls = True
    with pytest.raises(CallFailed, match="within 1 seconds") as failed:
        calling.call(Request("GET", f"http://{erp.host}/", {}), erp.settings(http_seconds=1))
    assert not failed.value.lasting


def test_an_answer_that_is_too_long_is_not_read(erp: Outside) -> None:
    erp.answer(200, "x" * 2000)
    with pytest.raises(CallFailed, match="longer than 1000 bytes") as failed:
        calling.call(Request("GET", f"http://{erp.host}/", {}), erp.settings(http_bytes=1000))
    assert failed.value.lasting


def test_nobody_there_is_worth_another_try(erp: Outside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(CallFailed) as failed:
        calling.call(Request("GET", f"http://127.0.0.1:{port}/", {}), OutsideSettings(private_networks=HERE))
    assert not failed.value.lasting


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ('{"$date": "nonsense"}', '{"$date": "nonsense"}'),
        ('{"a": {"$datetime": "2026-01-01T00:00:00"}}', '{"a": {"$datetime": "2026-01-01T00:00:00"}}'),
        ('"a\\u0000b"', '"a\\u0000b"'),
        ('"\\ud800"', '"\\ud800"'),
        ("[" * 100_000, "[" * 100_000),
        ("NaN", "NaN"),
        ("{broken", "{broken"),
        ("", ""),
        ("[1, 2.50, true, null]", [Decimal(1), Decimal("2.50"), True, None]),
    ],
)
def test_an_answer_that_cannot_be_kept_as_a_value_stays_text(
    sqlite_office: Office, erp: Outside, body: str, kept: Any
) -> None:
    erp.answer(200, body)
    deploy(sqlite_office, erp)
    started = sqlite_office.start()
    sqlite_office.engine.tick()
    assert variables(sqlite_office, started.instance_id)["stock"]["body"] == kept
    sqlite_office.complete("read", "ann")
