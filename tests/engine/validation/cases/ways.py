"""Which ways tokens can take: conditions together, joins, what is never reached; waits that never end."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties, timer
from tests.engine.validation.case import bad, good, path
from tests.engine.validation.cases.flow import form, step

REQUIRED = extensions(
    '<camunda:formData><camunda:formField id="kind" label="k" type="enum"><camunda:validation>'
    '<camunda:constraint name="required" /></camunda:validation><camunda:value id="a" /><camunda:value id="b" />'
    "</camunda:formField></camunda:formData>"
)


def gateway(*conditions: str, first: str = "", default: bool = False) -> str:
    """A task with the field `n`, and a gateway with a way `x1`, `x2`, … for each condition, with a default if wanted."""
    names = [f"x{number}" for number, _ in enumerate(conditions, 1)]
    more = 'default="g_z"' if default else ""
    return process(
        node("startEvent", "s"), first or step("t", "n:number"), node("exclusiveGateway", "g", more=more),
        *(node("task", name) for name in names), *([node("task", "z")] if default else []),
        flows("s t g", *(f"g {name}: {condition}" for name, condition in zip(names, conditions, strict=True)), *(["g z"] if default else [])),
    )  # fmt: skip


def block(fork: str, join: str, *more: str, extra: tuple[str, ...] = ()) -> str:
    """A way that parts at `f` to `a` and `b` and joins at `j`; conditions where the fork asks them."""
    condition = ": ${n > 1}" if fork in ("exclusiveGateway", "inclusiveGateway") else ""
    default = 'default="f_b"' if condition else ""
    return process(
        node("startEvent", "s", form("n:number")), node(fork, "f", more=default), node("task", "a"), node("task", "b"), node(join, "j"),
        node("endEvent", "e"), *extra, flows("s f", f"f a{condition}", "f b", "a j", "b j e", *more),
    )  # fmt: skip


def waiting(message: str, **given: str) -> str:
    """A process that waits for a message."""
    own = extensions(properties(**given)) if given else ""
    return path(node("intermediateCatchEvent", "c", own + event("message", more=f'messageRef="{message}"')))


def documented(text: str) -> str:
    """A task with this documentation."""
    return path(node("userTask", "t", f"<bpmn:documentation>{text}</bpmn:documentation>"))


READY = '<bpmn:message id="m" name="ready" />'
THROWS = path(node("intermediateThrowEvent", "w", event("message", more='messageRef="m"')), id="q")

CASES = [
    bad("missing-default", "a value between the conditions", "g", gateway("${n < 10}", "${n > 10}")),
    bad("missing-default", "a value of the choice without a way", "g", gateway("${kind = 'a'}", "${kind = 'c'}", first=node("userTask", "t", REQUIRED))),
    good("missing-default", "a way for each value of a required choice", gateway("${kind = 'a'}", "${kind = 'b'}", first=node("userTask", "t", REQUIRED))),
    bad("dead-condition", "a contradiction", "g_x1", gateway("${n > 10 and n < 5}", "${n > 3}", default=True)),
    bad("dead-condition", "a narrower condition behind a wider one", "g_x2", gateway("${n > 10}", "${n > 100}", default=True)),
    bad("dead-condition", "the same condition twice", "g_x2", gateway("${n = 1}", "${n = 1}", default=True)),
    bad("dead-condition", "two earlier ones together", "g_x3", gateway("${n > 10}", "${n < 20}", "${n = 15 or n = 3}", default=True)),
    good("dead-condition", "the narrower one first", gateway("${n > 100}", "${n > 10}", default=True)),
    good("dead-condition", "conditions of different values", gateway("${n > 100}", "${count(rows) > 100}", default=True)),
    good("dead-condition", "an inclusive gateway asks each",
         process(node("startEvent", "s", form("n:number")), node("inclusiveGateway", "g", more='default="g_z"'), node("task", "a"), node("task", "b"), node("task", "z"),
                 flows("s g", "g a: ${n > 1}", "g b: ${n > 2}", "g z"))),
    # ---- joins
    bad("stuck-join", "a choice joined as a fork", "j", block("exclusiveGateway", "parallelGateway")),
    bad("stuck-join", "an event gateway joined as a fork", "j",
        process(node("startEvent", "s"), node("eventBasedGateway", "f"), node("intermediateCatchEvent", "a", timer("PT1H")),
                node("intermediateCatchEvent", "b", timer("PT2H")), node("parallelGateway", "j"), node("endEvent", "e"), flows("s f a j", "f b j e"))),
    bad("stuck-join", "a loop back into the join before it", "j",
        process(node("startEvent", "s", form("n:number")), node("parallelGateway", "j"), node("task", "a"), node("exclusiveGateway", "g", more='default="g_e"'), node("endEvent", "e"),
                flows("s j a g", "g j: ${n > 1}", "g e"))),
    good("stuck-join", "a fork joined as one", block("parallelGateway", "parallelGateway")),
    good("stuck-join", "a choice merged by a choice", block("exclusiveGateway", "exclusiveGateway")),
    good("stuck-join", "a choice of several joined as one", block("inclusiveGateway", "inclusiveGateway")),
    good("stuck-join", "a join in a loop",
         process(node("startEvent", "s", form("n:number")), node("exclusiveGateway", "m"), node("parallelGateway", "f"), node("task", "a"), node("task", "b"), node("parallelGateway", "j"),
                 node("exclusiveGateway", "g", more='default="g_e"'), node("endEvent", "e"), flows("s m f a j", "f b j g", "g m: ${n > 1}", "g e"))),
    good("stuck-join", "an inclusive join of two choices",
         process(node("startEvent", "s", form("n:number")), node("parallelGateway", "g"), node("task", "x"), node("exclusiveGateway", "h", more='default="h_end"'), node("task", "y"), node("endEvent", "end"),
                 node("inclusiveGateway", "j"), node("endEvent", "e"), flows("s g", "g x j", "g h", "h y: ${n > 5}", "h end", "y j e"))),
    bad("stuck-token", "a way between fork and join ends elsewhere", "j",
        process(node("startEvent", "s", form("n:number")), node("parallelGateway", "g"), node("task", "x"), node("exclusiveGateway", "h", more='default="h_end"'), node("task", "y"), node("endEvent", "end"),
                node("parallelGateway", "j"), node("endEvent", "e"), flows("s g", "g x j", "g h", "h y: ${n > 5}", "h end", "y j e"))),
    bad("stuck-token", "a boundary event leads around the join", "j",
        block("parallelGateway", "parallelGateway", "k e2", extra=(node("boundaryEvent", "k", timer("PT1H"), 'attachedToRef="a"'), node("endEvent", "e2")))),
    bad("stuck-token", "an inclusive fork joined as a parallel one", "j", block("inclusiveGateway", "parallelGateway")),
    bad("stuck-token", "a token too many from a boundary event that does not interrupt", "j",
        block("parallelGateway", "parallelGateway", "k j2", "j2 j", extra=(node("boundaryEvent", "k", timer("PT1H"), 'attachedToRef="a" cancelActivity="false"'), node("task", "j2"))).replace('id="b_j" sourceRef="b" targetRef="j"', 'id="b_j" sourceRef="b" targetRef="j2"')),
    good("stuck-token", "the other end terminates",
         process(node("startEvent", "s", form("n:number")), node("parallelGateway", "g"), node("task", "x"), node("exclusiveGateway", "h", more='default="h_end"'), node("task", "y"), node("endEvent", "end", event("terminate")),
                 node("parallelGateway", "j"), node("endEvent", "e"), flows("s g", "g x j", "g h", "h y: ${n > 5}", "h end", "y j e"))),
    good("stuck-token", "a boundary event beside, with an end of its own",
         block("parallelGateway", "parallelGateway", "k e2", extra=(node("boundaryEvent", "k", timer("PT1H"), 'attachedToRef="a" cancelActivity="false"'), node("endEvent", "e2")))),
    bad("unreachable", "two that lead to each other", "a b", process(node("startEvent", "s"), node("endEvent", "e"), node("task", "a"), node("task", "b"), flows("s e", "a b a"))),
    good("unreachable", "behind a boundary event and a link",
         process(node("startEvent", "s"), node("userTask", "t"), node("boundaryEvent", "k", timer("PT1H"), 'attachedToRef="t"'), node("intermediateThrowEvent", "l", event("link", more='name="x"')),
                 node("intermediateCatchEvent", "c", event("link", more='name="x"')), node("endEvent", "e"), flows("s t", "k l", "c e"))),
    # ---- waits that never end
    bad("unsent-message", "misspelt", "c", '<bpmn:message id="n" name="redy" />', waiting("n"), READY, THROWS),
    bad("unsent-message", "nobody at all", "c", READY, waiting("m")),
    bad("unsent-message", "a message that begins a process nobody may start", "s", READY,
        process(node("startEvent", "s", event("message", more='messageRef="m"')), node("endEvent", "e"), flows("s e"))),
    good("unsent-message", "thrown by another process", READY, waiting("m"), THROWS),
    good("unsent-message", "sent by people", READY, waiting("m", senders="office")),
    good("unsent-message", "a process that a group may start", READY,
         process(extensions(properties(starters="office")), node("startEvent", "s", event("message", more='messageRef="m"')), node("endEvent", "e"), flows("s e"))),
    good("unsent-message", "a step whose message is only known when it runs", READY, waiting("m"),
         path(node("serviceTask", "x", extensions('<camunda:inputOutput><camunda:inputParameter name="message">${business_key}</camunda:inputParameter></camunda:inputOutput>'), 'camunda:type="external" camunda:topic="send-message"'), id="q")),
    bad("idle-timer", "nothing to wait for", "c", path(node("intermediateCatchEvent", "c", timer("PT0S")))),
    bad("idle-timer", "a round without a pause", "k",
        path(node("userTask", "t"), extra=node("boundaryEvent", "k", timer("R/PT0S", "timeCycle"), 'attachedToRef="t" cancelActivity="false"') + node("endEvent", "e2") + flows("k e2"))),
    bad("idle-timer", "a cycle that repeats no times", "k",
        path(node("userTask", "t"), extra=node("boundaryEvent", "k", timer("R0/PT1H", "timeCycle"), 'attachedToRef="t" cancelActivity="false"') + node("endEvent", "e2") + flows("k e2"))),
    bad("idle-timer", "a date that is over", "c", path(node("intermediateCatchEvent", "c", timer("2019-01-31T08:00:00+08:00", "timeDate")))),
    bad("idle-timer", "a constant in an expression", "c", path(node("intermediateCatchEvent", "c", timer("${duration('PT0S')}")))),
    good("idle-timer", "a duration", path(node("intermediateCatchEvent", "c", timer("PT4H")))),
    good("idle-timer", "a date to come", path(node("intermediateCatchEvent", "c", timer("2199-01-31T08:00:00+08:00", "timeDate")))),
    good("idle-timer", "working time", path(node("intermediateCatchEvent", "c", timer("${work_hours(4)}", "timeDate")))),
    bad("unknown-clause", "a clause that is not there", "t", documented("见 P9。")),
    good("unknown-clause", "one that is there", documented("见 P1（PT4H 以内，A4 纸）。")),
]  # fmt: skip
