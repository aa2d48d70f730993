"""The types of the variables of every process: from forms, tables, scripts, mappings and connectors through calls.

Everything that writes a name is joined, wherever it stands; rounds go on until nothing changes, and what still changes
then is anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from engine.decisions.model import Decision, DecisionTable, ItemType, OutputClause
from engine.definitions.model import FormField, Kind, Loop, Mapping_, Node, ProcessDefinition, Scope
from engine.errors import ExpressionError
from engine.expressions import compile_expression, compile_text
from engine.validation.inference import Names, item_of, named, type_of
from engine.validation.names import fields, names_in, written
from engine.validation.types import ANY, BOOLEAN, NULL, NUMBER, STRING, Type, context, join, joined, listing, of, text

_ROUNDS = 8
_GIVEN = {"business_key": STRING, "number": STRING, "starter": STRING, "started_at": of("date and time")}
_SUBMITTED = {"completed_by": STRING, "completed_at": of("date and time")}
"""What a submission holds beside its fields."""
_FIELDS = {
    "string": STRING, "text": STRING, "code": STRING, "integer": NUMBER, "number": NUMBER, "money": NUMBER,
    "long": NUMBER, "double": NUMBER, "date": of("date"), "time": of("time"), "datetime": of("date and time"),
    "boolean": BOOLEAN, "confirm": BOOLEAN, "reference": STRING, "user": STRING, "enum": STRING,
}  # fmt: skip
_RESULTS = {
    "next-number": STRING, "set-status": STRING, "notify": of("list"), "query-instances": of("list"),
    "query-records": of("list"), "query-history": of("list"),
}  # fmt: skip
_NUMBERS = ("SUM", "COUNT")
Types = Mapping[str, Type]


class Variables:
    """The types of the variables of each process of a practice, and what an expression at a node sees."""

    def __init__(self, processes: Mapping[str, ProcessDefinition], decisions: Mapping[str, Decision]) -> None:
        self._processes = processes
        self._decisions = decisions
        self._types: dict[str, dict[str, Type]] = {name: dict(_GIVEN) for name in processes}
        self._unwritten = NULL
        self._names: dict[tuple[str, str], _Inside] = {}

    def at(self, process: str, node: Node | None, inputs: int | None = None) -> Names:
        """What a name is for the texts of this node (None: of the process itself); with `inputs` for what is read
        when only so many of its input parameters are there."""
        key = (process, "" if node is None else node.id)
        if key not in self._names:
            self._names[key] = self._seen(process, node, self._settled)
        return self._names[key].before(inputs)

    def in_form(self, process: str, node: Node, row: str = "") -> Names:
        """What a name is for the texts of a form: its fields, and within a table the columns of the row."""
        own = form_types(node.form)
        if row:
            table = own.get(row, ANY)
            own |= (table.item.members or {}) if table.item is not None else {}
        outer = self.at(process, node)
        own |= {"row": ANY, "value": ANY}
        return lambda name: own[name] if name in own else outer(name)

    @cached_property
    def _settled(self) -> Mapping[str, Types]:
        changed: set[tuple[str, str]] | None = None
        for _ in range(_ROUNDS):
            changed = {written[:2] for written in self._writes(changed) if self._take(*written)}
            if not changed:
                break
        for process, name in changed or ():
            self._types[process][name] = ANY
        self._unwritten = ANY
        return self._types

    def _take(self, process: str, name: str, type_: Type) -> bool:
        if process not in self._types or not name:
            return False
        before = self._types[process].get(name)
        after = type_ if before is None else join(before, type_)
        self._types[process][name] = after
        return after != before

    def _seen(self, process: str, node: Node | None, types: Mapping[str, Types]) -> _Inside:
        own = types.get(process, {})
        # While types are gathered, what has none yet may still get one.
        unwritten = self._unwritten
        found = _Inside((), frozenset(), lambda name: own.get(name, unwritten))
        if node is None:
            return found
        for each in (*self._around.get((process, node.id), ()), node):
            found = _inside(each, found.before(None), self._rewritten.get((process, each.id), frozenset()))
        return found

    @cached_property
    def _around(self) -> Mapping[tuple[str, str], tuple[Node, ...]]:
        """The subprocesses around each node, from the outside inward."""
        return {
            (name, node.id): around
            for name, process in self._processes.items()
            for node, around in _nested(process.scope, ())
        }

    @cached_property
    def _rewritten(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The names that each node declares and that it, or something within it, writes."""
        found = {}
        for name, process in self._processes.items():
            own = {node.id: frozenset(written(node)) for node in process.scope.walk()}
            for node in process.scope.walk():
                within = (own[each.id] for each in node.body.walk()) if node.body is not None else ()
                declared = {mapping.target for mapping in node.inputs}
                found[name, node.id] = declared & own[node.id].union(*within)
        return {key: frozenset(names) for key, names in found.items()}

    def _writes(self, changed: set[tuple[str, str]] | None) -> Iterator[tuple[str, str, Type]]:
        """Every name that is written, by what reads one of the changed names (None: by all): process, name, type."""
        for process, node, reads in self._nodes:
            if changed is not None and reads.isdisjoint(changed) and not self._passes_all(node):
                continue
            names = self._seen(process, node, self._types).before(None)
            for name, type_ in self._of_node(node, names):
                yield process, name, type_
            yield from self._handed(process, node, names)

    @cached_property
    def _nodes(self) -> list[tuple[str, Node, frozenset[tuple[str, str]]]]:
        """Every node with its process and with the names, each with its process, that its writing depends on."""
        found = []
        for process in self._processes.values():
            for node in process.scope.walk():
                around = self._around[process.id, node.id]
                own = {(process.id, name) for each in (*around, node) for name in _reads(each)}
                back = node.call.outputs if node.call is not None else ()
                called = (
                    {(node.call.element, name) for each in back for name in names_in(each.expression)}
                    if node.call
                    else set()
                )
                found.append((process.id, node, frozenset(own | called)))
        return found

    def _passes_all(self, node: Node) -> bool:
        call = node.call
        return call is not None and bool(call.variables_in or call.variables_out or "${" in call.element)

    def _of_node(self, node: Node, names: Names) -> Iterator[tuple[str, Type]]:
        if node.form:
            own = form_types(node.form)
            yield from ((name, own[name]) for name in fields(node.form) if name in own)
            yield node.id, context(own | _SUBMITTED)
        elif node.kind is Kind.USER_TASK:
            yield node.id, of("context")
        if node.decision is not None:
            yield node.decision.result_variable or node.result_variable, self._decided(node)
        elif node.kind is Kind.SCRIPT_TASK:
            yield node.result_variable, _typed(node.script, names, bare=True)
        elif node.result_variable:
            yield node.result_variable, _RESULTS.get(node.topic, ANY)
        for mapping in node.outputs:
            yield mapping.target, _typed(mapping.expression, names)
        if node.loop is not None and node.loop.output_collection:
            yield node.loop.output_collection, listing(_loose(node.loop.output_element, names))
        if node.topic == "compute":
            yield from ((mapping.target, names(mapping.target)) for mapping in node.inputs)

    def _handed(self, process: str, node: Node, names: Names) -> Iterator[tuple[str, str, Type]]:
        """What passes between processes: into called and started ones, and back."""
        if node.topic == "start-process":
            started = next((each.expression for each in node.inputs if each.target == "process"), "")
            yield from ((started, each.target, names(each.target)) for each in node.inputs)
        if node.call is None:
            return
        called = [node.call.element] if "${" not in node.call.element else list(self._processes)
        for name in called:
            if name not in self._types:
                continue
            inside = self._types[name]
            if node.call.variables_in:
                yield from ((name, each, type_) for each, type_ in list(self._types[process].items()))
            yield from ((name, each.target, _typed(each.expression, names)) for each in node.call.inputs)
            back: Names = lambda asked, inside=inside: inside.get(asked, NULL)  # type: ignore[misc]  # noqa: E731
            yield from ((process, each.target, _typed(each.expression, back)) for each in node.call.outputs)
            if node.call.variables_out:
                yield from ((process, each, type_) for each, type_ in list(inside.items()))

    def _decided(self, node: Node) -> Type:
        decision = self._decisions.get(node.decision.ref) if node.decision is not None else None
        if decision is None or node.decision is None:
            return ANY
        return _mapped(decision, node.decision.map_result)


def _nested(scope: Scope, around: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    for node in scope.nodes.values():
        yield node, around
        if node.body is not None:
            yield from _nested(node.body, (*around, node))


def _reads(node: Node) -> Iterator[str]:
    """The names on which the types depend that a node declares or writes."""
    call = node.call.inputs if node.call is not None else ()
    texts = [each.expression for each in (*node.inputs, *node.outputs, *call)]
    if node.loop is not None:
        texts += [
            each if "${" in each else f"${{{each}}}"
            for each in (node.loop.collection, node.loop.output_element)
            if each
        ]
    if node.kind is Kind.SCRIPT_TASK and node.script:
        texts.append(f"${{{node.script}}}")
    for each in texts:
        yield from names_in(each)
    # A variable of its own that is written within is joined with what is written outside.
    yield from (mapping.target for mapping in node.inputs)


class _Inside:
    """The names around a node and its input parameters, each of which sees those before it. A type is found when it is
    asked for."""

    def __init__(self, inputs: tuple[Mapping_, ...], rewritten: frozenset[str], outer: Names) -> None:
        self._inputs = inputs
        self._rewritten = rewritten
        self._outer = outer
        self._found: dict[int, Type] = {}
        self._places: dict[str, list[int]] = {}
        for place, mapping in enumerate(inputs):
            if mapping.target:
                self._places.setdefault(mapping.target, []).append(place)

    def before(self, inputs: int | None) -> Names:
        """What a name is when only so many of the input parameters are there (None: all)."""
        if not self._places:
            return self._outer
        return lambda name: self._type(name, inputs)

    def _type(self, name: str, inputs: int | None) -> Type:
        for place in reversed(self._places.get(name, ())):
            if inputs is None or place < inputs:
                if place not in self._found:
                    self._found[place] = self._declared(name, place)
                return self._found[place]
        return self._outer(name)

    def _declared(self, name: str, place: int) -> Type:
        before = self.before(place)
        own = _typed(self._inputs[place].expression, before)
        return join(own, before(name)) if name in self._rewritten else own


def _inside(node: Node, outer: Names, rewritten: frozenset[str]) -> _Inside:
    """What a node declares for itself and what is within it, over the names around."""
    own: dict[str, Type] = {}
    if node.loop is not None:
        own |= {"loopCounter": NUMBER, "nrOfInstances": NUMBER, "nrOfCompletedInstances": NUMBER}
        own["nrOfActiveInstances"] = NUMBER
        if node.loop.element:
            own[node.loop.element] = _item(node.loop, outer)
    if node.topic or node.events or node.kind is Kind.RECEIVE_TASK:
        own |= {"result": _RESULTS.get(node.topic, ANY), "payload": ANY}
    seen: Names = outer if not own else lambda name: own[name] if name in own else outer(name)
    return _Inside(node.inputs, rewritten, seen)


def _item(loop: Loop, names: Names) -> Type:
    return item_of(_loose(loop.collection, names))


def _loose(source: str, names: Names) -> Type:
    """The type of a text that is an expression with or without `${…}`."""
    return _typed(source, names, bare="${" not in source) if source else ANY


def _typed(source: str, names: Names, bare: bool = False) -> Type:
    if not source.strip():
        return NULL
    try:
        return type_of(compile_expression(source) if bare else compile_text(source), names)[0]
    except ExpressionError:
        return ANY


def form_types(form: tuple[FormField, ...]) -> dict[str, Type]:
    """The types of the fields of a form; a table is a list of its rows."""
    columns: dict[str, dict[str, Type]] = {}
    found: dict[str, Type] = {}
    for field in form:
        table, column, name = field.id.partition("[].")
        if column:
            columns.setdefault(table, {})[name] = _field(field)
        elif field.type != "info":
            found[field.id] = _field(field)
    for table, members in columns.items():
        found[table] = listing(context(members))
    return found


def _field(field: FormField) -> Type:
    multiple = field.properties.get("multiple", "false")
    if multiple not in ("true", "false"):
        return ANY
    kind = _FIELDS.get(field.type, ANY)
    if field.type == "enum" and field.values:
        kind = text(value.id for value in field.values)
    several = multiple == "true" or field.properties.get("display") == "multiple"
    return listing(kind) if several else kind


def _mapped(decision: Decision, way: str) -> Type:
    """What a decision gives by its `mapDecisionResult`."""
    table = decision.logic if isinstance(decision.logic, DecisionTable) else None
    if table is None:
        return ANY
    outputs = {each.name: _output(table, at, each) for at, each in enumerate(table.outputs)}
    if table.aggregation:
        outputs = {name: NUMBER if table.aggregation in _NUMBERS else type_ for name, type_ in outputs.items()}
    row = context(outputs)
    entry = next(iter(outputs.values()), ANY) if len(outputs) == 1 else ANY
    return {"singleEntry": entry, "singleResult": row, "collectEntries": listing(entry)}.get(way, listing(row))


def _output(table: DecisionTable, at: int, output: OutputClause) -> Type:
    declared = _base(output.type)
    if not declared.only("string"):
        return declared
    cells = [rule.answers[at] for rule in table.rules if at < len(rule.answers)]
    answers = [each for each in (*cells, output.default) if each is not None]
    given = joined(type_of(each, lambda _: ANY)[0] for each in answers)
    return given if given.only("string") else declared


def _base(type_: ItemType) -> Type:
    if type_.is_list:
        return of("list")
    return named("number" if type_.base == "integer" else type_.base)
