"""Variables in Camunda's typed form: each goes out and comes back as it was; what has not its type is refused."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import msgspec
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.engine import Engine
from engine.values import Value, YearsMonths
from engine.views import Actor
from tests.webui.rest.conftest import Program
from webui.rest import variables
from webui.rest.refusing import Refused
from webui.rest.shapes import decode, encode
from webui.rest.variables import Given

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30),
    st.integers(-(2**70), 2**70).map(Decimal),
    st.text().filter(lambda text: "\0" not in text),
)
VALUES = st.one_of(
    PLAIN,
    st.integers(0, 10**13).map(
        lambda milliseconds: datetime(1980, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    ),
    st.recursive(
        PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)


def sent_back(value: Value) -> Value:
    """A value as it is answered, then sent as it was answered."""
    answered = decode(encode(variables.show(value)), dict[str, Any])
    return variables.value_of("x", decode(encode(answered), Given))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_a_value_goes_out_and_comes_back_as_it_was(app: Flask, value: Value) -> None:
    with app.test_request_context():
        assert sent_back(value) == value


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (Decimal("12.50"), "Double", b"12.50"),
        (Decimal("3.0"), "Long", b"3"),
        (Decimal(2**63), "Double", b"9223372036854775808"),
        (date(2026, 12, 1), "Date", b'"2026-12-01T00:00:00.000+0800"'),
        (time(8, 30), "String", b'"08:30:00"'),
        (timedelta(hours=4), "String", b'"PT14400S"'),
        (YearsMonths(14), "String", b'"P14M"'),
        ([Decimal("1.10"), "a"], "Json", b'"[1.10,\\"a\\"]"'),
        (None, "Null", b"null"),
    ],
)
def test_each_kind_has_its_type(app: Flask, value: Value, kind: str, shown: bytes) -> None:
    with app.test_request_context():
        found = variables.show(value)
        assert (found.type, encode(found.value)) == (kind, shown)


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("Long", "12", Decimal(12)), ("Integer", 3, Decimal(3)), ("Double", "1.50", Decimal("1.50")),
        ("Boolean", "true", True), ("Boolean", False, False), ("String", "x", "x"), ("Null", None, None),
        ("Json", '{"a":[1,null]}', {"a": [Decimal(1), None]}), ("Json", {"a": 1}, {"a": Decimal(1)}),
        ("Object", '["x"]', ["x"]), (None, {"a": [True]}, {"a": [True]}), ("String", None, None),
        ("Date", "2026-12-01T08:00:00.000Z", datetime(2026, 12, 1, 8, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_what_clients_send_is_read(app: Flask, kind: str | None, value: Any, read: Value) -> None:
    with app.test_request_context():
        assert variables.value_of("x", Given(type=kind, value=value)) == read


@pytest.mark.parametrize(
    ("kind", "value", "status"),
    [
        ("Long", "1.5", 400), ("Long", 2**63, 400), ("Long", True, 400), ("Double", "x", 400), ("Double", "NaN", 400),
        ("Double", "1e400", 400), ("Boolean", "perhaps", 400), ("String", 1, 400), ("Date", "yesterday", 400),
        ("Date", "2026-02-30T00:00:00.000+0800", 400), ("Json", "{", 400), ("Null", 1, 400), ("File", "x", 400),
        ("Xml", "<a/>", 501), ("Bytes", "eA==", 501),
    ],
)  # fmt: skip
def test_what_is_none_of_its_type_is_refused(app: Flask, kind: str, value: Any, status: int) -> None:
    with app.test_request_context(), pytest.raises(Refused, match="x") as caught:
        variables.value_of("x", Given(type=kind, value=value))
    assert caught.value.status == status


def test_an_object_in_another_format_is_refused(app: Flask) -> None:
    given_ = msgspec.structs.replace(Given(type="Object", value="rO0AB"), value_info={
        "serializationDataFormat": "application/x-java-serialized-object"})  # fmt: skip
    with app.test_request_context(), pytest.raises(Refused, match="java") as caught:
        variables.value_of("x", given_)
    assert caught.value.status == 501


def test_a_file_is_sent_with_a_start(rest: Callable[[str], Program], engine: Engine) -> None:
    drawn = BytesIO()
    Image.new("RGB", (2, 2)).save(drawn, "PNG")
    info = {"filename": "a.png", "mimetype": "image/png"}
    photo = {"type": "File", "value": b64encode(drawn.getvalue()).decode(), "valueInfo": info}
    given_ = {"item": {"value": "灯"}, "room": {"value": "R1"}, "urgency": {"value": "low"}, "photo": photo}
    started = rest("lin").post("/process-definition/key/repair/start", {"variables": given_})
    assert [each.name for each in engine.records.files(started["businessKey"], Actor("lin"))] == ["a.png"]
    shown = rest("chen").get(f"/process-instance/{started['id']}/variables/photo")
    assert (shown["type"], shown["value"], shown["valueInfo"]["filename"]) == ("File", None, "a.png")
