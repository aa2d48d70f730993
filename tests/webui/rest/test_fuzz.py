"""Whatever a program sends, the answer is one of those the interface means to give, in its form: never our failure.

Every operation of the OpenAPI document is asked with values made of its schemas and with rubbish in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.engine import Engine
from tests.webui.rest.conftest import Program

HONEST = {200, 204, 400, 401, 403, 404, 405, 409, 413, 415, 501}
WHO = ("shen", "chen", "lin", "guest")
_TEXTS = st.one_of(
    st.sampled_from([
        "", "1", "2", "0", "-1", "9" * 21, "9" * 5000, "repair", "question", "repair:1:1", "1:2", "x:y:z", "lin",
        "head", "true", "null", "%", "_", "*", "'", "ü", "\u202e", "\0", "2026-11-26T15:54:02.000+0800",
        "2026-13-45T99:99:99", "asc", "desc", "instanceId", "withdraw", "a,b,,c",
    ]),
    st.text(st.characters(exclude_categories=("C", "Z")), max_size=20),
)  # fmt: skip
_RUBBISH = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXTS, inner, max_size=3)),
    max_leaves=6,
)
_TYPES = ("String", "Long", "Integer", "Double", "Boolean", "Date", "Json", "Object", "File", "Null", "Xml", "x")
_INFO = st.one_of(st.none(), st.just({"filename": "a.txt"}), st.dictionaries(_TEXTS, _RUBBISH, max_size=2))
_VARIABLE = st.fixed_dictionaries({"value": _RUBBISH}, optional={"type": st.sampled_from(_TYPES), "valueInfo": _INFO})
_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large,
         HealthCheck.large_base_example, HealthCheck.filter_too_much]  # fmt: skip


_BOTH = pytest.mark.parametrize(
    "examples", [pytest.param(4, id="short"), pytest.param(300, id="long", marks=pytest.mark.soak)]
)


class Document:
    """The OpenAPI document, as something to draw requests from."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.schemas = document["components"]["schemas"]
        self.operations = [
            (method.upper(), path, described)
            for path, methods in document["paths"].items()
            for method, described in methods.items()
        ]

    def value(self, draw: Callable[..., Any], schema: dict[str, Any], depth: int = 0) -> Any:
        """A value of a schema, or now and then one of another."""
        if depth > 4 or draw(st.integers(0, 9)) == 0:
            return draw(_RUBBISH)
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return draw(_VARIABLE) if name == "Given" else self.value(draw, self.schemas[name], depth + 1)
        if "anyOf" in schema:
            return self.value(draw, draw(st.sampled_from(schema["anyOf"])), depth + 1)
        if "enum" in schema:
            return draw(st.sampled_from(schema["enum"]))
        match schema.get("type"):
            case "object":
                return self._object(draw, schema, depth)
            case "array":
                count = draw(st.integers(0, 2))
                return [self.value(draw, schema.get("items", {}), depth + 1) for _ in range(count)]
            case "integer":
                return draw(st.one_of(st.integers(-2, 5), st.integers()))
            case "number":
                return draw(st.floats(allow_nan=False, allow_infinity=False))
            case "boolean":
                return draw(st.booleans())
            case "null":
                return None
            case "string":
                return draw(_TEXTS)
        return draw(_RUBBISH)

    def _object(self, draw: Callable[..., Any], schema: dict[str, Any], depth: int) -> dict[str, Any]:
        names = schema.get("properties", {})
        required = set(schema.get("required", ()))
        chosen = required | {name for name in names if name not in required and draw(st.integers(0, 3)) == 0}
        found = {name: self.value(draw, names[name], depth + 1) for name in sorted(chosen)}
        if isinstance(schema.get("additionalProperties"), dict) and not names:
            key = draw(st.one_of(_TEXTS, st.sampled_from(["item", "room", "urgency", "reason"])))
            found[key] = self.value(draw, schema["additionalProperties"], depth + 1)
        return found


@pytest.fixture
def document(rest: Callable[[str], Program]) -> Document:
    return Document(rest("shen").get("/openapi.json"))


@pytest.mark.parametrize(
    "examples", [pytest.param(6, id="short"), pytest.param(300, id="long", marks=pytest.mark.soak)]
)
def test_every_operation_stands_whatever_is_sent(
    document: Document, rest: Callable[[str], Program], engine: Engine, repair: Callable[..., str], examples: int
) -> None:
    for item in ("灯", "门"):
        repair(item)
    programs = {who: rest(who) for who in WHO}
    assert len(document.operations) > 50

    def ask(method: str, path: str, described: dict[str, Any]) -> None:
        @settings(max_examples=examples, deadline=None, suppress_health_check=_SLOW, database=None)
        @given(st.data(), st.sampled_from(WHO))
        def check(data: st.DataObject, who: str) -> None:
            draw, query, real = data.draw, {}, path
            for parameter in described["parameters"]:
                if parameter["in"] == "path":
                    text = draw(_TEXTS).replace("/", "").replace("?", "").replace("#", "").replace("%", "") or "1"
                    real = real.replace("{" + parameter["name"] + "}", text[:200])
                elif parameter["required"] or draw(st.integers(0, 4)) == 0:
                    query[parameter["name"]] = draw(
                        st.one_of(st.just(document.value(draw, parameter["schema"])), _TEXTS)
                    )
            if draw(st.integers(0, 9)) == 0:
                query["unknown"] = "x"
            content = described.get("requestBody", {}).get("content", {})
            more: dict[str, Any] = {}
            if "application/json" in content:
                more["json"] = document.value(draw, content["application/json"]["schema"])
            elif content:
                more["data"] = {name: draw(_TEXTS) for name in ("deployment-name", "deployment-source")}
            answer = programs[who].open(method, real, query_string=query, **more)
            asked = f"{method} {real} {query} {more} as {who}: {answer.get_data(as_text=True)[:300]}"
            assert answer.status_code in HONEST, asked
            if answer.status_code >= 400:
                assert set(answer.get_json()) >= {"type", "message", "code"}, asked

        check()

    for method, path, described in document.operations:
        ask(method, path, described)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b"nul", b"\xff", b"[" * 100_000, b'{"variables":' * 2000, b'{"a":"\\ud800"}',
             b'{"variables":{"a":{"value":1e999999}}}', b'{"variables":{"a":{"value":"\\u0000"}}}'],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_refused(rest: Callable[[str], Program], body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = rest("lin").open("POST", "/process-definition/key/repair/start", data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.get_json()["type"] == "InvalidRequestException"
