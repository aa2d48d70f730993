"""Forms."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import extensions, node
from tests.engine.validation.case import bad, good, path


def field(id: str, type: str = "string", inner: str = "", more: str = "") -> str:
    """A form field."""
    return f'<camunda:formField id="{id}" label="{id}" type="{type}" {more}>{inner}</camunda:formField>'


def given(**properties: str) -> str:
    """The properties of a field."""
    inner = "".join(f'<camunda:property id="{name}" value="{value}" />' for name, value in properties.items())
    return f"<camunda:properties>{inner}</camunda:properties>"


def form(*fields: str) -> str:
    """A process with a task `t` of this form."""
    return path(node("userTask", "t", extensions("<camunda:formData>" + "".join(fields) + "</camunda:formData>")))


VALUES = '<camunda:value id="a" name="A" /><camunda:value id="b" name="B" />'

CASES = [
    bad("form-key", "a form elsewhere", "t", path(node("userTask", "t", more='camunda:formKey="embedded:x"'))),
    bad("form-key", "a Camunda form", "t", path(node("userTask", "t", more='camunda:formRef="x"'))),
    good("form-key", "form data", form(field("a"))),
    bad("field-id", "no id", "t", form(field(""))),
    bad("field-id", "a blank in the id", "t", form(field("due date"))),
    bad("field-id", "the same id twice", "t", form(field("a"), field("a"))),
    bad("field-id", "a name of the engine", "t", form(field("number"))),
    bad("field-id", "a column of a column", "t", form(field("a[].b[].c"))),
    good("field-id", "names, Chinese ones too, and columns", form(field("a1"), field("数量"), field("a[].b"))),
    bad("field-type", "an unknown type", "t", form(field("a", "colour"))),
    bad("field-type", "a type of Camunda's list", "t", form(field("a", "long"))),
    good("field-type", "known types", form(field("a", "money"), field("b", "table"), field("c", "confirm"))),
    bad("field-property", "an unknown property", "t", form(field("a", inner=given(requiredwhen="x")))),
    bad("field-property", "an unknown constraint", "t",
        form(field("a", inner='<camunda:validation><camunda:constraint name="regex" config="x" /></camunda:validation>'))),
    bad("field-property", "an unknown display", "t", form(field("a", "enum", VALUES + given(display="slider")))),
    bad("field-property", "bounds that leave nothing", "t", form(field("a", "integer", given(min="10", max="9.5")))),
    good("field-property", "known ones", form(field("a", "enum", VALUES + given(display="radio", visibleWhen="true")))),
    bad("field-values", "nothing to choose from", "t", form(field("a", "enum"))),
    bad("field-values", "a value twice", "t", form(field("a", "enum", VALUES + '<camunda:value id="a" />'))),
    bad("field-values", "a default that is no value", "t", form(field("a", "enum", VALUES, 'defaultValue="c"'))),
    bad("field-values", "values of a text", "t", form(field("a", "string", VALUES))),
    good("field-values", "a choice", form(field("a", "enum", VALUES, 'defaultValue="b"'))),
    bad("outcome-field", "two outcomes", "t",
        form(field("a", "enum", VALUES + given(display="outcome")), field("b", "enum", VALUES + given(display="outcome")))),
    bad("outcome-field", "an outcome in a table", "t",
        form(field("x", "table"), field("x[].a", "enum", VALUES + given(display="outcome")))),
    bad("outcome-field", "a text as outcome", "t", form(field("a", "string", given(display="outcome")))),
    good("outcome-field", "one outcome", form(field("a", "enum", VALUES + given(display="outcome")), field("b"))),
    bad("table-columns", "a table without columns", "t", form(field("x", "table"))),
    bad("table-columns", "a column without its table", "t", form(field("x[].a"))),
    bad("table-columns", "a table in a table", "t", form(field("x", "table"), field("x[].a", "table"))),
    good("table-columns", "a table", form(field("x", "table"), field("x[].a"), field("x[].b", "number"))),
    bad("field-reference", "no list", "t", form(field("a", "reference"))),
    bad("field-reference", "an unknown list", "t", form(field("a", "reference", given(reference="plants")))),
    bad("field-reference", "an unknown currency field", "t", form(field("a", "money", given(currencyField="c")))),
    good("field-reference", "a list, a record type, a currency of the row",
         form(field("a", "reference", given(reference="animals")), field("b", "reference", given(reference="ticket")),
              field("x", "table"), field("x[].price", "money", given(currencyField="cur")), field("x[].cur"))),
]  # fmt: skip
