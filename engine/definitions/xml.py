"""Reading XML that nobody vouches for: no entities, no network, no DTD, bounded in bytes, elements and depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree

from engine.errors import Invalid

Element: TypeAlias = "etree._Element"

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
CAMUNDA: Final = "http://camunda.org/schema/1.0/bpmn"

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ELEMENTS: Final = 100_000


class Unreadable(Invalid):
    """The bytes are no XML that may be read; `line` is where."""

    code = "unreadable"

    def __init__(self, line: int, remedy: str, template: str, /, **fields: object) -> None:
        self.line = line
        self.remedy = remedy
        super().__init__(template, **fields)


def parse(content: bytes) -> Element:
    """The root element of the document. Raises Unreadable for anything broken, hostile or too large."""
    if len(content) > MAX_BYTES:
        raise Unreadable(
            1, "Split the file.", "The file has %(bytes)d bytes; %(limit)d are allowed.",
            bytes=len(content), limit=MAX_BYTES,
        )  # fmt: skip
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno if isinstance(error.lineno, int) and error.lineno > 0 else 1
        template = "The file is not XML: %(message)s."
        message = str(error.msg or "it is empty")
        raise Unreadable(line, "Save it again with the modeler.", template, message=message) from None
    if root is None:
        raise Unreadable(1, "Save it again with the modeler.", "The file holds no element.")
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(1, "Remove the <!DOCTYPE …>.", "The file has a document type declaration.")
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        raise Unreadable(
            1, "Split the file.", "The file has %(count)d elements; %(limit)d are allowed.",
            count=count, limit=MAX_ELEMENTS,
        )  # fmt: skip
    return root


def children(parent: Element, namespace: str = BPMN) -> Iterator[tuple[str, Element]]:
    """The direct children in this namespace with their local names, in document order."""
    prefix = "{" + namespace + "}"
    for child in parent:
        tag = child.tag
        if isinstance(tag, str) and tag.startswith(prefix):
            yield tag[len(prefix) :], child


def child(parent: Element, tag: str, namespace: str = BPMN) -> Element | None:
    """The first direct child with this local name."""
    return parent.find("{" + namespace + "}" + tag)


def text(element: Element | None) -> str:
    """All the text inside an element, CDATA and nested markup included, without the blanks around it."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def attribute(element: Element, name: str, default: str = "") -> str:
    """A plain attribute without the blanks around it."""
    return str(element.get(name, default)).strip()


def words(element: Element, name: str) -> str:
    """An attribute on one line: modelers keep the line breaks of names."""
    return " ".join(str(element.get(name, "")).split())


def camunda(element: Element, name: str, default: str = "") -> str:
    """An attribute of the `camunda:` namespace without the blanks around it."""
    return str(element.get("{" + CAMUNDA + "}" + name, default)).strip()


def flag(element: Element, name: str, default: bool) -> bool:
    """An xsd:boolean attribute; anything unreadable is the default."""
    return {"true": True, "1": True, "false": False, "0": False}.get(attribute(element, name), default)


def reference(element: Element, name: str) -> str:
    """An attribute that names an id as a QName: the prefix is dropped."""
    return local(attribute(element, name))


def local(qname: str) -> str:
    """The id of a QName as written (`tns:id` → `id`)."""
    return qname.strip().rsplit(":", 1)[-1]


def line(element: Element) -> int:
    """The line an element begins on, from 1."""
    found = element.sourceline
    return found if isinstance(found, int) else 1
