"""The part of Jinja that a printed sheet is written in: loops, conditions, a few filters, and nothing that calls.

A template is written by a process owner and read by everybody, so it is held like a form: it reads what it is given,
it cannot name anything else of the machine, and it ends after a bounded amount of work.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes, pass_environment
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from engine.errors import Invalid

NAMES = ("record", "field", "own", "form", "history", "step", "linked", "stages", "printed")
MOST_STEPS = 20_000
MOST_CHARACTERS = 500_000
DEEPEST = 4
_TEMPLATES = 128  # are kept read: a set is checked again while one file of it changes, a sheet filled again and again
_FILTERS = ("default", "first", "groupby", "join", "last", "length", "rejectattr", "reverse", "selectattr", "sort",
            "sum", "trim", "upper")  # fmt: skip
_TESTS = ("defined", "undefined", "equalto", "ne", "in", "none", "true", "false", "gt", "ge", "lt", "le")
_OF_LOOPS = ("index", "first", "last", "length")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.List, nodes.Tuple,
    nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.CondExpr, nodes.If, nodes.For, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg,
    nodes.Keyword, nodes.Call,
)  # fmt: skip


class PrintFailed(Invalid):
    """A template that cannot be filled with this record: the text names file, line and what to do."""

    code = "print-failed"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a template: its line, the text and the remedy as templates, with the values that fill both."""

    line: int
    text: str
    remedy: str
    fields: Mapping[str, object]


class _Spent(Exception):
    """The work a template may make is used up."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which only data is reached: the fields of frozen views, keys of mappings, items of lists."""

    intercepted_binops = frozenset({"+", "*", "-", "/"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_scalar, trim_blocks=True,
                         lstrip_blocks=True)  # fmt: skip
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"join": _join}
        self.tests = {name: self.tests[name] for name in _TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a view, or a key of a mapping."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same, and an item of a list."""
        if isinstance(obj, Undefined):
            return obj
        if isinstance(obj, Mapping) and isinstance(argument, str):
            found = obj.get(argument)
            return found if found is not None else self.undefined(obj=obj, name=argument)
        if isinstance(obj, LoopContext) and argument in _OF_LOOPS:
            return getattr(obj, argument)
        if is_dataclass(obj) and argument in {each.name for each in fields(obj)}:
            return getattr(obj, argument)
        if isinstance(obj, list | tuple) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic is for numbers: a text multiplied fills the memory."""
        if not all(isinstance(each, Decimal | int) for each in (left, right)):
            raise TypeError(operator)
        return super().call_binop(context, operator, _number(left), _number(right))


@lru_cache(maxsize=_TEMPLATES)
def mistakes(source: str) -> tuple[Mistake, ...]:
    """Everything that is wrong with a template before any record is there."""
    try:
        tree = _PARSER.parse(source)
    except TemplateSyntaxError as error:
        fields_ = {"problem": error.message}
        return (Mistake(error.lineno, "The template cannot be read: %(problem)s", "Mend the line.", fields_),)
    found = [*_forbidden(tree), *_unknown(tree, frozenset(NAMES))]
    if not found:
        try:
            _PARSER.compile(tree)  # unknown filters and tests
        except TemplateSyntaxError as error:
            known = {"problem": error.message, "known": ", ".join(_FILTERS)}
            found = [Mistake(error.lineno, "The template cannot be read: %(problem)s",
                             "Filters are: %(known)s.", known)]  # fmt: skip
    return tuple(found)


@lru_cache(maxsize=_TEMPLATES)
def used(source: str, name: str) -> tuple[tuple[str, int], ...]:
    """What a readable template reads of one of its names (`field.x`), each with its line."""
    return tuple(
        (node.attr, node.lineno)
        for node in _PARSER.parse(source).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == name
    )


def render(file: str, source: str, values: Mapping[str, object], say: Callable[[str, str], str]) -> str:
    """The sheet as safe HTML. `say` chooses between a Chinese and an English text; in templates it is called `t`.

    Raises PrintFailed with the line of the template.
    """
    if wrong := mistakes(source):
        text = "%(file)s, line %(line)d is nothing for printed sheets. Mend the template and deploy it."
        raise PrintFailed(text, file=file, line=wrong[0].line)
    sandbox, left = Sandbox(), [MOST_STEPS]
    sandbox.filters["counted"] = lambda items: _counted(items, left)
    tree = sandbox.parse(source, filename=file)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
    written, parts = 0, []
    try:
        template = sandbox.from_string(tree)
        for part in template.generate({**values, "t": say}):
            written += len(part)
            if written > MOST_CHARACTERS:
                raise _Spent
            parts.append(part)
    except _Spent as error:
        text = "%(file)s repeats too much: at most %(steps)d turns of loops and %(characters)d characters are printed."
        raise PrintFailed(text, file=file, steps=MOST_STEPS, characters=MOST_CHARACTERS) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        text = "%(file)s, line %(line)d cannot be filled: %(problem)s. Mend the template and deploy it."
        raise PrintFailed(text, file=file, line=_line(error), problem=str(error)) from error
    return "".join(parts)


def _forbidden(tree: nodes.Template) -> Iterator[Mistake]:
    for node in _all(tree):
        what = type(node).__name__
        if not isinstance(node, _ALLOWED):
            yield Mistake(node.lineno, "%(what)s is not for printed sheets.",
                          "Use values, if, for and filters; docs/prints.md shows how.", {"what": what})  # fmt: skip
        elif isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name == "t"):
            yield Mistake(node.lineno, "Nothing can be called in a printed sheet but %(name)s.",
                          "Take the call out.", {"name": 't("中文", "English")'})  # fmt: skip
        elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            yield Mistake(node.lineno, "%(name)s cannot be read in a printed sheet.", "Take it out.",
                          {"name": node.attr})  # fmt: skip
    if _depth(tree) > DEEPEST:
        yield Mistake(1, "Loops stand more than %(deepest)d deep in each other.", "Take one out.", {"deepest": DEEPEST})


def _unknown(node: nodes.Node, known: frozenset[str]) -> Iterator[Mistake]:
    """Names that are neither given nor of a loop around them."""
    for child in node.iter_child_nodes():
        inside = known
        if isinstance(child, nodes.For):
            yield from _unknown(nodes.Output([child.iter], lineno=child.lineno), known)
            inside = known | {each.name for each in _names(child.target)} | {"loop"}
            for part in (*child.body, *child.else_, *([child.test] if child.test else ())):
                yield from _unknown(nodes.Output([part], lineno=child.lineno), inside)
            continue
        if isinstance(child, nodes.Name) and child.name not in known | {"t"}:
            yield Mistake(child.lineno, "%(name)s is unknown.", "Use one of: %(known)s.",
                          {"name": child.name, "known": ", ".join(sorted(known))})  # fmt: skip
        yield from _unknown(child, inside)


def _names(target: nodes.Node) -> Iterator[nodes.Name]:
    return iter([target]) if isinstance(target, nodes.Name) else target.find_all(nodes.Name)


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    for child in tree.iter_child_nodes():
        yield child
        yield from _all(child)


def _depth(node: nodes.Node) -> int:
    inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)


def _counted(items: Iterable[object], left: list[int]) -> Iterator[object]:
    for item in items:
        left[0] -= 1
        if left[0] < 0:
            raise _Spent
        yield item


def _scalar(value: object) -> object:
    """What may be written: words and numbers. A list written by mistake would be shown as the machine sees it."""
    if value is None:
        return ""
    if isinstance(value, str | int | Decimal | Markup):
        return value
    if isinstance(value, Undefined):
        return str(value)
    raise TypeError("a list or view is written where a value belongs; write one of its fields, such as .text")


@pass_environment
def _join(_environment: Sandbox, items: Iterable[object], between: str = "", attribute: str = "") -> Markup:
    """Texts one after another, as far as a sheet may be long."""
    found = [_environment.getitem(item, attribute) if attribute else item for item in items]
    words = [escape(_scalar(item)) for item in found]
    if sum(map(len, words)) > MOST_CHARACTERS:
        raise _Spent
    return escape(between).join(words)


def _number(value: Decimal | int) -> Decimal:
    return Decimal(value)


def _line(error: BaseException) -> int:
    """The line of the template that was being filled."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 1 for frame in reversed(frames) if frame.name in ("top-level template code", "root")
                 or frame.filename.startswith("<template")), 1)  # fmt: skip


_PARSER = Sandbox()

__all__ = ["NAMES", "Mistake", "PrintFailed", "Sandbox", "mistakes", "render", "used"]
