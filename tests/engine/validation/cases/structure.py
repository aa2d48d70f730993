"""Flows, gateways, ways in and out."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import event, flows, node, process
from tests.engine.validation.case import bad, good, path

S, E, X, P = (
    node("startEvent", "s"), node("endEvent", "e"), node("exclusiveGateway", "x"), node("parallelGateway", "x")
)  # fmt: skip


def task(name: str) -> str:
    """A user task."""
    return node("userTask", name)


def loose(source: str, target: str) -> str:
    """A flow written by hand."""
    return f'<bpmn:sequenceFlow id="f" sourceRef="{source}" targetRef="{target}" />'


INNER = node("startEvent", "is") + task("it") + node("endEvent", "ie") + flows("is it ie")

OVER = "<bpmn:completionCondition>${done}</bpmn:completionCondition>"

CASES = [
    bad("loose-flow", "a flow to nothing", "f", path(extra=loose("s", ""))),
    bad("loose-flow", "a flow to what is gone", "f", path(extra=loose("s", "gone"))),
    bad("loose-flow", "a flow into a subprocess", "f", path(node("subProcess", "sub", INNER), extra=loose("s", "it"))),
    good("loose-flow", "flows between nodes", path(task("t"))),
    bad("no-way-in", "a task beside the way", "t", path(extra=task("t") + flows("t e"))),
    bad("no-way-in", "a gateway within a subprocess", "g",
        path(node("subProcess", "sub", INNER + node("parallelGateway", "g")))),
    bad("no-way-in", "an end event", "x", process(task("t"), E, node("endEvent", "x"), flows("t e"))),
    good("no-way-in", "a process without start event", process(task("t"), task("u"), E, flows("t e", "u e"))),
    bad("complex-gateway", "a join that does not say when", "g",
        process(S, node("parallelGateway", "x"), node("complexGateway", "g"), E, flows("s x g e", "x t g"), task("t"))),
    bad("complex-gateway", "a join whose condition cannot be read", "g",
        process(S, node("parallelGateway", "x"), node("complexGateway", "g",
                "<bpmn:activationCondition>${activationCount >}</bpmn:activationCondition>"), E,
                flows("s x g e", "x t g"), task("t"))),
    good("complex-gateway", "a join with its condition",
         process(S, node("parallelGateway", "x"), node("complexGateway", "g",
                 "<bpmn:activationCondition>${activationCount >= 1}</bpmn:activationCondition>"), E,
                 flows("s x g e", "x t g"), task("t"))),
    bad("ad-hoc", "no condition", "a", path(node("adHocSubProcess", "a", task("t")))),
    bad("ad-hoc", "a condition that cannot be read", "a",
        path(node("adHocSubProcess", "a", task("t") + OVER.replace("done}", "done")))),
    bad("ad-hoc", "nothing in it", "a", path(node("adHocSubProcess", "a", OVER))),
    bad("ad-hoc", "a start event in it", "x", path(node("adHocSubProcess", "a", task("t") + node("startEvent", "x") + OVER))),
    bad("ad-hoc", "a step that nobody chooses", "t2",
        path(node("adHocSubProcess", "a", task("t") + node("task", "t2") + OVER))),
    bad("ad-hoc", "a call in a sequential one", "c",
        path(node("adHocSubProcess", "a", task("t") + node("callActivity", "c", more='calledElement="p"') + flows("t c") + OVER,
                  'ordering="Sequential"'))),
    good("ad-hoc", "user tasks, and what follows them",
         path(node("adHocSubProcess", "a", task("t") + task("u") + node("task", "v") + flows("t v") + OVER))),
    good("no-way-in", "event subprocess, boundary event, compensation, link",
         path(task("t"), extra=node("boundaryEvent", "b", event("timer"), 'attachedToRef="t"')
              + node("task", "undo", more='isForCompensation="true"')
              + node("intermediateCatchEvent", "l", event("link", more='name="n"'))
              + node("subProcess", "es", INNER, 'triggeredByEvent="true"'))),
    bad("start-event", "nowhere to begin", "p", process(task("t"), task("u"), flows("t u t"))),
    bad("start-event", "two plain starts in a subprocess", "is2",
        path(node("subProcess", "sub", INNER + node("startEvent", "is2") + flows("is2 it")))),
    good("start-event", "no start", process(task("t"), E, flows("t e"))),
    good("start-event", "two plain starts of a process", path(extra=node("startEvent", "s2") + flows("s2 e"))),
    good("start-event", "no start in a subprocess", path(node("subProcess", "sub", task("it")))),
    bad("start-event", "a subprocess that waits to start", "is",
        path(node("subProcess", "sub", node("startEvent", "is", event("timer"))))),
    good("start-event", "a plain start and one by message",
         path(extra=node("startEvent", "s2", event("message")) + flows("s2 e"))),
    bad("no-end", "a task that leads nowhere", "t", process(S, task("t"), flows("s t"))),
    bad("no-end", "a boundary event that leads nowhere", "b",
        path(task("t"), extra=node("boundaryEvent", "b", event("timer"), 'attachedToRef="t"'))),
    good("no-end", "an end event", path(task("t"))),
    bad("forbidden-flow", "a flow into the start", "s", path(task("t"), extra=flows("t s"))),
    bad("forbidden-flow", "a flow out of the end", "e", path(task("t"), extra=flows("e t"))),
    bad("forbidden-flow", "a flow into an event subprocess", "es",
        path(task("t"), extra=node("subProcess", "es", INNER, 'triggeredByEvent="true"') + flows("t es"))),
    good("forbidden-flow", "flows in their places", path(task("t"))),
    bad("missing-condition", "a way without a condition", "x_b",
        path(X, extra=task("a") + task("b") + flows("x a: ${y}", "x b", "a e", "b e")).replace(
            'id="x"', 'id="x" default="x_e"')),
    bad("missing-condition", "an inclusive way without a condition", "i_b",
        process(S, node("inclusiveGateway", "i"), task("a"), task("b"), E, flows("s i", "i a: ${y}", "i b", "a e", "b e"))),
    good("missing-condition", "conditions and a default",
         process(S, node("exclusiveGateway", "x", more='default="x_b"'), task("a"), task("b"), E,
                 flows("s x", "x a: ${y}", "x b", "a e", "b e"))),
    good("missing-condition", "a joining gateway", process(S, X, E, flows("s x e"))),
    bad("missing-default", "conditions only", "x",
        process(S, X, task("a"), task("b"), E, flows("s x", "x a: ${y}", "x b: ${z}", "a e", "b e"))),
    good("missing-default", "a default",
         process(S, node("exclusiveGateway", "x", more='default="x_b"'), task("a"), task("b"), E,
                 flows("s x", "x a: ${y}", "x b", "a e", "b e"))),
    bad("ignored-condition", "a condition behind a parallel gateway", "x_a",
        process(S, P, task("a"), task("b"), E, flows("s x", "x a: ${y}", "x b", "a e", "b e"))),
    bad("ignored-condition", "a condition behind a start event", "s_t",
        process(S, task("t"), E, flows("s t: ${y}", "t e"))),
    bad("ignored-condition", "a condition on the default flow", "x_b",
        process(S, node("exclusiveGateway", "x", more='default="x_b"'), task("a"), task("b"), E,
                flows("s x", "x a: ${y}", "x b: ${z}", "a e", "b e"))),
    bad("ignored-condition", "a condition on the only way", "x_e", process(S, X, E, flows("s x", "x e: ${y}"))),
    good("ignored-condition", "a condition behind a task", process(S, task("t"), E, flows("s t", "t e: ${y}"))),
    bad("default-flow", "a default of another gateway", "x",
        path(node("exclusiveGateway", "x", more='default="s_x"'))),
    bad("default-flow", "a default of a parallel gateway", "x",
        path(node("parallelGateway", "x", more='default="x_e"'))),
    bad("default-flow", "a default of a task that asks nothing", "t",
        path(node("userTask", "t", more='default="t_e"'), task("u"), extra=flows("t e"))),
    good("default-flow", "a default beside a condition",
         path(node("userTask", "t", more='default="t_u"'), task("u"), extra=flows("t e: ${y}"))),
    bad("endless-loop", "automatic steps in a circle", "x",
        process(S, P, node("task", "a"), E, flows("s x a x", "a e"))),
    bad("endless-loop", "a circle of one", "a", process(S, node("task", "a"), E, flows("s a a", "a e"))),
    bad("endless-loop", "a subprocess in which nothing waits", "x",
        process(S, P, node("subProcess", "sub", node("startEvent", "is") + node("endEvent", "ie") + flows("is ie")),
                flows("s x sub x"))),
    bad("endless-loop", "a process that calls itself", "c", path(node("callActivity", "c", more='calledElement="p"'))),
    bad("endless-loop", "processes that call one another", "c d", path(node("callActivity", "c", more='calledElement="q"')),
        beside=((path(node("callActivity", "d", more='calledElement="p"'), id="q"),),)),
    good("endless-loop", "a call of an older version of itself",
         path(node("callActivity", "c", more='calledElement="p" camunda:calledElementBinding="version" camunda:calledElementVersion="1"'))),
    good("endless-loop", "a call back behind a task",
         path(task("t"), node("callActivity", "c", more='calledElement="p"'))),
    good("endless-loop", "a task in the circle", process(S, P, task("a"), E, flows("s x a x", "a e"))),
    good("endless-loop", "a decision in the circle",
         process(S, P, node("exclusiveGateway", "y"), E, flows("s x y", "y x: ${again}", "y e: ${done}"))),
    good("endless-loop", "a step of an external worker in the circle",
         process(S, P, node("serviceTask", "a", more='camunda:type="external" camunda:topic="scale"'),
                 E, flows("s x a x", "a e"))),
    good("endless-loop", "nodes between two circles",
         process(S, P, task("a"), node("task", "m"), node("parallelGateway", "y"), task("b"),
                 flows("s x a x m y b y"))),
]  # fmt: skip
