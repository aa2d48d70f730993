"""The table of functions for the page about expressions, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterable

from engine.expressions.context import Function

BEGIN = "<!-- functions: made by `python -m tests.engine.expressions.page`, do not edit -->"
END = "<!-- end of functions -->"
_GROUPS = {
    "string": "Texts 文本",
    "numeric": "Numbers 数字",
    "list": "Lists 列表",
    "range": "Ranges 区间",
    "contexts": "Contexts 上下文",
    "logic": "Truth and null 真假与空值",
    "date and time": "Dates and times 日期与时间",
    "context": "What the surroundings offer 环境函数",
}


def page_of(functions: Iterable[Function]) -> str:
    """The functions by group, as Markdown tables between the two marks."""
    by_group: dict[str, list[Function]] = {group: [] for group in _GROUPS}
    for function in functions:
        by_group.setdefault(function.group, []).append(function)
    lines = [BEGIN, ""]
    for group, members in by_group.items():
        if members:
            lines += [f"### {_GROUPS.get(group, group)}", "", "| function | gives | | |", "|---|---|---|---|"]
            lines += [_row(each) for each in sorted(members, key=lambda each: each.name)]
            lines.append("")
    return "\n".join([*lines, END])


def _row(function: Function) -> str:
    cells = (f"`{function.signature}`", function.result, function.help_en, function.help_zh)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def with_functions(page: str, functions: Iterable[Function]) -> str:
    """The page with its table made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + page_of(functions) + after
