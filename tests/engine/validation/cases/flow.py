"""What is traced along the flow: names before they are set, types, values."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties, timer
from tests.engine.validation.case import bad, good, path

EXTERNAL = 'camunda:type="external" camunda:topic='


def form(*fields: str) -> str:
    """A form with these fields, each `name:type` or `name:enum=a|b`."""
    written = []
    for field in fields:
        name, _, kind = field.partition(":")
        kind, _, values = kind.partition("=")
        inner = "".join(f'<camunda:value id="{value}" name="{value}" />' for value in values.split("|") if value)
        written.append(f'<camunda:formField id="{name}" label="{name}" type="{kind}">{inner}</camunda:formField>')
    return extensions(f"<camunda:formData>{''.join(written)}</camunda:formData>")


def step(id: str, *fields: str) -> str:
    """A task with a form."""
    return node("userTask", id, form(*fields))


def compute(id: str, **inputs: str) -> str:
    """A step that computes."""
    inner = "".join(
        f'<camunda:inputParameter name="{name}">{text}</camunda:inputParameter>' for name, text in inputs.items()
    )
    return node(
        "serviceTask", id, extensions(f"<camunda:inputOutput>{inner}</camunda:inputOutput>"), EXTERNAL + '"compute"'
    )


def calling(id: str, *mappings: str) -> str:
    """A call of the process `q`."""
    return node("callActivity", id, extensions(*mappings), 'calledElement="q"')


def name(part: str) -> str:
    """The id of a node."""
    return part.split('id="', 1)[1].split('"', 1)[0]


def forked(*branch: str, after: str) -> str:
    """Task `a` with the field `size`, beside a branch; behind the join the step `after`."""
    ids, last = [name(part) for part in branch], name(after)
    return process(
        node("startEvent", "s"), node("parallelGateway", "f"), step("a", "size:number"), *branch,
        node("parallelGateway", "j"), after, node("endEvent", "e"), flows("s f a j", " ".join(["f", *ids, "j"]), f"j {last} e"),
    )  # fmt: skip


def decided(*left: str, after: str, condition: str = "${kind = 'x'}") -> str:
    """A choice after the task `t` (field `kind`): through the nodes of `left`, or straight to the merge and `after`."""
    ids, last = [name(part) for part in left], name(after)
    return process(
        node("startEvent", "s"), step("t", "kind:string"), node("exclusiveGateway", "g", more='default="g_m"'),
        *left, node("exclusiveGateway", "m"), after, node("endEvent", "e"),
        flows("s t g", f"g {ids[0]}: {condition}", " ".join([*ids, "m"]), "g m", f"m {last} e"),
    )  # fmt: skip


SIZES = 'camunda:collection="sizes" camunda:elementVariable="each"'
EACH = f"<bpmn:multiInstanceLoopCharacteristics {SIZES} />"

CASES = [
    # ---- names before they are set
    bad("unset-name", "read by the task before", "t", path(node("userTask", "t", more='camunda:priority="${size}"'), step("u", "size:number"))),
    bad("unset-name", "asked by a gateway before the task", "g_u",
        process(node("startEvent", "s"), node("exclusiveGateway", "g", more='default="g_e"'), step("u", "size:number"),
                node("endEvent", "e"), flows("s g", "g u: ${size > 1}", "g e", "u e"))),
    bad("unset-name", "an own field that is not there yet", "t", path(node("userTask", "t", form("size:number"), 'camunda:priority="${size}"'))),
    bad("unset-name", "the element of a loop outside of it", "u",
        path(compute("c", sizes="${[1, 2]}"), node("userTask", "t", EACH), node("userTask", "u", more='camunda:priority="${each}"'))),
    bad("unset-name", "an input parameter of another step", "u",
        path(node("userTask", "t", extensions('<camunda:inputOutput><camunda:inputParameter name="size">${1}</camunda:inputParameter></camunda:inputOutput>')),
             node("userTask", "u", more='camunda:priority="${size}"'))),
    bad("unset-name", "a form of the way that was not taken", "b",
        process(node("startEvent", "s", form("kind:string")), node("exclusiveGateway", "g", more='default="g_b"'), step("a", "size:number"),
                node("userTask", "b", more='camunda:priority="${size}"'), node("endEvent", "e"), flows("s g", "g a: ${kind = 'x'}", "g b", "a e", "b e"))),
    good("unset-name", "written before", path(step("u", "size:number"), node("userTask", "t", more='camunda:priority="${size}"'))),
    good("unset-name", "written later in a loop that comes back",
         process(node("startEvent", "s"), node("userTask", "t", more='camunda:priority="${size}"'), step("u", "size:number"),
                 node("exclusiveGateway", "g", more='default="g_t"'), node("endEvent", "e"), flows("s t u g", "g t", "g e: ${size > 1}"))),
    good("unset-name", "written beside it, on the other way of a fork", forked(node("userTask", "b", more='camunda:priority="${size}"'), after=node("task", "z"))),
    good("unset-name", "written by an external worker whose answer nothing maps",
         path(node("serviceTask", "x", more=EXTERNAL + '"scan"'), node("userTask", "t", more='camunda:priority="${size}"'), step("u", "size:number"))),
    good("unset-name", "the payload of a message",
         '<bpmn:message id="m" name="ready" />',
         path(node("intermediateCatchEvent", "c", extensions('<camunda:inputOutput><camunda:outputParameter name="size">${payload.size}</camunda:outputParameter></camunda:inputOutput>', properties(senders="office")) + event("message", more='messageRef="m"')),
              node("userTask", "t", more='camunda:priority="${size}"'))),
    good("unset-name", "asked for first", path(node("userTask", "t", more='camunda:priority="${if is defined(size) then size else 1}"'), step("u", "size:number"))),
    good("unset-name", "handed in by the caller", path(calling("c", '<camunda:in source="size" target="size" />'), start=form("size:number")),
         beside=((path(node("userTask", "t", more='camunda:priority="${size}"'), step("u", "size:number"), id="q"),),)),
    # ---- names that are set on one way only
    bad("maybe-unset", "set on one of two ways", "z", decided(step("a", "size:number"), after=node("userTask", "z", more='camunda:priority="${size}"'))),
    bad("maybe-unset", "skipped by a boundary event", "z",
        process(node("startEvent", "s"), step("a", "size:number"), node("boundaryEvent", "b", timer("PT1H"), 'attachedToRef="a"'),
                node("userTask", "z", more='camunda:priority="${size}"'), node("endEvent", "e"), flows("s a z e", "b z"))),
    bad("maybe-unset", "one caller of two hands it in", "t",
        path(calling("c", '<camunda:in source="size" target="size" />'), calling("d"), start=form("size:number")),
        beside=((path(node("userTask", "t", more='camunda:priority="${size}"'), id="q"),),)),
    good("maybe-unset", "set before the ways part",
         process(node("startEvent", "s", form("size:number", "kind:string")), node("exclusiveGateway", "g", more='default="g_z"'), step("a", "size:number"),
                 node("userTask", "z", more='camunda:priority="${size}"'), node("endEvent", "e"), flows("s g", "g a: ${kind = 'x'}", "g z", "a z e"))),
    good("maybe-unset", "set on one of two ways that are both taken", forked(node("task", "b"), after=node("userTask", "z", more='camunda:priority="${size}"'))),
    good("maybe-unset", "behind the same condition again",
         process(node("startEvent", "s", form("kind:string")), node("exclusiveGateway", "g", more='default="g_m"'), step("a", "size:number"), node("exclusiveGateway", "m"),
                 node("exclusiveGateway", "h", more='default="h_e"'), node("userTask", "z", more='camunda:priority="${size}"'), node("endEvent", "e"),
                 flows("s g", "g a: ${kind = 'x'}", "g m", "a m h", "h z: ${kind = 'x'}", "h e", "z e"))),
    good("maybe-unset", "asked for first", decided(step("a", "size:number"), after=node("userTask", "z", more='camunda:priority="${if is defined(size) then size else 1}"'))),
    good("maybe-unset", "a plain variable that a call passes on", decided(step("a", "size:number"), after=calling("z", '<camunda:in source="size" target="size" />')),
         beside=((path(node("task", "t"), id="q"),),)),
    # ---- types
    bad("type-mismatch", "a number and a text", "g_b",
        process(node("startEvent", "s"), step("t", "quantity:integer"), node("exclusiveGateway", "g", more='default="g_a"'), node("task", "a"), node("task", "b"),
                flows("s t g", "g b: ${quantity &gt; 'ten'}".replace("&gt;", ">"), "g a"))),
    bad("type-mismatch", "a condition that is a number", "g_b",
        process(node("startEvent", "s"), step("t", "quantity:integer"), node("exclusiveGateway", "g", more='default="g_a"'), node("task", "a"), node("task", "b"), flows("s t g", "g b: ${quantity}", "g a"))),
    bad("type-mismatch", "a due date that is true or false", "u", path(step("t", "urgent:boolean"), node("userTask", "u", more='camunda:dueDate="${urgent}"'))),
    bad("type-mismatch", "a collection that is no list", "u",
        path(step("t", "sizes:number"), node("userTask", "u", EACH))),
    bad("type-mismatch", "through a script and a call", "u",
        path(step("t", "day:date"), node("scriptTask", "x", "<bpmn:script>day</bpmn:script>", 'scriptFormat="feel" camunda:resultVariable="when"'),
             calling("c", '<camunda:in source="when" target="moment" />')),
        beside=((path(node("userTask", "u", more='camunda:dueDate="${moment + 1}"'), id="q"),),)),
    bad("type-mismatch", "a column of a table", "u",
        path(step("t", "items:table", "items[].quantity:number"), node("userTask", "u", more='''camunda:priority="${count(items[quantity = 'x'])}"'''))),
    bad("type-mismatch", "an argument of a function", "u", path(step("t", "name:string"), node("userTask", "u", more='camunda:priority="${floor(name)}"'))),
    bad("type-mismatch", "a function of the calendar without its number", "t", path(node("userTask", "t", more='camunda:dueDate="${work_hours()}"'))),
    bad("type-mismatch", "a field's own check", "t",
        path(node("userTask", "t", extensions('<camunda:formData><camunda:formField id="n" label="n" type="number"><camunda:properties><camunda:property id="check" value="${n + 1}" /></camunda:properties></camunda:formField></camunda:formData>')))),
    good("type-mismatch", "a number and a number", path(step("t", "quantity:integer"), node("userTask", "u", more='camunda:priority="${quantity * 2}"'))),
    good("type-mismatch", "a name that several write, each otherwise",
         path(step("t", "x:number"), step("u", "x:string"), node("userTask", "v", more='''camunda:priority="${if x = 'a' then 1 else 2}"'''))),
    good("type-mismatch", "null goes with everything", path(compute("c", x="${null}"), node("userTask", "v", more='camunda:priority="${x + 1}"'))),
    good("type-mismatch", "what a message brings may be anything",
         '<bpmn:message id="m" name="ready" />',
         path(node("intermediateCatchEvent", "c", extensions('<camunda:inputOutput><camunda:outputParameter name="size">${payload.size}</camunda:outputParameter></camunda:inputOutput>') + event("message", more='messageRef="m"')),
              node("userTask", "t", more='camunda:priority="${size + 1}"'))),
    # ---- members
    bad("unknown-member", "a field that the form has not", "c",
        path(step("t", "kind:enum=small|large"), compute("c", x="${t.kinds}"))),
    good("unknown-member", "fields of the form, and who completed it",
         path(step("t", "kind:enum=small|large"), compute("c", x="${[t.kind, t.completed_by, string(t.completed_at)]}"))),
    good("unknown-member", "a value that may be something else",
         path(compute("a", box="${if x = 1 then {a: 1} else null}", other="${payload}"), compute("c", y="${other.anything}"))),
    # ---- values
    bad("impossible-value", "a value that the choice has not", "g_b",
        process(node("startEvent", "s"), step("t", "kind:enum=small|large"), node("exclusiveGateway", "g", more='default="g_a"'), node("task", "a"), node("task", "b"), flows("s t g", "g b: ${kind = 'larg'}", "g a"))),
    bad("impossible-value", "none of several", "g_b",
        process(node("startEvent", "s"), step("t", "kind:enum=small|large"), node("exclusiveGateway", "g", more='default="g_a"'), node("task", "a"), node("task", "b"), flows("s t g", "g b: ${kind in ('larg', 'smal')}", "g a"))),
    good("impossible-value", "a value of the choice",
         process(node("startEvent", "s"), step("t", "kind:enum=small|large"), node("exclusiveGateway", "g", more='default="g_a"'), node("task", "a"), node("task", "b"), flows("s t g", "g b: ${kind = 'large'}", "g a"))),
    good("impossible-value", "a value that a later step gives",
         path(step("t", "kind:enum=small|large"), compute("c", kind="${'huge'}"), node("userTask", "u", more='''camunda:priority="${if kind = 'huge' then 1 else 2}"'''))),
]  # fmt: skip
