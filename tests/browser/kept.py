"""What a file says, part by part: elements, attributes, texts and comments, to see what saving it lost or added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
Part = tuple[str, str, str]


def parts(content: bytes) -> Counter[Part]:
    """Every part of an XML file with its place; numbers by value, types by namespace, blanks at the ends of texts and
    all between elements left out."""
    root = etree.fromstring(content)
    return Counter(_of(root, _name(root)))


def _of(element: etree._Element, place: str) -> Iterator[Part]:
    yield place, "element", ""
    for name, value in element.attrib.items():
        yield place, str(name), _meant(element, str(name), str(value))
    said = "".join([element.text or "", *(each.tail or "" for each in element)]).strip()
    if said:
        yield place, "text", said
    for child in element:
        if isinstance(child.tag, str):
            yield from _of(child, f"{place}/{_name(child)}")
        else:
            yield place, "comment", (child.text or "").strip()


def _name(element: etree._Element) -> str:
    return f"{element.tag}#{element.get('id', '')}"


def _meant(element: etree._Element, name: str, value: str) -> str:
    if name == _XSI_TYPE:
        prefix, _, local = value.rpartition(":")
        return f"{{{element.nsmap.get(prefix or None)}}}{local}"
    try:
        return str(float(value))
    except ValueError:
        return value
