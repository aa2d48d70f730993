"""Steps: what they do, who does them, how often."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import extensions, flows, node, process, properties
from tests.engine.validation.case import bad, good, path

EXTERNAL = 'camunda:type="external" camunda:topic='


def parameter(name: str, inner: str) -> str:
    """An input parameter in its place."""
    return extensions(
        f'<camunda:inputOutput><camunda:inputParameter name="{name}">{inner}</camunda:inputParameter></camunda:inputOutput>'
    )


def service(name: str, body: str = "", more: str = "") -> str:
    """A service task."""
    return node("serviceTask", name, body, more)


def loop(inner: str, more: str = "") -> str:
    """A user task done several times."""
    return path(node("userTask", "t", f"<bpmn:multiInstanceLoopCharacteristics {more}>{inner}"
                                      "</bpmn:multiInstanceLoopCharacteristics>"))  # fmt: skip


COUNT = "<bpmn:loopCardinality>${3}</bpmn:loopCardinality>"
STANDARD = "<bpmn:standardLoopCharacteristics>{}</bpmn:standardLoopCharacteristics>"
SCRIPT = 'scriptFormat="feel" camunda:resultVariable="y"'
LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="l"><bpmn:flowNodeRef>s</bpmn:flowNodeRef>'
    "<bpmn:flowNodeRef>e</bpmn:flowNodeRef>{}</bpmn:lane></bpmn:laneSet>"
)

EVENT = node("startEvent", "is", "<bpmn:signalEventDefinition />", 'isInterrupting="false"')
FIELD = (
    '<bpmn:userTask id="{name}"><bpmn:extensionElements><camunda:formData><camunda:formField id="y" type="string">'
    "<camunda:validation>{}</camunda:validation></camunda:formField></camunda:formData></bpmn:extensionElements>"
    "</bpmn:userTask>"
)


def told(*given: tuple[str, str], before: str = "kind") -> str:
    """A process that computes `before` and then tells somebody, with these inputs in their order."""
    inputs = "".join(f'<camunda:inputParameter name="{name}">{text}</camunda:inputParameter>' for name, text in given)
    return path(
        service("c", parameter(before, "${1}"), EXTERNAL + '"compute"'),
        service("x", extensions(f"<camunda:inputOutput>{inputs}</camunda:inputOutput>"), EXTERNAL + '"notify"'),
    )


CASES = [
    bad("hidden-variable", "an argument of that name stands before", "x",
        told(("to", "ann"), ("subject", "s"), ("text", "about ${subject}"), before="subject")),
    good("hidden-variable", "it is read before", told(("to", "ann"), ("text", "${subject}"), ("subject", "s"),
                                                     before="subject")),
    good("hidden-variable", "nothing else has that name", told(("to", "ann"), ("subject", "s"), ("text", "${subject}"))),
    good("hidden-variable", "passed on, and no argument",
         path(service("c", parameter("size", "${1}"), EXTERNAL + '"compute"'),
              service("x", extensions('<camunda:inputOutput><camunda:inputParameter name="process">p</camunda:inputParameter>'
                                      '<camunda:inputParameter name="size">${size}</camunda:inputParameter>'
                                      '<camunda:inputParameter name="more">${size + 1}</camunda:inputParameter></camunda:inputOutput>'),
                      EXTERNAL + '"start-process"'))),
    bad("unsupported-implementation", "a class", "x", path(service("x", more='camunda:class="org.Example"'))),
    bad("unsupported-implementation", "a connector", "x",
        path(service("x", extensions("<camunda:connector><camunda:connectorId>c</camunda:connectorId></camunda:connector>")))),
    bad("unsupported-implementation", "mail", "x", path(service("x", more='camunda:type="mail"'))),
    good("unsupported-implementation", "a topic", path(service("x", more=EXTERNAL + '"notify"'))),
    bad("incomplete-step", "a service task that says nothing", "x", path(service("x"))),
    bad("incomplete-step", "a business rule task without a decision", "x", path(node("businessRuleTask", "x"))),
    bad("incomplete-step", "a call activity that calls nothing", "x", path(node("callActivity", "x"))),
    good("incomplete-step", "complete ones",
         path(service("x", more=EXTERNAL + '"notify"'), node("callActivity", "y", more='calledElement="p"'),
              node("businessRuleTask", "z", more='camunda:decisionRef="pricing"'))),
    bad("script", "another language", "x",
        path(node("scriptTask", "x", "<bpmn:script>1</bpmn:script>", 'scriptFormat="groovy" camunda:resultVariable="y"'))),
    bad("script", "a result that goes nowhere", "x",
        path(node("scriptTask", "x", "<bpmn:script>1</bpmn:script>", 'scriptFormat="feel"'))),
    bad("script", "no text", "x", path(node("scriptTask", "x", "", SCRIPT))),
    bad("script", "a condition in another language", "f",
        path(extra='<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e"><bpmn:conditionExpression language="xpath">x'
                   "</bpmn:conditionExpression></bpmn:sequenceFlow>")),
    good("script", "a computed value", path(node("scriptTask", "x", "<bpmn:script>1 + 1</bpmn:script>", SCRIPT))),
    bad("parameter-form", "a list", "x", path(service("x", parameter("a", "<camunda:list />")))),
    bad("parameter-form", "a map", "x", path(service("x", parameter("a", "<camunda:map />")))),
    bad("parameter-form", "a script", "x",
        path(service("x", parameter("a", '<camunda:script scriptFormat="js">1</camunda:script>')))),
    bad("parameter-form", "no name", "x", path(service("x", parameter("", "1")))),
    good("parameter-form", "a text", path(service("x", parameter("a", "${[1, 2]}")))),
    bad("loop-data", "nothing says how often", "t", loop("")),
    bad("loop-data", "two say how often", "t", loop(COUNT, 'camunda:collection="rows"')),
    bad("loop-data", "an element of nothing", "t", loop(COUNT, 'camunda:elementVariable="row"')),
    bad("loop-data", "half of the results", "t",
        path(node("userTask", "t", extensions(properties(outputCollection="all"))
                  + f"<bpmn:multiInstanceLoopCharacteristics>{COUNT}</bpmn:multiInstanceLoopCharacteristics>"))),
    bad("loop-data", "a loop without end", "t", path(node("userTask", "t", STANDARD.format("")))),
    good("loop-data", "a collection", loop("", 'camunda:collection="rows" camunda:elementVariable="row"')),
    good("loop-data", "a cardinality", loop(COUNT)),
    good("loop-data", "a loop with a condition",
         path(node("userTask", "t", STANDARD.format("<bpmn:loopCondition>${again}</bpmn:loopCondition>")))),
    bad("four-eyes", "a task that does not exist", "t",
        path(node("userTask", "a"), node("userTask", "t", extensions(properties(fourEyes="a, b"))))),
    good("four-eyes", "a task and the start",
         path(node("userTask", "a"), node("userTask", "t", extensions(properties(fourEyes="a, s"))))),
    bad("offline", "one that is no batch", "t", path(node("userTask", "t", extensions(properties(offline="true"))))),
    bad("offline", "a field that is not there", "t",
        path(node("userTask", "t", extensions(properties(batch="true", offline="seen"))))),
    good("offline", "a batch", path(node("userTask", "t", extensions(properties(batch="true", offline="true"))))),
    good("offline", "a time of the form",
         path(node("userTask", "t", extensions(
             '<camunda:formData><camunda:formField id="seen" label="seen" type="time" /></camunda:formData>'
             + properties(batch="true", offline="seen"))))),
    bad("task-assignee", "nobody is named", "t", path(node("userTask", "t"))),
    bad("task-assignee", "a group as a person", "t", path(node("userTask", "t", more='camunda:assignee="office"'))),
    good("task-assignee", "a group, or a person",
         path(node("userTask", "t", more='camunda:candidateGroups="office"'),
              node("userTask", "u", more='camunda:assignee="${starter}"'))),
    bad("task-due", "no due time", "t", path(node("userTask", "t"))),
    good("task-due", "a due time", path(node("userTask", "t", more='camunda:dueDate="${work_hours(4)}"'))),
    bad("task-clause", "no documentation", "t", path(node("userTask", "t"))),
    bad("task-clause", "no clause", "t",
        path(node("userTask", "t", "<bpmn:documentation>Look at it.</bpmn:documentation>"))),
    good("task-clause", "a clause", path(node("userTask", "t", "<bpmn:documentation>P1: look.</bpmn:documentation>"))),
    bad("no-lane", "a task outside", "t", path(node("userTask", "t"), head=LANES.format(""))),
    good("no-lane", "all inside",
         path(node("userTask", "t"), head=LANES.format("<bpmn:flowNodeRef>t</bpmn:flowNodeRef>"))),
    good("no-lane", "a process without lanes", path(node("userTask", "t"))),
    bad("connector-inputs", "a needed input is missing", "x",
        path(service("x", parameter("to", "a"), EXTERNAL + '"notify"'))),
    bad("connector-inputs", "an unknown input", "x x x",
        path(service("x", parameter("tto", "a"), EXTERNAL + '"notify"'))),
    bad("connector-inputs", "a value that is no choice", "x",
        path(service("x", extensions('<camunda:inputOutput><camunda:inputParameter name="to">a</camunda:inputParameter>'
                                     '<camunda:inputParameter name="subject">b</camunda:inputParameter>'
                                     '<camunda:inputParameter name="kind">repord</camunda:inputParameter>'
                                     "</camunda:inputOutput>"), EXTERNAL + '"notify"'))),
    bad("connector-inputs", "a topic that is nearly one", "x", path(service("x", more=EXTERNAL + '"notfy"'))),
    good("connector-inputs", "inputs that are passed on",
         path(service("x", parameter("anything", "a"), EXTERNAL + '"compute"'))),
    good("connector-inputs", "a worker's topic", path(service("x", more=EXTERNAL + '"weigh"'))),
    bad("concurrent-write", "two branches write one name", "b",
        process(node("startEvent", "s"), node("parallelGateway", "f"), node("parallelGateway", "j"),
                service("a", more=EXTERNAL + '"q" camunda:resultVariable="y"'),
                service("b", more=EXTERNAL + '"q" camunda:resultVariable="y"'),
                flows("s f a j", "f b j"))),
    bad("concurrent-write", "a task that is open while an event writes", "b",
        path(FIELD.format("", name="t"),
             extra=node("subProcess", "es", EVENT + service("b", more=EXTERNAL + '"compute" camunda:resultVariable="y"')
                        + flows("is b"), 'triggeredByEvent="true"'))),
    good("concurrent-write", "a field that is only read while an event writes",
         path(FIELD.format('<camunda:constraint name="readonly" config="true" />', name="t"),
              extra=node("subProcess", "es", EVENT + service("b", more=EXTERNAL + '"compute" camunda:resultVariable="y"')
                         + flows("is b"), 'triggeredByEvent="true"'))),
    good("concurrent-write", "a field that is only read, as the modeler writes it",
         path(FIELD.format('<camunda:constraint name="readonly" />', name="t"),
              extra=node("subProcess", "es", EVENT + service("b", more=EXTERNAL + '"compute" camunda:resultVariable="y"')
                         + flows("is b"), 'triggeredByEvent="true"'))),
    good("concurrent-write", "automatic steps, of which one is done when an event comes",
         path(service("a", more=EXTERNAL + '"compute" camunda:resultVariable="y"'), node("userTask", "t"),
              extra=node("subProcess", "es", EVENT + service("b", more=EXTERNAL + '"compute" camunda:resultVariable="y"')
                         + flows("is b"), 'triggeredByEvent="true"'))),
    bad("concurrent-write", "beside what does not interrupt", "b",
        path(service("a", more=EXTERNAL + '"q" camunda:resultVariable="y"'),
             extra=service("b", more=EXTERNAL + '"q" camunda:resultVariable="y"')
             + node("boundaryEvent", "bo", "<bpmn:timerEventDefinition />", 'attachedToRef="a" cancelActivity="false"')
             + flows("bo b e"))),
    good("concurrent-write", "one after the other, and names of their own",
         process(node("startEvent", "s"), node("parallelGateway", "f"), node("parallelGateway", "j"),
                 service("a", more=EXTERNAL + '"q" camunda:resultVariable="y"'),
                 service("b", more=EXTERNAL + '"q" camunda:resultVariable="z"'),
                 service("c", more=EXTERNAL + '"q" camunda:resultVariable="y"'),
                 flows("s f a j c", "f b j"))),
    good("concurrent-write", "a name declared by one of the subprocesses",
         process(node("startEvent", "s"), node("parallelGateway", "f"), node("parallelGateway", "j"),
                 service("a", more=EXTERNAL + '"q" camunda:resultVariable="y"'),
                 node("subProcess", "sub", parameter("y", "1") + node("startEvent", "is")
                      + service("b", more=EXTERNAL + '"q" camunda:resultVariable="y"') + flows("is b")),
                 flows("s f a j", "f sub j"))),
]  # fmt: skip
