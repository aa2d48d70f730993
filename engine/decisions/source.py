"""Reading a decision file's XML safely: no entities, no document types, no network, bounded in size and width."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

MAX_BYTES = 5_000_000
MAX_ELEMENTS = 200_000

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The namespaces of the standard's versions."""
CAMUNDA = "{http://camunda.org/schema/1.0/dmn}"


class Unreadable(Exception):
    """The bytes are no decision file that may be read; `line` is where, if known."""

    def __init__(self, text: str, remedy: str, line: int = 0) -> None:
        self.text = text
        self.remedy = remedy
        self.line = line
        super().__init__(text)


def line_of(element: etree._Element) -> int:
    """The line at which an element begins; 0 when it is not known."""
    line: Any = element.sourceline
    return int(line or 0)


def load(content: bytes) -> etree._Element:
    """The root of a decision file. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"The file is larger than {MAX_BYTES // 1_000_000} MB.", "Split it.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            f"The file is no well-formed XML: {error.msg}.", "Save it again from the modeler.", error.lineno or 0
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("The file declares a document type.", "Remove the DOCTYPE; modelers do not write one.")
    if sum(1 for _ in zip(root.iter(), range(MAX_ELEMENTS + 1), strict=False)) > MAX_ELEMENTS:
        raise Unreadable(f"The file has more than {MAX_ELEMENTS} elements.", "Split it.")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in VERSIONS:
        raise Unreadable(
            f"The root {re.sub('[{}]', ' ', str(root.tag)).strip()} is no DMN 1.1 to 1.5 file.",
            "Save it as DMN 1.3 from the modeler.",
            line_of(root),
        )
    return root
