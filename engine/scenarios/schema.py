"""The JSON Schema of scenario files, made of the grammar: editors complete and check with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from engine.scenarios.grammar import (
    BLOCKS,
    COMMON,
    DOCUMENTS,
    REQUIRED,
    VERBS,
    VERBS_REQUIRE,
    Block,
    Either,
    Keys,
    Many,
    Named,
    OneOf,
    Plain,
    Shape,
)

_Schema = dict[str, Any]
_SCALAR: Final = ["string", "number", "boolean"]
_SHIFT: Final = r"[-+]\s*\d+(\.\d+)?\s*(min|wm|wh|wd|h|d|w)(\s+\d{1,2}:\d{2})?"
_FIXED: Final = r"\d{4}-\d{2}-\d{2}([T ].*)?|\d{1,2}:\d{2}(:\d{2})?"
_NAMED: Final = r"(next|end of) (half|work) day|end of day"
_PLAIN: Final[Mapping[Plain, _Schema]] = {
    Plain.TEXT: {"type": [*_SCALAR, "null"]},
    Plain.NUMBER: {"type": "integer", "minimum": 0},
    Plain.FLAG: {"type": "boolean"},
    Plain.MOMENT: {"type": "string", "pattern": rf"^\s*({_FIXED}|{_SHIFT}|{_NAMED})\s*$|\$\{{"},
    Plain.TRUE: {"const": True},
    Plain.NOTHING: {"type": "null"},
    Plain.ANY: {},
    Plain.MAPPING: {"type": ["object", "null"]},
}


def schema_text() -> str:
    """The schema as it is printed."""
    return json.dumps(schema(), ensure_ascii=False, indent=2)


def schema() -> Mapping[str, Any]:
    """The schema of a document of a scenario file."""
    blocks = {_id(name): _block(keys, REQUIRED.get(name, ())) for name, keys in BLOCKS.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A document of a scenario file",
        "anyOf": [_document(first) for first in DOCUMENTS],
        "definitions": {**blocks, _id("a step"): _step()},
    }


def _document(first: str) -> _Schema:
    """A document by what it begins with."""
    match first:
        case "demo":
            return {"$ref": _ref("a demonstration")}
        case "scenario" | "fragment":
            return _block({first: DOCUMENTS[first], **BLOCKS["a scenario"]}, (first,))
    return _block({first: DOCUMENTS[first]}, (first,))


def _step() -> _Schema:
    """A step by its verb; one that only looks has none."""
    steps = [
        _block({verb: shape, **beside, **COMMON}, (verb, *VERBS_REQUIRE.get(verb, ())))
        for verb, (shape, beside) in VERBS.items()
    ]
    return {"type": "object", "anyOf": [*steps, _block(COMMON, ("expect",))]}


def _block(keys: Keys, required: tuple[str, ...]) -> _Schema:
    """A mapping with these keys and no other; a key of several words may be written with `_` or `-` between them."""
    made: _Schema = {
        "type": "object",
        "properties": {name: _shape(shape) for name, shape in keys.items()},
        "additionalProperties": False,
    }
    others = {f"^{name.replace(' ', '[_-]')}$": _shape(shape) for name, shape in keys.items() if " " in name}
    if others:
        made["patternProperties"] = others
    if required:
        made["required"] = list(required)
    return made


def _shape(shape: Shape) -> _Schema:
    match shape:
        case Plain():
            return dict(_PLAIN[shape])
        case Block(name):
            return {"$ref": _ref(name)}
        case Many(of):
            one = _shape(of)
            return {"anyOf": [{"type": "array", "items": one}, one, {"type": "null"}]}
        case Named(to):
            return {"type": ["object", "null"], "additionalProperties": _shape(to)}
        case Either(shapes):
            return {"anyOf": [_shape(each) for each in shapes]}
        case OneOf(words):
            return {"enum": list(words)}


def _ref(name: str) -> str:
    return f"#/definitions/{_id(name)}"


def _id(name: str) -> str:
    """The name of a block as a word."""
    return name.replace("'", "").replace(" ", "-")
