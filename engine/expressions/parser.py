"""From text to tree: the lark grammar, its cache and the builder of nodes."""

from __future__ import annotations

import os
import threading
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import lark
from lark import Token, Transformer, v_args

from engine.errors import ExpressionError
from engine.expressions import tree
from engine.expressions.source import prepare, unquote
from engine.expressions.tree import Node

_GRAMMAR = Path(__file__).with_name("grammar.lark")
_WORD_OPERATORS = {
    "eq": "=", "==": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "div": "/", "mod": "%",
}  # fmt: skip
_parsing = threading.Lock()


def parse(source: str, start: str, known: frozenset[str], functions: frozenset[str]) -> Node:
    """The tree of an expression (`start` = `expression`) or of a cell (`unary`). Raises ExpressionError."""
    prepared = prepare(source, known, functions)
    if not prepared.strip():
        raise ExpressionError("An expression is empty. Write a value, or - in a cell that accepts all.", expression="")
    try:
        with _parsing:
            found = cast("Node", _parser().parse(prepared, start=f"{start}_start"))
    except lark.exceptions.VisitError as error:
        if isinstance(error.orig_exc, ExpressionError):
            raise error.orig_exc from None
        raise
    except lark.exceptions.UnexpectedInput as error:
        raise _unreadable(source, prepared, error) from None
    return found


@lru_cache(maxsize=1)
def _parser() -> lark.Lark:
    grammar = _GRAMMAR.read_text(encoding="utf-8")
    options: dict[str, Any] = {
        "parser": "lalr",
        "lexer": "contextual",
        "start": ["expression_start", "unary_start"],
        "maybe_placeholders": False,
        "transformer": _Builder(),
    }
    cache = _cache_file()
    if cache is not None:
        try:
            return lark.Lark(grammar, cache=str(cache), **options)
        except OSError:
            pass  # A cache that cannot be written only costs a quarter of a second.
    return lark.Lark(grammar, **options)


def _cache_file() -> Path | None:
    """Where lark keeps its tables: the user's own cache directory, since what is read there is unpickled."""
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME")
    if not root:
        return None
    folder = Path(root) / ("gendan" if os.environ.get("XDG_CACHE_HOME") else ".cache/gendan")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            return None
    except OSError:
        return None
    return folder / "expressions.lark"


def _unreadable(source: str, prepared: str, error: lark.exceptions.UnexpectedInput) -> ExpressionError:
    at = error.pos_in_stream if error.pos_in_stream is not None else len(prepared)
    if isinstance(error, lark.exceptions.UnexpectedToken) and error.token.type == "$END":
        return ExpressionError(
            "%(expression)s ends too early. Complete it: a bracket, a value or a keyword's second part is missing.",
            expression=source,
        )
    if prepared[at : at + 1] in {'"', "'"} and prepared.count(prepared[at]) % 2:
        return ExpressionError(
            "%(expression)s has an opening quote without a closing one: %(rest)s. Close it.",
            expression=source, rest=prepared[at : at + 20],
        )  # fmt: skip
    before = prepared[:at].rstrip()
    return ExpressionError(
        "%(expression)s cannot be read at “%(rest)s” (after “%(before)s”). %(cure)s",
        expression=source, rest=prepared[at : at + 20], before=before[-20:],
        cure=_cure(before, prepared[at:]), column=at + 1,
    )  # fmt: skip


def _cure(before: str, rest: str) -> str:
    if rest.startswith("=>") or (before.endswith("=") and rest.startswith(("<", ">"))):
        return "Write >= or <=."
    if before.endswith(("|", "&")) or rest.startswith(("|", "&")):
        return "Write and / or."
    if rest[:1].isalpha() and before[-1:].isalnum():
        return "An operator is missing, or a name with spaces is not known here: put it in `backquotes`."
    if rest.startswith(";"):
        return "One expression has no semicolons."
    return "Check operators, commas and brackets before this place."


def _path(token: str) -> list[str]:
    if "`" not in token:
        return token.split(".")
    parts: list[str] = []
    quoted = False
    current = ""
    for character in token:
        if character == "`":
            quoted = not quoted
        elif character == "." and not quoted:
            parts.append(current)
            current = ""
        else:
            current += character
    return [*parts, current]


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):  # type: ignore[misc, unused-ignore]
    """Makes a node of each rule of the grammar; the methods carry the rules' names."""

    def expression_start(self, node: Node) -> Node:
        return node

    def any_value(self, *_: Token) -> Node:
        return tree.Tests(())

    def unary_tests(self, *alternatives: Node) -> Node:
        if len(alternatives) == 1:
            only = alternatives[0]
            if isinstance(only, tree.Tests):
                return only
            # `not(x)` alone in a cell is a negated test, whatever x is (DMN 1.5, grammar rule 13).
            if isinstance(only, tree.Unary) and only.op == "not":
                return tree.Tests((only.operand,), negated=True)
        return tree.Tests(alternatives)

    def negated_tests(self, tests: tree.Tests) -> Node:
        return tree.Tests(tests.alternatives, negated=True)

    def several(self, *alternatives: Node) -> tree.Tests:
        return tree.Tests(alternatives)

    def op_test(self, op: Token, operand: Node) -> Node:
        return tree.Compare(_WORD_OPERATORS.get(op, str(op)), operand)

    def member_of(self, value: Node, tests: Node) -> Node:
        return tree.In(value, tests if isinstance(tests, tree.Tests) else tree.Tests((tests,)))

    def conditional(self, condition: Node, yes: Node, no: Node) -> Node:
        return tree.If(condition, yes, no)

    def either(self, left: Node, right: Node) -> Node:
        return tree.Binary("or", left, right)

    def both(self, left: Node, right: Node) -> Node:
        return tree.Binary("and", left, right)

    def binary(self, left: Node, op: Token, right: Node) -> Node:
        return tree.Binary(_WORD_OPERATORS.get(op, str(op)), left, right)

    def between(self, value: Node, low: Node, high: Node) -> Node:
        return tree.Between(value, low, high)

    def negative(self, _: Token, operand: Node) -> Node:
        if isinstance(operand, tree.Literal) and isinstance(operand.value, Decimal):
            return tree.Literal(operand.value.copy_negate(), f"-{operand.text}")
        return tree.Unary("-", operand)

    def negation(self, operand: Node) -> Node:
        return tree.Unary("not", operand)

    def emptiness(self, operand: Node) -> Node:
        return tree.Unary("empty", operand)

    def loop(self, *parts: Any) -> Node:
        return tree.Loop("for", parts[:-1], parts[-1])

    def quantified(self, word: Token, *parts: Any) -> Node:
        return tree.Loop(str(word), parts[:-1], parts[-1])

    def iteration(self, variable: Token, low: Node, high: Node | None = None) -> tree.Iteration:
        over = low if high is None else tree.Interval(low, high, False, False)
        return tree.Iteration(".".join(_path(variable)), over)

    def member(self, of: Node, names: Token) -> Node:
        for name in _path(names):
            of = tree.Member(of, name)
        return of

    def filter(self, of: Node, condition: Node) -> Node:
        if isinstance(condition, tree.Literal) and condition.value == 0 and isinstance(condition.value, Decimal):
            raise ExpressionError(
                "%(part)s[0] does not exist: positions count from 1. Write %(part)s[1] for the first.",
                part=tree.show(of), expression=f"{tree.show(of)}[0]",
            )  # fmt: skip
        return tree.Filter(of, condition)

    def truth(self, *_: Token) -> Node:
        return tree.Literal(True, "true")

    def falsehood(self, *_: Token) -> Node:
        return tree.Literal(False, "false")

    def null(self, *_: Token) -> Node:
        return tree.Literal(None, "null")

    def input(self) -> Node:
        return tree.Input()

    def list(self, *items: Node) -> Node:
        return tree.Items(items)

    def context(self, *entries: tuple[str, Node]) -> Node:
        return tree.Entries(entries)

    def number(self, token: Token) -> Node:
        return tree.Literal(Decimal(token), str(token))

    def string(self, token: Token) -> Node:
        return tree.Literal(unquote(token), str(token))

    def temporal(self, token: Token) -> Node:
        return tree.Moment(unquote(token))

    def path(self, names: Token) -> Node:
        root, *members = _path(names)
        node: Node = tree.Name(root)
        for name in members:
            node = tree.Member(node, name)
        return node

    def call(self, name: Token, *arguments: Any) -> Node:
        parts = _path(name)
        if len(parts) > 1:
            raise ExpressionError(
                "%(call)s(…): a value has no methods here. Use a function, such as count(list), contains(text, part) "
                "or get value(context, name).",
                call=".".join(parts), expression=f"{'.'.join(parts)}()",
            )  # fmt: skip
        named = [each for each in arguments if isinstance(each, tuple)]
        if named:
            return tree.Call(parts[0], tuple(node for _, node in named), tuple(key for key, _ in named))
        return tree.Call(parts[0], arguments)

    def named(self, words: str, value: Node) -> tuple[str, Node]:
        return words, value

    def entry(self, key: Token | str, value: Node) -> tuple[str, Node]:
        return (unquote(key) if isinstance(key, Token) else key), value

    def words(self, *parts: Token) -> str:
        return " ".join(".".join(_path(part)) for part in parts)

    def range(self, start: Token, low: Node, high: Node, end: Token) -> Node:
        return tree.Interval(low, high, start != "[", end != "]")

    def endpoint(self, node: Node) -> Node:
        return node
