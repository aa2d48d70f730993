"""Reading decision files (DMN 1.1 to 1.5): everything that is wrong at once, each with line, id, name and remedy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lxml import etree

from engine.decisions.boxed import logic_in, read_logic
from engine.decisions.checks import check_names, check_table
from engine.decisions.model import Decision, DmnFile, InputClause, ItemType, Knowledge, Literal, Logic, OutputClause
from engine.decisions.requirements import Unresolved, resolve
from engine.decisions.source import Unreadable, line_of, load
from engine.decisions.types import ANY, fits, simple_type
from engine.definitions.findings import Finding, Level
from engine.errors import ExpressionError
from engine.expressions import Compiled, CompiledUnary, compile_expression, compile_unary, tree
from engine.expressions.static import STATIC


def read_dmn(content: bytes, name: str) -> tuple[DmnFile, list[Finding]]:
    """The decisions of a file and all findings. With an error among them the file must not be deployed."""
    file, findings = _read(content, name)
    return file, list(findings)


@lru_cache(maxsize=256)
def _read(content: bytes, name: str) -> tuple[DmnFile, tuple[Finding, ...]]:
    """What is read is never changed, so a file is read once a process however often it is checked and deployed."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        root = load(content)
    except Unreadable as error:
        found = Finding("dmn-xml", Level.ERROR, name, error.line, "", "", "%(text)s", "%(remedy)s",
                        {"text": error.text, "remedy": error.remedy})  # fmt: skip
        return DmnFile(name, "", "", digest), (found,)
    reader = Reader(root, name)
    decisions = reader.decisions()
    file = DmnFile(name, root.get("id", ""), root.get("name", ""), digest, decisions, dict(reader.inputs()))
    return file, tuple(sorted(reader.findings, key=lambda each: (each.line, each.rule)))


class Reader:
    """One reading of one file: helpers over its elements, and the findings."""

    def __init__(self, root: etree._Element, file: str) -> None:
        self.root = root
        self.file = file
        self.findings: list[Finding] = []
        self.nothing = compile_expression("null")
        self._space = f"{{{etree.QName(root).namespace}}}"
        self.known = frozenset(self._names())
        self._types = {each.get("name", ""): each for each in self.children(root, "itemDefinition")}
        self._resolved: dict[str, ItemType] = {}

    def _names(self) -> Iterable[str]:
        """Every name that expressions of the file may use, for joining the ones with spaces."""
        named = ("inputData", "decision", "businessKnowledgeModel", "variable", "itemComponent", "formalParameter",
                 "output", "column", "parameter")  # fmt: skip
        for element in self.root.iter(*(self._space + tag for tag in named)):
            name = " ".join((element.get("name") or "").split())
            if name:
                yield name

    # Elements

    def tag(self, element: etree._Element) -> str:
        """The tag without the standard's namespace; empty for a foreign element."""
        tag = str(element.tag)
        return tag[len(self._space) :] if tag.startswith(self._space) else ""

    def children(self, element: etree._Element, tag: str) -> list[etree._Element]:
        """The direct children of a tag."""
        return element.findall(self._space + tag)

    def child(self, element: etree._Element | None, tag: str) -> etree._Element | None:
        """The first direct child of a tag."""
        return None if element is None else element.find(self._space + tag)

    def text(self, element: etree._Element | None) -> str:
        """The stripped text of an element, empty without one."""
        return "" if element is None else "".join(str(part) for part in element.itertext()).strip()

    # Findings

    def error(self, rule: str, element: etree._Element, text: str, remedy: str, **fields: object) -> None:
        """Note an error."""
        self._note(rule, Level.ERROR, element, text, remedy, fields)

    def warning(self, rule: str, element: etree._Element, text: str, remedy: str, **fields: object) -> None:
        """Note a warning."""
        self._note(rule, Level.WARNING, element, text, remedy, fields)

    def _note(
        self, rule: str, level: Level, element: etree._Element, text: str, remedy: str, fields: dict[str, object]
    ) -> None:
        owner = self._owner(element)
        self.findings.append(
            Finding(
                rule, level, self.file, line_of(element), owner.get("id", ""), owner.get("name", ""), text,
                remedy, fields,
            )
        )  # fmt: skip

    def _owner(self, element: etree._Element) -> etree._Element:
        """The nearest element with a name, or the nearest with an id: what a reader of the diagram can find."""
        at: etree._Element | None = element
        while at is not None and self.tag(at) not in ("decision", "businessKnowledgeModel", "inputData"):
            at = at.getparent()
        return element if at is None else at

    # Expressions and types

    def expression(self, text: etree._Element | None, owner: etree._Element, where: str = "") -> Compiled:
        """The compiled text of an element; a defect is a finding and gives null."""
        source = self.text(text)
        if not source:
            self.error("dmn-empty", owner, "An expression is missing.", "Write one.")
            return self.nothing
        try:
            return compile_expression(source, self.known)
        except ExpressionError as error:
            self._syntax(text if text is not None else owner, error, where)
            return self.nothing

    def unary(self, text: etree._Element | None, owner: etree._Element, where: str = "") -> CompiledUnary | None:
        """The compiled cell of an element; a defect is a finding and gives None."""
        source = self.text(text)
        if not source:
            return None
        try:
            return compile_unary(source, self.known)
        except ExpressionError as error:
            self._syntax(text if text is not None else owner, error, where)
            return None

    def _syntax(self, element: etree._Element, error: ExpressionError, where: str) -> None:
        place = f"In {where}: " if where else ""
        self.error("dmn-syntax", element, "%(place)s%(why)s", "Correct the expression.", place=place, why=str(error))

    def check_language(self, element: etree._Element) -> None:
        """Note an expression language other than FEEL (JUEL's spellings are read too)."""
        language = element.get("expressionLanguage", "").lower()
        if language and "feel" not in language and language != "juel":
            self.error(
                "dmn-language", element, "The language %(language)s is not supported.", "Write the cell in FEEL.",
                language=language,
            )  # fmt: skip

    def type_of(self, reference: str, element: etree._Element) -> ItemType:
        """The type that a `typeRef` names; an unknown one is a finding."""
        found = simple_type(reference)
        if reference in self._types:
            found = self._item_type(reference)
        if found is None:
            self.error("dmn-type", element, "The type %(type)s is not known.", "Define it or use a basic type.",
                       type=reference)  # fmt: skip
            return ANY
        return found

    def _item_type(self, name: str) -> ItemType:
        if name not in self._resolved:
            self._resolved[name] = ANY  # A type that contains itself ends here.
            self._resolved[name] = self._define(self._types[name])
        return self._resolved[name]

    def _define(self, element: etree._Element) -> ItemType:
        name = element.get("name", "")
        is_list = element.get("isCollection") == "true"
        parts = {each.get("name", ""): self._define(each) for each in self.children(element, "itemComponent")}
        if parts:
            return ItemType(name, "context", is_list, None, parts)
        reference = self.child(element, "typeRef")
        base = self.type_of(self.text(reference), element) if reference is not None else ANY
        values = self.child(element, "allowedValues")
        allowed = base.allowed if values is None else self.unary(self.child(values, "text"), values)
        return ItemType(name, base.base, is_list or base.is_list, allowed, base.components)

    def check_answer(self, element: etree._Element, compiled: Compiled, clause: OutputClause, number: int) -> None:
        """Note an answer that does not have its column's type or is not among its values."""
        value = compiled.evaluate({}, STATIC, strict=False)
        title = clause.label or clause.name
        if value is None:
            return
        if not fits(value, clause.type):
            self.error(
                "dmn-type", element, "Rule %(number)d answers %(answer)s, which is no %(type)s (%(column)s).",
                "Correct the answer or the column's type.",
                number=number, answer=compiled.source, type=clause.type.name, column=title,
            )  # fmt: skip
        elif clause.priorities and value not in clause.priorities:
            self.error(
                "dmn-type", element, "Rule %(number)d answers %(answer)s, which %(column)s does not list.",
                "Correct the answer or add it to the output's values.",
                number=number, answer=compiled.source, column=title,
            )  # fmt: skip

    def check_test(self, element: etree._Element, test: CompiledUnary, clause: InputClause, number: int) -> None:
        """Note a constant of a cell that is of another type than what is tested: it never matches."""
        for each in test.tree.alternatives:
            compared = each.operand if isinstance(each, tree.Compare) else each
            value = compared.value if isinstance(compared, tree.Literal) else None
            fraction = clause.type.base == "integer" and isinstance(value, Decimal)  # `> 0.5` asks something
            if value is not None and not fraction and not clause.type.is_list and not fits(value, clause.type):
                self.error(
                    "dmn-type", element, "Rule %(number)d tests for %(found)s, which is no %(type)s (%(column)s).",
                    "Correct the cell or the column's type.",
                    number=number, found=getattr(compared, "text", value), type=clause.type.name, column=clause.title,
                )  # fmt: skip

    # Decisions

    def inputs(self) -> Iterable[tuple[str, ItemType]]:
        """The input data by name."""
        for element in self.children(self.root, "inputData"):
            variable = self.child(element, "variable")
            reference = variable.get("typeRef", "") if variable is not None else ""
            yield " ".join(element.get("name", "").split()), self.type_of(reference, element)

    def decisions(self) -> dict[str, Decision]:
        """All decisions by id, with what they require."""
        unresolved = [self._decision(each) for each in self.children(self.root, "decision")]
        knowledge = [self._knowledge(each) for each in self.children(self.root, "businessKnowledgeModel")]
        if not unresolved:
            self.error("dmn-empty", self.root, "The file has no decision.", "Add one.")
        found = resolve(self, [each for each in unresolved if each], [each for each in knowledge if each])
        for decision in found.values():
            if decision.table is not None:
                check_table(self, decision.table)
            check_names(self, decision)
        return found

    def _decision(self, element: etree._Element) -> Unresolved | None:
        logic = self._logic(element, "decision")
        variable = self.child(element, "variable")
        reference = variable.get("typeRef", "") if variable is not None else ""
        made = Decision(
            element.get("id", ""),
            " ".join(element.get("name", "").split()),
            line_of(element),
            logic,
            self.type_of(reference, element),
            hashlib.sha256(canonical(element)).hexdigest(),
        )
        if not made.id:
            self.error("dmn-reference", element, "A decision has no id.", "Give it one.")
            return None
        return Unresolved(made, element)

    def _knowledge(self, element: etree._Element) -> Unresolved | None:
        function = self.child(element, "encapsulatedLogic")
        if function is None:
            self.error("dmn-empty", element, "The knowledge model has no logic.", "Add its function.")
            return None
        if function.get("kind", "FEEL") != "FEEL":
            self.error("dmn-unsupported", element, "Only FEEL functions are supported.", "Write it in FEEL.")
        parameters = tuple(each.get("name", "") for each in self.children(function, "formalParameter"))
        made = Knowledge(
            element.get("id", ""), " ".join(element.get("name", "").split()), line_of(element), parameters,
            self._logic(function, "knowledge model"),
        )  # fmt: skip
        return Unresolved(made, element)

    def _logic(self, element: etree._Element, what: str) -> Logic:
        inner = logic_in(self, element)
        if inner is None:
            self.error("dmn-empty", element, "The %(what)s has no logic.", "Add a table or an expression.", what=what)
            return Literal(self.nothing)
        return read_logic(self, inner)


def canonical(element: etree._Element) -> bytes:
    """The element as canonical XML, the same for the same content however it is indented between attributes."""
    made: Any = etree.tostring(element, method="c14n", exclusive=True)
    return bytes(made)
