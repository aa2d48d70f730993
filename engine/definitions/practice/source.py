"""Reads YAML as entries that know their line and complain about everything at once.

A file is composed to nodes, never built to objects, so that every value keeps its line and its text as written: a
time such as `17:30` is not turned into a number on the way.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import yaml

from engine import scalars
from engine.definitions.findings import Finding, Level

T = TypeVar("T")
NAME = re.compile(r"[a-z][a-z0-9_-]*")
RULE = "practice-file"
MAX_BYTES = 1024 * 1024
MAX_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class Label:
    """A text in the two languages of the practice."""

    zh: str = ""
    en: str = ""

    def __str__(self) -> str:
        return self.zh or self.en

    def text(self, language: str) -> str:
        """The text in this language (`zh` or `en`), else in the other one."""
        return (self.en or self.zh) if language.startswith("en") else (self.zh or self.en)


@dataclass(frozen=True, slots=True)
class Source:
    """One file that is being read and the findings collected so far."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def report(self, line: int, text: str, remedy: str, /, **fields: object) -> None:
        """Add a finding; `fields` fill both templates, `fields["element"]` names the entry concerned. After very many
        nothing is added: nobody reads on."""
        if len(self.findings) >= MAX_FINDINGS:
            return
        element = str(fields.get("element", ""))
        self.findings.append(Finding(RULE, Level.ERROR, self.file, line, element, "", text, remedy, fields))

    def root(self, content: bytes) -> Entry | None:
        """The mapping at the top of the file, or None with a finding."""
        if len(content) > MAX_BYTES:
            sizes = {"bytes": len(content), "limit": MAX_BYTES}
            self.report(1, "The file has %(bytes)d bytes; %(limit)d are allowed.", "Split the file.", **sizes)
            return None
        try:
            node = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
        except UnicodeDecodeError as error:
            self.report(1, "The file is not UTF-8 (byte %(at)d).", "Save it as UTF-8.", at=error.start)
            return None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.report(line, "YAML cannot be read: %(problem)s.", "Mend the line.", problem=error.problem)
            return None
        except (yaml.YAMLError, RecursionError) as error:
            self.report(1, "YAML cannot be read: %(problem)s.", "Mend the file.", problem=type(error).__name__)
            return None
        if not isinstance(node, yaml.MappingNode):
            self.report(1, "The file holds no keys.", "Write it as docs/practice-files.md shows.")
            return None
        return Entry(self, node, self.file)


class Entry:
    """One YAML mapping. Each known key is asked for once; `finish` reports those nobody asked for."""

    def __init__(self, source: Source, node: yaml.MappingNode, what: str) -> None:
        self.source = source
        self.what = what
        self.line = node.start_mark.line + 1
        self._asked: set[str] = set()
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in self._nodes:
                self._report(key, "%(element)s has the key %(key)s twice.", "Keep one of them.", key=name)
            self._nodes[name] = value
            self._lines[name] = key.start_mark.line + 1

    def names(self) -> tuple[str, ...]:
        """The keys as written, for entries whose keys are names."""
        return tuple(self._nodes)

    def line_of(self, key: str) -> int:
        """The line of a key, or of the entry when it is missing."""
        return self._lines.get(key, self.line)

    def has(self, key: str) -> bool:
        """Whether the key is given and not null; asking makes it known."""
        return self._node(key) is not None

    def report(self, key: str, text: str, remedy: str, /, **fields: object) -> None:
        """Report at the line of a key of this entry."""
        self.source.report(self.line_of(key), text, remedy, **{"element": self.what, "key": key, **fields})

    def text(self, key: str, default: str | None = None) -> str:
        """A scalar as written. Without a default the key is required."""
        node = self._node(key)
        if node is None:
            if default is None:
                self.report(key, "%(element)s lacks the key %(key)s.", "Add %(key)s.")
            return default or ""
        if not isinstance(node, yaml.ScalarNode):
            self._report(node, "%(key)s of %(element)s must be a single value.", "Write one value.", key=key)
            return default or ""
        return str(node.value)

    def name(self, key: str) -> str:
        """A required name: lower-case letters, digits, `_`, `-`."""
        found = self.text(key)
        if found and not NAME.fullmatch(found):
            self.report(
                key,
                "%(key)s %(found)s of %(element)s is not a name.",
                "Use lower-case letters, digits, _ and -, a letter first.",
                found=found,
            )
        return found

    def label(self, zh: str = "zh", en: str = "en") -> Label:
        """The text in both languages, both required."""
        return Label(self.text(zh), self.text(en))

    def value(self, key: str, read: Callable[[str], T], default: T, expected: str) -> T:
        """A scalar turned by `read` (which raises ValueError); `expected` says in words what it must be."""
        if not self.has(key):
            return default
        found = self.text(key)
        try:
            return read(found)
        except ValueError:
            self.report(
                key,
                "%(key)s of %(element)s is %(found)s, which is not %(expected)s.",
                "Write %(expected)s.",
                found=found,
                expected=expected,
            )
            return default

    def boolean(self, key: str, default: bool = False) -> bool:
        """True or false."""
        return self.value(key, scalars.boolean, default, "true or false")

    def day(self, key: str) -> date | None:
        """A required date."""
        if not self.has(key):
            self.text(key)
            return None
        return self.value(key, _optional(scalars.day), None, "a date such as 2026-10-01")

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of these words."""
        found = self.text(key, default)
        if found and found not in allowed:
            self.report(
                key,
                "%(key)s of %(element)s is %(found)s.",
                "Use one of: %(allowed)s.%(guess)s",
                found=found,
                allowed=", ".join(allowed),
                guess=nearest(found, allowed),
            )
            return default or allowed[0]
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of scalars; empty when missing."""
        return tuple(text for text, _ in self.lines(key))

    def lines(self, key: str) -> tuple[tuple[str, int], ...]:
        """A list of scalars, each with its line."""
        found: list[tuple[str, int]] = []
        for item in self._items(key):
            if isinstance(item, yaml.ScalarNode):
                found.append((str(item.value), item.start_mark.line + 1))
            else:
                self._report(item, "%(key)s of %(element)s must hold single values.", "Write values.", key=key)
        return tuple(found)

    def entries(self, key: str, name_key: str = "id") -> Iterator[Entry]:
        """The mappings of a list, each called `key name`, where the name stands under `name_key`."""
        for item in self._items(key):
            if isinstance(item, yaml.MappingNode):
                yield Entry(self.source, item, f"{key} {_peek(item, name_key)}".strip())
            else:
                self._report(item, "%(key)s of %(element)s must hold entries.", "Write keys with values.", key=key)

    def entry(self, key: str) -> Entry | None:
        """One mapping under a key, or None when it is missing (not reported) or no mapping (reported)."""
        node = self._node(key)
        if node is None:
            return None
        if isinstance(node, yaml.MappingNode):
            return Entry(self.source, node, key)
        self._report(node, "%(key)s of %(element)s must hold keys.", "Write keys with values.", key=key)
        return None

    def finish(self) -> None:
        """Report the keys nobody asked for, with the nearest known one."""
        for key in self._nodes.keys() - self._asked:
            self.report(
                key,
                "%(element)s has the unknown key %(key)s.",
                "Remove it, or use one of: %(known)s.%(guess)s",
                known=", ".join(sorted(self._asked)),
                guess=nearest(key, tuple(self._asked)),
            )

    def _node(self, key: str) -> yaml.Node | None:
        self._asked.add(key)
        node = self._nodes.get(key)
        return None if node is None or node.tag == "tag:yaml.org,2002:null" else node

    def _items(self, key: str) -> list[yaml.Node]:
        node = self._node(key)
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self._report(node, "%(key)s of %(element)s must be a list.", "Write each entry with a dash.", key=key)
        return []

    def _report(self, node: yaml.Node, text: str, remedy: str, /, **fields: object) -> None:
        self.source.report(node.start_mark.line + 1, text, remedy, **{"element": self.what, **fields})


def nearest(word: str, known: tuple[str, ...]) -> str:
    """` Did you mean X?`, or nothing when no known word is near."""
    found = difflib.get_close_matches(word, known, 1)
    return f" Did you mean {found[0]}?" if found else ""


def unique(source: Source, what: str, named: list[tuple[str, int]]) -> None:
    """Report every name that stands twice; `named` pairs names and lines in order."""
    seen: dict[str, int] = {}
    for name, line in named:
        if name and name in seen:
            source.report(
                line,
                "%(what)s %(element)s stands twice (first in line %(first)d).",
                "Keep one of them.",
                element=name,
                what=what,
                first=seen[name],
            )
        seen.setdefault(name, line)


def _optional(read: Callable[[str], T]) -> Callable[[str], T | None]:
    return read


def _peek(node: yaml.MappingNode, key: str) -> str:
    for name, value in node.value:
        if name.value == key and isinstance(value, yaml.ScalarNode):
            return str(value.value)
    return ""
