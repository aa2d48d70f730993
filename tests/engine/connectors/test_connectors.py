"""Connectors: typed inputs in, a result and effects out; a wrong input is an answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.connectors import (
    CONNECTORS,
    EndSubstitute,
    Notify,
    SendMessage,
    SetStatus,
    StartProcess,
    Substitute,
    Suspend,
    run,
)
from engine.dialect.environment import ConnectorResult
from engine.errors import Invalid
from engine.expressions import compile_text
from engine.values import Value
from tests.engine.forms.form_surroundings import Surroundings


class Register:
    """A small practice that answers from memory and remembers what it was asked."""

    business_key = "LN26-0001"

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 25, 1, tzinfo=UTC)

    def setting(self, name: str) -> Value:
        return {"limit": Decimal(4)}[name]

    def lookup(self, list_id: str, key: str) -> Value:
        return {"key": key, "label": "示例公司", "class": "small"} if (list_id, key) == ("borrower", "A01") else None

    def record_field(self, name: str, key: str = "") -> Value:
        return f"{name}@{key or self.business_key}"

    def people(self, group: str) -> list[str]:
        return {"head": ["hugo", "ina"]}.get(group, [])

    def person_name(self, user_id: str) -> str:
        return user_id.title()

    def groups_of(self, user_id: str) -> list[str]:
        return ["clerk"] if user_id == "anna" else []

    def downtime(self, start: datetime, end: datetime) -> timedelta:
        return (end - start) / 2

    def next_number(self, pattern: str, restart: str = "") -> str:
        return pattern.replace("{seq:3}", "007")

    def query_instances(
        self, process: str, state: str = "open", key: str = "", filters: Mapping[str, Value] | None = None
    ) -> list[Value]:
        self.asked.append((process, state, key, filters))
        return [{"number": "WT26-001"}]

    def query_records(self, record_type: str, filters: Mapping[str, Value] | None = None) -> list[Value]:
        self.asked.append((record_type, filters))
        return []

    def query_history(
        self, element_id: str, key: str = "", kind: str = "", since: datetime | None = None
    ) -> list[Value]:
        self.asked.append((element_id, key, kind, since))
        return [{"row": Decimal(7)}]


def done(topic: str, **inputs: Value) -> ConnectorResult:
    result = run(topic.replace("_", "-"), inputs, Register())
    assert result is not None
    return result


def test_notify_takes_people_and_groups_as_text_or_list_each_once() -> None:
    notice = Notify(("hugo", "group:head"), "Late", "3 days", "report", True)
    assert done("notify", to="hugo, group:head,,user:hugo", subject="Late", text="3 days", kind="report",
                receipt="true").effects == (notice,)  # fmt: skip
    made = done("notify", to=["hugo", None, "group:head"], subject="Late", text="3 days", kind="report", receipt=True)
    assert made.effects == (notice,)
    assert made.value == ["hugo", "group:head"]
    assert done("notify", to=None, subject="x").effects == (Notify((), "x"),)


def test_inputs_a_connector_does_not_know_are_passed_on() -> None:
    assert done("start_process", process="issue", key="LN26-0001", kind="quality", level=Decimal(1)).effects == (
        StartProcess("issue", "LN26-0001", {"kind": "quality", "level": Decimal(1)}),
    )
    assert done("send_message", message="closed", correlation="WT26-001", outcome="ok").effects == (
        SendMessage("closed", "LN26-0001", "WT26-001", {"outcome": "ok"}),
    )


def test_status_number_and_hold() -> None:
    assert done("set_status", status="active").effects == (SetStatus("active"),)
    assert done("next_number", pattern="WT26-{seq:3}").value == "WT26-007"
    until = datetime(2026, 12, 1, tzinfo=UTC)
    assert done("suspend", reason="wait", until=until).effects == (Suspend("wait", until),)
    assert done("suspend", reason="wait", until="2026-12-01T00:00:00+00:00").effects == (Suspend("wait", until),)


def test_queries_pass_filters_and_compute_writes_variables() -> None:
    register = Register()
    found = run("query-instances", {"process": "issue", "kind": "quality", "key": "*", "state": "all"}, register)
    assert found is not None
    assert found.value == [{"number": "WT26-001"}]
    run("query-records", {"type": "loan", "status": "closed"}, register)
    found = run("query-history", {"element": "check", "since": "2026-11-02T08:00:00+08:00"}, register)
    assert found is not None
    assert found.value == [{"row": Decimal(7)}]
    since = datetime(2026, 11, 2, tzinfo=UTC)
    assert register.asked == [
        ("issue", "all", "*", {"kind": "quality"}),
        ("loan", {"status": "closed"}),
        ("check", "", "", since),
    ]
    assert done("compute", a=Decimal(1), b="x").variables == {"a": Decimal(1), "b": "x"}


def test_an_unknown_topic_is_no_connector() -> None:
    assert run("weigh", {}, Register()) is None


@pytest.mark.parametrize(
    ("topic", "inputs", "text"),
    [
        ("notify", {"to": "hugo"}, "needs subject, which is empty"),
        ("notify", {"to": "hugo", "subject": "x", "kind": "reprot"}, "Did you mean report?"),
        ("notify", {"to": "hugo", "subject": "x", "receipt": "maybe"}, "not true or false"),
        ("notify", {"to": [{"id": "hugo"}], "subject": "x"}, "not a list of people"),
        ("notify", {"to": "hugo", "subjct": "x"}, "no input subjct. Did you mean subject?"),
        ("set-status", {"status": ["a"]}, "not a text"),
        ("suspend", {"reason": "x", "until": "soon"}, "not a date and time"),
        ("suspend", {"reason": "x", "until": date(2026, 12, 1)}, "with its offset"),
        ("query-records", {}, "needs type"),
    ],
)
def test_wrong_inputs_are_refused_in_words(topic: str, inputs: dict[str, Value], text: str) -> None:
    with pytest.raises(Invalid) as caught:
        run(topic, inputs, Register())
    assert text in str(caught.value)


def test_every_connector_has_texts_in_both_languages() -> None:
    for connector in CONNECTORS.values():
        labels = [connector.label, connector.help, *(argument.label for argument in connector.arguments)]
        labels += [argument.help for argument in connector.arguments]
        assert all(label.zh and label.en for label in labels), connector.topic


class Asking(Surroundings):
    reader = Register()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('${setting("limit")}', Decimal(4)),
        ('${lookup("borrower", "A01").class}', "small"),
        ('${lookup("borrower", null)}', None),
        ('${record_field("status")}', "status@LN26-0001"),
        ('${record_field("due", "LN26-0002")}', "due@LN26-0002"),
        ('${people("group:head")}', ["hugo", "ina"]),
        ('${person_name("anna")}', "Anna"),
        ('${groups_of("anna")}', ["clerk"]),
        ("${downtime(now(), now())}", timedelta()),
    ],
)
def test_expressions_ask_the_practice_and_the_database(source: str, value: Value) -> None:
    assert compile_text(source).evaluate({}, Asking()) == value


def test_standing_in_names_two_people_from_when_until_when_and_for_what() -> None:
    until = datetime(2026, 12, 1, tzinfo=UTC)
    made = done("substitute", principal="anna", deputy="ina", until=until, scope="record", key="LN26-0001")
    assert made.effects == (Substitute("anna", "ina", None, until, "record", "LN26-0001"),)
    assert done("substitute", principal="anna", deputy="ina").effects == (Substitute("anna", "ina"),)
    assert done("end_substitute", principal="anna").effects == (EndSubstitute("anna"),)
    with pytest.raises(Invalid, match="scope"):
        done("substitute", principal="anna", deputy="ina", scope="everything")
