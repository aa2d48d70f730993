"""Damages a file as people, tools and disks do: in its elements, and in its bytes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random

from lxml import etree

from engine.definitions.xml import Element

_JUNK = (
    "", " ", "${", "${}", "${a +}", "${1/0}", "${x.y.z[99]}", "%s %(x)s", "PT", "R/PT0S", "R3/PT1H", "0 0 31 2 *",
    "9" * 40, "-1", "true", "no-such-thing", "名字", "\u200b", "a b c", "${" + "(" * 300, "= 1 +", "[1..", "not(",
)  # fmt: skip
_TAGS = (
    "task", "userTask", "serviceTask", "scriptTask", "businessRuleTask", "callActivity", "subProcess", "transaction",
    "adHocSubProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway",
    "eventBasedGateway", "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
    "boundaryEvent", "sequenceFlow", "receiveTask", "sendTask", "timerEventDefinition", "errorEventDefinition",
    "compensateEventDefinition", "linkEventDefinition", "conditionalEventDefinition", "decisionTable", "rule", "input",
    "output", "literalExpression", "inputEntry", "outputEntry", "unheardOf",
)  # fmt: skip


def damaged(random: Random, content: bytes) -> bytes:
    """The file with one to three damages."""
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_pis=True))
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        random.choice(_TREE)(random, root)
    found = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return random.choice(_BYTES)(random, found) if random.randrange(6) == 0 else found


def _element(random: Random, root: Element) -> Element:
    """Any element but the root."""
    return random.choice([each for each in root.iter() if each is not root] or [root])


def _drop_attribute(random: Random, root: Element) -> None:
    element = _written(random, root)
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _written(random: Random, root: Element) -> Element:
    """An element with attributes, seldom one of the drawing."""
    found = [each for each in root.iter() if each.attrib and each is not root]
    meant = [each for each in found if "/DI" not in str(each.tag) and "/DC" not in str(each.tag)]
    return random.choice((meant if random.randrange(5) else found) or [root])


def _double_id(random: Random, root: Element) -> None:
    named = [each for each in root.iter() if each.get("id")]
    if named:
        random.choice(named).set("id", str(random.choice(named).get("id")))


def _move(random: Random, root: Element) -> None:
    element, target = _element(random, root), random.choice(list(root.iter()))
    if element is not root and all(each is not element for each in (target, *target.iterancestors())):
        target.insert(random.randint(0, len(target)), element)


def _drop(random: Random, root: Element) -> None:
    element = _element(random, root)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _copy(random: Random, root: Element) -> None:
    random.choice(list(root.iter())).append(copy.deepcopy(_element(random, root)))


def _nest(random: Random, root: Element) -> None:
    """An element deep within copies of itself."""
    element = _element(random, root)
    for _ in range(random.choice([2, 8, 40])):
        shell = etree.Element(element.tag, dict(element.attrib))
        parent = element.getparent()
        if parent is None:
            return
        parent.replace(element, shell)
        shell.append(element)
        element = shell


def _change_attribute(random: Random, root: Element) -> None:
    element = _written(random, root)
    if element.attrib:
        others = [str(value) for value in random.choice(list(root.iter())).attrib.values()]
        element.set(random.choice(list(element.attrib)), random.choice([random.choice(_JUNK), *others]))


def _redirect(random: Random, root: Element) -> None:
    """A reference to something else."""
    names = ("sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "errorRef", "href", "bpmnElement",
             "decisionRef", "calledElement", "activityRef")  # fmt: skip
    found = [(each, name) for each in root.iter() for name in each.attrib if str(name).rpartition("}")[2] in names]
    ids = [str(each.get("id")) for each in root.iter() if each.get("id")]
    if found and ids:
        element, name = random.choice(found)
        element.set(name, random.choice(ids))


def _change_text(random: Random, root: Element) -> None:
    written = [each for each in root.iter() if (each.text or "").strip()]
    if written:
        element = random.choice(written)
        text = element.text or ""
        cut = random.randint(0, len(text))
        element.text = random.choice([random.choice(_JUNK), text[:cut], text + random.choice(_JUNK), text[cut:]])


def _change_tag(random: Random, root: Element) -> None:
    element = _element(random, root)
    if isinstance(element.tag, str):
        space = element.tag.partition("}")[0]
        element.tag = f"{space}}}{random.choice(_TAGS)}" if "}" in element.tag else random.choice(_TAGS)


def _change_namespace(random: Random, root: Element) -> None:
    element = _element(random, root)
    element.tag = random.choice(["", "{urn:other}"]) + str(element.tag).rpartition("}")[2]


def _cut(random: Random, content: bytes) -> bytes:
    start = random.randrange(len(content))
    return content[:start] + content[start + random.randint(1, 200) :]


def _end(random: Random, content: bytes) -> bytes:
    return content[: random.randrange(len(content))]


def _repeat(random: Random, content: bytes) -> bytes:
    start = random.randrange(len(content))
    return content[:start] + content[start : start + random.randint(1, 2000)] * random.randint(2, 5) + content[start:]


def _flip(random: Random, content: bytes) -> bytes:
    found = bytearray(content)
    for _ in range(random.randint(1, 8)):
        found[random.randrange(len(found))] = random.randrange(256)
    return bytes(found)


def _insert(random: Random, content: bytes) -> bytes:
    start = random.randrange(len(content))
    junk = random.choice([b"\x00", b"&undefined;", b"<![CDATA[", b"]]>", b"<", b"\xff\xfe", b"<!-- -- -->", b"<?xml?>"])
    return content[:start] + junk + content[start:]


def _entities(_: Random, content: bytes) -> bytes:
    lines = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 20 if n else "x" * 100}">' for n in range(9)]
    head, _, rest = content.partition(b"?>")
    return head + b"?><!DOCTYPE definitions [" + "".join(lines).encode() + b"]>" + rest.replace(b'id="', b'id="&e8;', 1)


def _encoding(random: Random, content: bytes) -> bytes:
    return content.replace(b"UTF-8", random.choice([b"UTF-16", b"ISO-8859-1", b"US-ASCII", b"none", b"GB18030"]), 1)


_TREE: tuple[Callable[[Random, Element], None], ...] = (
    _drop_attribute, _drop_attribute, _double_id, _double_id, _move, _move, _drop, _copy, _nest, _change_attribute,
    _change_attribute, _redirect, _redirect, _change_text, _change_text, _change_tag, _change_namespace,
)  # fmt: skip
_BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (_cut, _end, _repeat, _flip, _insert, _entities, _encoding)
