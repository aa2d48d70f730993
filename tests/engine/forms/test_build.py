"""What is wrong with a form as drawn is found at once."""

from __future__ import annotations

import pytest

from engine.definitions.model import FormField
from engine.errors import Invalid
from engine.forms import FieldType, build_form, read_form
from tests.engine.forms.form_surroundings import field


def problems(*fields: FormField) -> list[str]:
    _, found = read_form(fields)
    return [
        f"{problem.line}: {problem.text % dict(problem.fields)} {problem.remedy % dict(problem.fields)}"
        for problem in found
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (field("a", "strng"), "type strng. Use one of"),
        (field("a b", "string"), "is no name"),
        (field("a", "string", visibleWhem="true"), "Did you mean visibleWhen?"),
        (field("a", "string", c_requird=""), "unknown constraint requird"),
        (field("a", "string", minRows="1"), "It belongs to: table."),
        (field("a", "enum"), "has no values"),
        (field("a", "enum", values="x x"), "a value twice"),
        (field("a", "enum", values="x", display="buttons"), "display buttons"),
        (field("a", "reference"), "names no list"),
        (field("a", "computed"), "computes nothing"),
        (field("a", "string", visibleWhen="1 +"), "visibleWhen of the field a cannot be read"),
        (field("a", "string", check="a"), "no checkMessage"),
        (field("a", "file", maxSize="big"), "Write a size such as 10MB."),
        (field("a", "string", multiple="yes"), "Write true or false."),
        (field("a", "string", c_maxlength="ten"), "Write a whole number."),
        (field("a", "table"), "has no columns"),
        (field("t[].a", "string"), "before or without its table"),
        (field("a", "enum", values="x", display="outcome", reasonField="b"), "reasonField of a names no field"),
    ],
)
def test_each_mistake_is_found_with_its_line(written: FormField, text: str) -> None:
    assert any(problem.startswith("7: ") and text in problem for problem in problems(written)), problems(written)


def test_mistakes_between_fields_are_found() -> None:
    found = problems(
        field("a", "string"), field("a", "string"),
        field("x", "enum", values="1", display="outcome"), field("y", "enum", values="1", display="outcome"),
        field("p", "string", visibleWhen="q = 1"), field("q", "integer", compute="if p = null then 1 else 2"),
        field("t", "table"), field("t[].i", "info"),
    )  # fmt: skip
    for text in ("a stands twice", "second outcome y", "p → q → p", "column i of t cannot"):
        assert any(text in problem for problem in found), (text, found)


def test_a_right_form_has_no_problem_and_a_wrong_one_is_not_built() -> None:
    form = build_form(
        [field("items", "table"), field("items[].quantity", "integer"), field("kind", "enum", values="a")]
    )
    assert [each.name for each in form] == ["items", "kind"]
    assert form.fields[0].columns[0].type is FieldType.INTEGER
    with pytest.raises(Invalid, match="type strng"):
        build_form([field("a", "strng")])
