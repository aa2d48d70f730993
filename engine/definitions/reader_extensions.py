"""The `camunda:` extension elements of an element: properties, form data, parameters, call mappings."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.model import Call, EnumValue, FormField, Mapping_
from engine.definitions.xml import CAMUNDA, Element, attribute, camunda, child, children, line, local, text

_VERSIONS = {"version": "calledElementVersion", "versionTag": "calledElementVersionTag"}


def extensions(element: Element) -> Iterator[tuple[str, Element]]:
    """The `camunda:` elements directly below the element's `extensionElements`."""
    holder = child(element, "extensionElements")
    return iter(()) if holder is None else children(holder, CAMUNDA)


def properties(element: Element) -> dict[str, str]:
    """The `camunda:properties` of any element; of a name written twice the first counts."""
    found: dict[str, str] = {}
    for tag, holder in extensions(element):
        if tag == "properties":
            _collect(holder, found)
    return found


def _collect(holder: Element, found: dict[str, str]) -> None:
    for tag, item in children(holder, CAMUNDA):
        # camunda:property has `name` on elements and `id` on form fields
        name = attribute(item, "name") or attribute(item, "id")
        if tag == "property" and name:
            found.setdefault(name, attribute(item, "value"))


def form(element: Element) -> tuple[FormField, ...]:
    """The fields of `camunda:formData` in document order."""
    return tuple(
        _field(item)
        for tag, data in extensions(element)
        if tag == "formData"
        for inner, item in children(data, CAMUNDA)
        if inner == "formField"
    )


def _field(item: Element) -> FormField:
    values: list[EnumValue] = []
    constraints: dict[str, str] = {}
    given: dict[str, str] = {}
    for tag, part in children(item, CAMUNDA):
        if tag == "value":
            values.append(EnumValue(attribute(part, "id"), attribute(part, "name") or attribute(part, "id")))
        elif tag == "properties":
            _collect(part, given)
        elif tag == "validation":
            for inner, constraint in children(part, CAMUNDA):
                if inner == "constraint":
                    constraints.setdefault(attribute(constraint, "name"), attribute(constraint, "config"))
    return FormField(
        id=attribute(item, "id"),
        label=attribute(item, "label") or attribute(item, "id"),
        type=attribute(item, "type"),
        default=attribute(item, "defaultValue"),
        values=tuple(values),
        constraints=constraints,
        properties=given,
        line=line(item),
    )


def parameters(element: Element) -> tuple[tuple[Mapping_, ...], tuple[Mapping_, ...]]:
    """The input and the output parameters of `camunda:inputOutput`."""
    inputs: list[Mapping_] = []
    outputs: list[Mapping_] = []
    for tag, holder in extensions(element):
        if tag == "inputOutput":
            for inner, item in children(holder, CAMUNDA):
                if inner == "inputParameter":
                    inputs.append(_parameter(item))
                elif inner == "outputParameter":
                    outputs.append(_parameter(item))
    return tuple(inputs), tuple(outputs)


def _parameter(item: Element) -> Mapping_:
    form_written = next((tag for tag, _ in children(item, CAMUNDA)), "")
    return Mapping_(attribute(item, "name"), "" if form_written else text(item), line(item), form_written)


def call(element: Element) -> Call:
    """What a call activity calls and what it hands over."""
    inputs: list[Mapping_] = []
    outputs: list[Mapping_] = []
    called = attribute(element, "calledElement")
    all_in = all_out = business_key = ""
    binding = camunda(element, "calledElementBinding")
    for tag, item in extensions(element):
        if tag not in ("in", "out"):
            continue
        if tag == "in" and attribute(item, "businessKey"):
            business_key = attribute(item, "businessKey")
        if attribute(item, "variables"):
            all_in, all_out = (
                (attribute(item, "variables"), all_out) if tag == "in" else (all_in, attribute(item, "variables"))
            )
        elif attribute(item, "target") or attribute(item, "source") or attribute(item, "sourceExpression"):
            (inputs if tag == "in" else outputs).append(_handed(item))
    return Call(
        element=called if "${" in called else local(called),
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        variables_in=all_in,
        variables_out=all_out,
        business_key=business_key,
        binding=binding,
        version=camunda(element, _VERSIONS[binding]) if binding in _VERSIONS else "",
    )


def _handed(item: Element) -> Mapping_:
    source = attribute(item, "source")
    expression = "${" + source + "}" if source else attribute(item, "sourceExpression")
    return Mapping_(attribute(item, "target") or source, expression, line(item))
