"""YAML with its places: what a scenario file says and where it says it, so that every mistake is answered with both.

Only the structure of YAML is used. What a plain scalar means is decided here, because YAML's own rules read `10:30`
as the number 630, `no` as false and 0.1 as a binary fraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches

import yaml

from engine.errors import Invalid
from engine.scenarios.grammar import keys_of
from engine.values import Value

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d+)?|\.\d+)$")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[-+]\d{2}:\d{2})?$")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?$")
_WORDS: dict[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file: line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class ScenarioFault(Invalid):
    """One mistake in a scenario file; fields: file, line, column, problem."""

    code = "scenario-file"

    def __init__(self, place: Place, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(
            "%(file)s:%(line)d:%(column)d: %(problem)s",
            file=place.file,
            line=place.line,
            column=place.column,
            problem=problem,
        )


class ScenarioFilesInvalid(Invalid):
    """Scenario files cannot be read; `faults` holds every mistake in the order of the files."""

    code = "scenario-files"

    def __init__(self, faults: Iterable[ScenarioFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.place))
        super().__init__("%(text)s", text="\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Source:
    """A node of a file."""

    node: yaml.Node
    file: str

    @property
    def place(self) -> Place:
        """Where the node begins."""
        return _place(self.file, self.node.start_mark)

    def fault(self, problem: str) -> ScenarioFault:
        """The mistake `problem` at this place."""
        return ScenarioFault(self.place, problem)

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written (`key:`) or null."""
        return isinstance(self.node, yaml.ScalarNode) and _is_plain(self.node) and self.node.value in ("", "~", "null")

    def text(self) -> str:
        """The text as written, whatever it looks like (a number stays its digits)."""
        if not isinstance(self.node, yaml.ScalarNode) or self.is_empty:
            raise self.fault("A text is wanted here.")
        return str(self.node.value)

    def scalar(self) -> Value:
        """The value a scalar means; a moment without zone is a naive datetime, which its user places in a zone."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.fault("A single value is wanted here, not a list or a mapping.")
        if not _is_plain(self.node):
            return str(self.node.value)
        return self._plain(str(self.node.value))

    def _plain(self, text: str) -> Value:
        if text in _WORDS:
            return _WORDS[text]
        if _NUMBER.match(text):
            return Decimal(text)
        try:
            if _DATE.match(text):
                return date.fromisoformat(text)
            if _MOMENT.match(text):
                return datetime.fromisoformat(text)
            if _TIME.match(text):
                return time.fromisoformat(text.zfill(5) if text.count(":") == 1 else text.zfill(8))
        except ValueError:
            raise self.fault(f"{text} is not a date or time that exists.") from None
        return text

    def flag(self) -> bool:
        """True or false."""
        match self.scalar():
            case bool() as value:
                return value
        raise self.fault("true or false is wanted here.")

    def number(self) -> int:
        """A whole number that is not negative."""
        match self.scalar():
            case Decimal() as value if value == value.to_integral_value() and value >= 0:
                return int(value)
        raise self.fault("A whole number is wanted here.")

    def items(self) -> tuple[Source, ...]:
        """The entries of a list; a single value or mapping counts as a list of one, nothing as an empty one."""
        if isinstance(self.node, yaml.SequenceNode):
            return tuple(Source(each, self.file) for each in self.node.value)
        return () if self.is_empty else (self,)

    def entries(self) -> Iterator[tuple[str, Source, Source]]:
        """Key, the key's source and the value of each entry of a mapping. A key written twice is a mistake."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fault("A mapping (key: value) is wanted here.")
        seen: set[str] = set()
        for key_node, value_node in self.node.value:
            key = Source(key_node, self.file)
            name = key.text()
            if name in seen:
                raise key.fault(f"“{name}” is written twice.")
            seen.add(name)
            yield name, key, Source(value_node, self.file)

    def section(self, what: str) -> Section:
        """The node as a mapping whose keys are known words."""
        return Section(self, what)


class Section:
    """A mapping whose keys are words of the language: what is not asked for in the end is unknown and refused.

    `_` and `-` in a key mean a space, so that `has_tasks` is `has tasks`.
    """

    def __init__(self, source: Source, what: str) -> None:
        self.source = source
        self.what = what
        self._entries = {_word(name): (key, value) for name, key, value in source.entries()}
        self._asked: list[str] = []
        self._words = keys_of(what)

    @property
    def place(self) -> Place:
        """Where the mapping begins."""
        return self.source.place

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def take(self, key: str) -> Source | None:
        """The value of a key of the grammar; it may be missing."""
        if key not in self._words:
            raise KeyError(f"The grammar knows no {key} in {self.what}.")
        self._asked.append(key)
        found = self._entries.get(key)
        return found[1] if found else None

    def require(self, key: str) -> Source:
        """The value of a key that must be there."""
        found = self.take(key)
        if found is None:
            raise self.source.fault(f"“{key}” is missing in {self.what}.")
        return found

    def text(self, key: str, default: str = "") -> str:
        """The text of a key that may be missing or empty."""
        found = self.take(key)
        return found.text() if found is not None and not found.is_empty else default

    def verb(self, verbs: Iterable[str]) -> str:
        """The one key of this mapping that is a verb."""
        known = tuple(verbs)
        found = [key for key in self._entries if key in known]
        if len(found) == 1:
            return found[0]
        if found:
            key, _ = self._entries[found[1]]
            raise key.fault(f"One step does one thing, but “{found[0]}” and “{found[1]}” stand here. Make two steps.")
        raise self.source.fault(self._no_verb(known))

    def _no_verb(self, known: tuple[str, ...]) -> str:
        for key in self._entries:
            near = get_close_matches(key, known, 1)
            if near:
                return f"“{key}” is not a step. Do you mean “{near[0]}”?"
        return f"No step is named in {self.what}. Steps are: {', '.join(known)}."

    def done(self) -> None:
        """Refuse the first key that nobody asked for, naming the nearest known one."""
        for name, (key, _) in self._entries.items():
            if name not in self._asked:
                raise key.fault(unknown(name, self._asked, self.what))


def unknown(name: str, known: Iterable[str], what: str) -> str:
    """The sentence for a word that is not known in `what`, with the nearest known one, else all of them."""
    words = list(dict.fromkeys(known))
    near = get_close_matches(name, words, 1)
    if near:
        return f"“{name}” is not known in {what}. Do you mean “{near[0]}”?"
    return f"“{name}” is not known in {what}. Known are: {', '.join(words) or 'none'}."


def read_documents(text: str, file: str) -> list[Source]:
    """The documents of a file that hold anything. Text that is not YAML is a `ScenarioFault`."""
    try:
        return [
            Source(node, file) for node in yaml.compose_all(text, Loader=_LOADER) if not Source(node, file).is_empty
        ]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = _place(file, mark) if mark else Place(file, 1, 1)
        raise ScenarioFault(place, f"This is not YAML: {error.problem or error}.") from error
    except yaml.YAMLError as error:
        raise ScenarioFault(Place(file, 1, 1), f"This is not YAML: {error}.") from error


def _is_plain(node: yaml.ScalarNode) -> bool:
    """Whether a scalar stands without quotes (the C reader says so with an empty style, the other with None)."""
    return not node.style


def _place(file: str, mark: yaml.Mark) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _word(key: str) -> str:
    return key.replace("_", " ").replace("-", " ")
