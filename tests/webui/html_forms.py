"""HTML forms as a browser treats them: what a page offers, what is filled in, what is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import html
from werkzeug.datastructures import MultiDict

from engine.scenarios.templates import Stopped

Upload = tuple[str, bytes]
"""Name and content of a file that somebody chooses."""
_CONTROLS = frozenset({"input", "select", "textarea"})
_PRESSED = frozenset({"submit", "button", "image", "reset"})


@dataclass
class Page:
    """An answer, read: `status`, the tree without what scripts would copy, the address it came from."""

    status: int
    tree: Any
    address: str

    @classmethod
    def read(cls, status: int, text: str, address: str) -> Page:
        """The page of an answer."""
        tree: Any = html.document_fromstring(text)
        for blank in tree.xpath("//template"):
            blank.drop_tree()
        return cls(status, tree, address)

    @property
    def text(self) -> str:
        """What it says, without the frame around it."""
        parts = self.tree.xpath("//main") or [self.tree]
        return " ".join(" ".join(part.text_content() for part in parts).split())

    def find(self, path: str, **names: str) -> Any | None:
        """The first element at this XPath."""
        found = self.tree.xpath(path, **names)
        return found[0] if found else None

    def link(self, *begins: str) -> str:
        """The first address on the page that begins like one of these; empty when there is none."""
        links = [str(each) for each in self.tree.xpath("//a/@href")]
        return next((link for link in links if link.startswith(begins)), "")

    def form(self, path: str, **names: str) -> Sheet | None:
        """The form at this XPath."""
        found = self.find(path, **names)
        return None if found is None else Sheet(found, self.address)


@dataclass
class Sheet:
    """A form being filled in. Only what stands on it can be filled in, chosen or pressed."""

    element: Any
    address: str
    files: dict[str, list[Upload]] = field(default_factory=dict)
    pressed: list[tuple[str, str]] = field(default_factory=list)
    unseen: dict[str, str] = field(default_factory=dict)
    """Ids of fields that were filled in while hidden, each with the address that draws the form anew."""

    @property
    def action(self) -> str:
        """Where it is sent."""
        return self.element.get("action") or self.address

    def names(self) -> list[str]:
        """The names of its controls."""
        return list(dict.fromkeys(each.get("name") for each in self._controls()))

    def fill(self, name: str, texts: Sequence[str], files: Sequence[Upload] = ()) -> None:
        """Type into a control, tick or choose in it, or choose files. `Stopped` when it does not offer that."""
        controls = [each for each in self._controls() if each.get("name") == name]
        if not controls:
            raise Stopped(f"The page {self.address} has no control {name}; it has {', '.join(self.names())}.")
        self._notice(controls[0])
        kind = controls[0].get("type") if controls[0].tag == "input" else controls[0].tag
        if kind == "file":
            self.files[name] = list(files)
        elif kind in {"checkbox", "radio"}:
            self._choose(name, texts, controls, "value", "checked")
        elif kind == "select":
            self._choose(name, texts, controls[0].findall(".//option"), "value", "selected")
        elif kind == "textarea":
            controls[0].text = texts[0] if texts else ""
        else:
            controls[0].set("value", texts[0] if texts else "")

    def press(self, name: str, value: str) -> None:
        """Press a button with a value, or choose it where the page shows choices before one button."""
        if self.element.xpath(".//button[@name=$name and @value=$value]", name=name, value=value):
            self.pressed = [(name, value)]
        elif self.element.xpath(".//input[@type='radio' and @name=$name]", name=name):
            self.fill(name, [value])
        else:
            shown = self.element.xpath(".//button[@name]/@value")
            raise Stopped(f"The page {self.address} has no button {name}={value}; it has {', '.join(shown)}.")

    def sent(self) -> MultiDict[str, Any]:
        """What a browser sends: every control that counts, files as such, and the button pressed."""
        found: MultiDict[str, Any] = MultiDict()
        for each in self._controls():
            for text in _successful(each):
                found.add(each.get("name"), text)
        for name, chosen in self.files.items():
            for file_name, content in chosen:
                found.add(name, (BytesIO(content), file_name))
        for name, value in self.pressed:
            found.add(name, value)
        return found

    def _notice(self, control: Any) -> None:
        for around in control.xpath("ancestor::*[@hidden]"):
            drawing = control.xpath("ancestor::*[@data-draw][1]/@data-draw") or self.element.xpath("@data-draft")
            self.unseen[around.get("id", "")] = str(drawing[0]) if drawing else ""

    def _choose(self, name: str, texts: Sequence[str], choices: Sequence[Any], key: str, mark: str) -> None:
        offered = [each.get(key, "on") for each in choices]
        missing = [text for text in texts if text and text not in offered]
        if missing:
            raise Stopped(f"{name} on the page {self.address} does not offer {missing[0]}; it has {offered}.")
        for each in choices:
            each.attrib.pop(mark, None)
            if each.get(key, "on") in texts:
                each.set(mark, mark)

    def _controls(self) -> Iterator[Any]:
        for each in self.element.iter(*_CONTROLS):
            if each.get("name") and each.get("type") not in _PRESSED and "disabled" not in each.attrib:
                yield each


def _successful(control: Any) -> Iterator[str]:
    """The texts a control is sent with; none for a box without tick. Files are added by who chose them."""
    if control.tag == "textarea":
        yield control.text or ""
    elif control.tag == "select":
        options = control.findall(".//option")
        chosen = [each for each in options if "selected" in each.attrib]
        if not chosen and "multiple" not in control.attrib:
            chosen = options[:1]
        yield from (each.get("value", "") for each in chosen)
    elif control.get("type") in {"checkbox", "radio"}:
        if "checked" in control.attrib:
            yield control.get("value", "on")
    elif control.get("type") != "file":
        yield control.get("value", "")
