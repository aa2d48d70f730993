"""The sandbox of printed sheets: what reads data works, what reaches further or never ends is refused in words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.prints import PrintFailed, mistakes, render
from engine.prints.sandbox import NAMES


@dataclass(frozen=True)
class Value:
    text: str
    rows: tuple[object, ...] = ()

    def wipe(self) -> str:
        return "wiped"


def sheet(source: str, **values: object) -> str:
    given: dict[str, object] = {name: {} for name in NAMES} | values
    return render("prints/x.html", source, given, lambda zh, _: zh)


def test_values_are_read_and_escaped() -> None:
    field = {"item": Value("<script>alert(1)</script>")}
    assert sheet("<b>{{ field.item.text }}</b>", field=field) == "<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>"


def test_lists_are_looped_joined_and_counted() -> None:
    rows = (Value("甲"), Value("<乙>"))
    source = "{% for each in linked %}{{ loop.index }}{{ each.text }} {% endfor %}"
    source += "{{ linked|join('、', 'text') }}{{ linked|length }}"
    assert sheet(source, linked=rows) == "1甲 2&lt;乙&gt; 甲、&lt;乙&gt;2"


def test_a_text_is_said_in_the_readers_language() -> None:
    assert sheet('{{ t("数量", "Quantity") }}') == "数量"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ field['__class__']['__mro__'] }}",
        "{{ field.item.__init__ }}",
        "{{ field.item.wipe() }}",
        "{{ field.item.wipe }}",
        "{{ field.item['wipe'] }}",
        "{{ ''.format(1) }}",
        "{{ 'x'|attr('__class__') }}",
        "{{ field|map(attribute='__class__')|list }}",
        "{{ linked|sort(attribute='__class__')|first }}",
        "{{ linked|join(',', '__class__') }}",
        "{{ 'x'|format(1) }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 10 ** 1000000 }}",
        "{{ 'x' ~ 'y' }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% extends 'base.html' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% set x = 1 %}",
        "{{ range(10) }}",
        "{{ config }}",
        "{{ self }}",
        "{{ request.cookies }}",
        "{{ linked }}",
        "{% for a in linked recursive %}{{ loop(linked) }}{% endfor %}",
    ],
)
def test_what_reaches_further_is_refused(source: str) -> None:
    with pytest.raises(PrintFailed):
        sheet(source, field={"item": Value("x")}, linked=(Value("a"), Value("b")))


def test_loops_end() -> None:
    deep = "{% for a in linked %}" * 4 + "x" + "{% endfor %}" * 4
    with pytest.raises(PrintFailed, match="repeats too much"):
        sheet(deep, linked=tuple(map(Value, "abcdefghijklmnopqrst")))


def test_loops_that_write_nothing_end_too() -> None:
    source = "{% for a in linked %}{% for b in linked %}{% endfor %}{% endfor %}"
    with pytest.raises(PrintFailed, match="repeats too much"):
        sheet(source, linked=(Value("x"),) * 1000)


def test_a_sheet_is_only_so_long() -> None:
    with pytest.raises(PrintFailed, match="characters"):
        sheet("{% for a in linked %}{{ a.text }}{% endfor %}", linked=(Value("x" * 1000),) * 1000)


def test_five_loops_in_each_other_are_refused() -> None:
    assert "deep" in mistakes("{% for a in linked %}" * 5 + "{% endfor %}" * 5)[0].text


def test_a_mistake_names_its_line() -> None:
    assert [(each.line, each.fields["name"]) for each in mistakes("\n{{ fields.x }}")] == [(2, "fields")]
    assert mistakes("\n\n{% if %}")[0].line == 3
    assert mistakes("{{ field.x|frobnicate }}")[0].line == 1


def test_an_error_while_filling_names_file_and_line() -> None:
    with pytest.raises(PrintFailed, match=r"prints/x\.html, line 3"):
        sheet("\n\n{{ field.item.colour }}", field={"item": Value("x")})
