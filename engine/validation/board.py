"""What board.yaml names must exist, and its expressions must give what its measures take."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.definitions.findings import Finding, Level
from engine.definitions.model import ProcessDefinition
from engine.definitions.practice import BUILT_IN, MOMENTS, Board, Figure, RecordField, Surroundings, Watch, nearest
from engine.errors import GendanError
from engine.expressions import FUNCTIONS, compile_expression, tree
from engine.expressions.parser import parse
from engine.validation.subject import Practice

RULE = "practice-file"
_COMPARING = frozenset({"=", "==", "!=", "<", "<=", ">", ">=", "and", "or"})
_WANTED: Mapping[str, frozenset[str]] = {
    "where": frozenset({"boolean"}),
    "good": frozenset({"boolean"}),
    "value": frozenset({"number", "duration"}),
    "out_of": frozenset({"number", "duration"}),
}
_TYPES = {
    "integer": "number", "number": "number", "money": "number", "boolean": "boolean", "text": "string",
    "enum": "string", "date": "date", "datetime": "date and time", "list": "list",
}  # fmt: skip


def board_findings(practice: Practice) -> list[Finding]:
    """Everything wrong with the board of a practice that its file alone does not tell."""
    around = practice.surroundings
    if around is None or not around.board.file:
        return []
    return list(_Checking(around, practice.processes).findings())


class _Checking:
    def __init__(self, around: Surroundings, processes: Mapping[str, ProcessDefinition]) -> None:
        self._around = around
        self._board: Board = around.board
        self._processes = processes
        self._fields: dict[str, RecordField] = {}
        for kind in around.records.values():
            self._fields |= dict(kind.fields)

    def findings(self) -> Iterator[Finding]:
        for dimension in self._board.dimensions:
            yield from self._known(dimension.line, dimension.id, "field", [dimension.field], self._fields)
        for watch in self._board.watches:
            yield from self._watch(watch)
        for figure in self._board.figures:
            yield from self._figure(figure)

    def _watch(self, watch: Watch) -> Iterator[Finding]:
        yield from self._known(watch.line, watch.id, "process", watch.processes, self._processes)
        elements = {node.id for each in self._processes.values() for node in each.scope.walk()}
        yield from self._known(watch.line, watch.id, "element", watch.elements, elements)
        since = (watch.since,) if watch.since else ()
        named = (*watch.one_of, *watch.none_of, *watch.lacks, *since, *watch.columns)
        known = self._published(watch.processes) if watch.processes else set(self._fields)
        yield from self._known(watch.line, watch.id, "field", named, known)

    def _figure(self, figure: Figure) -> Iterator[Finding]:
        yield from self._known(figure.line, figure.id, "process", [figure.process], self._processes)
        if figure.process not in self._processes:
            return
        own = self._published([figure.process])
        yield from self._known(figure.line, figure.id, "field", [figure.on], own | set(MOMENTS))
        type_ = self._fields[figure.on].type if figure.on in self._fields else ""
        if figure.on in own and type_ not in ("date", "datetime"):
            yield self._finding(figure.line, figure.id, "on names %(name)s, which is no date.", "Name a date.",
                                name=figure.on)  # fmt: skip
        known = own | set(BUILT_IN)
        yield from self._known(figure.line, figure.id, "field", [*figure.columns, *figure.by.values()], known)
        clauses = [clause.id for clause in self._around.clauses.clauses]
        if clauses:
            yield from self._known(figure.line, figure.id, "clause", figure.clauses, clauses)
        for key, text in figure.expressions.items():
            yield from self._expression(figure, key, text, known)

    def _expression(self, figure: Figure, key: str, text: str, known: set[str]) -> Iterator[Finding]:
        try:
            compiled = compile_expression(text)
            parsed = parse(text, "expression", frozenset(), frozenset(FUNCTIONS))
        except GendanError as error:
            yield self._finding(figure.line, figure.id, "%(key)s cannot be read: %(problem)s", "Mend it.",
                                key=key, problem=str(error))  # fmt: skip
            return
        yield from self._known(figure.line, figure.id, "function", compiled.functions, FUNCTIONS)
        yield from self._known(figure.line, figure.id, "field", compiled.names, known)
        given = self._type(parsed)
        if given and given not in _WANTED[key]:
            yield self._finding(figure.line, figure.id, "%(key)s gives a %(type)s; it must give a %(wanted)s.",
                                "Write it so.", key=key, type=given, wanted=max(_WANTED[key]))  # fmt: skip

    def _type(self, node: object) -> str:
        """The type of what an expression gives, where that can be told without running it; else empty."""
        if isinstance(node, tree.Binary):
            return "boolean" if node.op in _COMPARING else ""
        if isinstance(node, tree.Name):
            return _TYPES.get(self._fields[node.name].type, "") if node.name in self._fields else ""
        if isinstance(node, tree.Literal):
            value = node.value
            return "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
        if isinstance(node, tree.Call) and node.function in FUNCTIONS:
            result = FUNCTIONS[node.function].result
            return (
                "duration" if result.endswith("duration") else "" if result in ("any", "number or duration") else result
            )
        return ""

    def _published(self, process_ids: Iterable[str]) -> set[str]:
        """What the instances of these processes publish themselves, and what the records they hang on do."""
        found: set[str] = set()
        kinds = self._around.records
        for process_id in process_ids:
            process = self._processes.get(process_id)
            given = process.properties if process is not None else {}
            found |= _split(given.get("publish", ""))
            for kind in _split(given.get("linkedTo", "")) & kinds.keys():
                found |= set(kinds[kind].fields)
        return found

    def _known(self, line: int, id: str, what: str, named: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
        names = tuple(known)
        for name in sorted(named):
            if name not in names:
                yield self._finding(line, id, "%(element)s names the %(what)s %(found)s, which is unknown.",
                                    "Add it, or name another.%(guess)s", element=id, what=what, found=name,
                                    guess=nearest(name, names))  # fmt: skip

    def _finding(self, line: int, id: str, text: str, remedy: str, **fields: object) -> Finding:
        return Finding(RULE, Level.ERROR, self._board.file, line, id, "", text, remedy, fields)


def _split(text: str) -> set[str]:
    return {each.strip() for each in text.split(",") if each.strip()}
