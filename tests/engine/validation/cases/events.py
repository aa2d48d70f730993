"""Events and what they refer to."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import event, flows, node, process, timer
from tests.engine.validation.case import bad, good, path

DECLARED = (
    '<bpmn:message id="m" name="ready" /><bpmn:message id="m2" name="other" /><bpmn:signal id="g" name="alarm" />'
    '<bpmn:error id="er" errorCode="E1" /><bpmn:error id="er0" name="no code" /><bpmn:message id="m0" />'
)
S, E, T = node("startEvent", "s"), node("endEvent", "e"), node("userTask", "t")
MESSAGE = event("message", more='messageRef="m"')
CATCH = node("intermediateCatchEvent", "c", MESSAGE)


def boundary(definition: str, more: str = "", host: str = "t") -> str:
    """A boundary event with a way to the end."""
    return node("boundaryEvent", "b", definition, f'attachedToRef="{host}" {more}') + flows("b e")


def event_subprocess(start: str, more: str = "") -> str:
    """An event subprocess whose start event has this definition."""
    inner = node("startEvent", "is", start, more) + node("endEvent", "ie") + flows("is ie")
    return node("subProcess", "es", inner, 'triggeredByEvent="true"')


SEND = node("intermediateThrowEvent", "c", MESSAGE)


def pools(source: str, target: str) -> str:
    """Two pools with a message flow between these."""
    return (
        '<bpmn:collaboration id="co"><bpmn:participant id="one" processRef="p" /><bpmn:participant id="other" />'
        f'<bpmn:participant id="two" processRef="q" /><bpmn:messageFlow id="mf" sourceRef="{source}" '
        f'targetRef="{target}" /></bpmn:collaboration>'
    )


def answering(start: str) -> str:
    """The process of the other pool."""
    return process(node("startEvent", "qs", start), node("endEvent", "qe"), flows("qs qe"), id="q")


def catch(definition: str) -> str:
    """A catching event `c` in a row."""
    return path(node("intermediateCatchEvent", "c", definition))


def waiting(*targets: str) -> str:
    """An event gateway `g` that leads to these nodes, and they to the end."""
    ids = [target.split('id="', 1)[1].split('"', 1)[0] for target in targets]
    ways = [f"g {name} e" for name in ids]
    return process(S, node("eventBasedGateway", "g"), *targets, E, flows("s g", *ways))


HOUR = node("intermediateCatchEvent", "h", timer("PT1H"))

CASES = [
    good("boundary-host", "a host that is not there, which is a dangling reference", path(T, extra=boundary(timer("PT1H"), host="gone"))),
    bad("boundary-host", "a gateway as host", "b",
        path(node("exclusiveGateway", "t"), extra=boundary(timer("PT1H")))),
    bad("boundary-host", "cancelling what is no transaction", "b", path(T, extra=boundary(event("cancel")))),
    good("boundary-host", "on a task", path(T, extra=boundary(timer("PT1H")))),
    bad("message-flow", "out of a user task", "mf",
        pools("t", "qs"), path(T), answering(event("message", more='messageRef="m"')), DECLARED),
    bad("message-flow", "into a plain start event", "mf", pools("c", "qs"), path(SEND), answering(""), DECLARED),
    bad("message-flow", "between two messages", "mf",
        pools("c", "qs"), path(SEND), answering(event("message", more='messageRef="m2"')), DECLARED),
    good("message-flow", "that gives a name to both ends",
         pools("c", "qs"), path(node("intermediateThrowEvent", "c", event("message"))), answering(event("message"))),
    good("message-flow", "to a pool without a process", pools("t", "other"), path(T)),
    bad("event-placement", "a condition that starts a process", "s", path(start=event("conditional"))),
    bad("event-placement", "a terminating start", "s", path(start=event("terminate"))),
    bad("event-placement", "a start by error outside of an event subprocess", "s", path(start=event("error"))),
    bad("event-placement", "an intermediate error", "c", catch(event("error"))),
    bad("event-placement", "a catching event without a definition", "c", catch("")),
    bad("event-placement", "an error that does not interrupt", "b",
        DECLARED, path(T, extra=boundary(event("error"), 'cancelActivity="false"'))),
    bad("event-placement", "a cancel end outside of a transaction", "e",
        path(T).replace("</bpmn:endEvent>", event("cancel") + "</bpmn:endEvent>")),
    good("event-placement", "an error that starts an event subprocess", path(T, extra=event_subprocess(event("error")))),
    good("event-placement", "a timer on a task", path(T, extra=boundary(timer("PT1H"), 'cancelActivity="false"'))),
    bad("event-reference", "a message event without a message", "c", catch(event("message"))),
    bad("event-reference", "a message without a name", "c", DECLARED, catch(event("message", more='messageRef="m0"'))),
    bad("event-reference", "an error end without a code", "e2",
        DECLARED, path(T, extra=node("endEvent", "e2", event("error", more='errorRef="er0"')))),
    bad("event-reference", "a conditional event without a condition", "c",
        catch(event("conditional", "<bpmn:condition> </bpmn:condition>"))),
    bad("event-reference", "a send task without a message", "x", path(node("sendTask", "x"))),
    good("event-reference", "named ones, and an error boundary for all errors",
         DECLARED, path(CATCH, T, node("receiveTask", "r", more='messageRef="m"'), extra=boundary(event("error")))),
    bad("event-subprocess", "no start", "es", path(T, extra=node("subProcess", "es", "", 'triggeredByEvent="true"'))),
    bad("event-subprocess", "a plain start", "is", path(T, extra=event_subprocess(""))),
    bad("event-subprocess", "two starts", "es",
        path(T, extra=event_subprocess(timer("PT1H")).replace("</bpmn:subProcess>",
             node("startEvent", "is2", timer("PT2H")) + "</bpmn:subProcess>"))),
    good("event-subprocess", "a timer start", path(T, extra=event_subprocess(timer("PT1H")))),
    bad("event-gateway", "a user task behind it", "t", DECLARED, waiting(T, HOUR)),
    bad("event-gateway", "an event that waits for all of several things", "c", DECLARED,
        waiting(CATCH.replace("</bpmn:intermediateCatchEvent>", timer("PT1H") + "</bpmn:intermediateCatchEvent>").replace(
            'id="c"', 'id="c" parallelMultiple="true"'), HOUR)),
    bad("event-gateway", "one way only", "g", DECLARED, waiting(CATCH)),
    bad("event-gateway", "another flow to the event", "c", DECLARED,
        waiting(CATCH, HOUR).replace("</bpmn:process>", flows("s c") + "</bpmn:process>")),
    good("event-gateway", "a message or an hour", DECLARED, waiting(CATCH, HOUR)),
    bad("multiple-events", "two compensations thrown at once", "x",
        path(node("intermediateThrowEvent", "x", event("compensate") + event("compensate")))),
    bad("multiple-events", "a boundary event that waits for a message and an error", "b",
        DECLARED, path(T, extra=boundary(MESSAGE + event("error"), 'parallelMultiple="true"'))),
    bad("multiple-events", "a process that waits for both to begin", "s",
        DECLARED, path(start=MESSAGE + event("signal", more='signalRef="g"')).replace(
            'id="s"', 'id="s" parallelMultiple="true"')),
    good("multiple-events", "a message and a signal thrown at once",
         DECLARED, path(node("intermediateThrowEvent", "x", MESSAGE + event("signal", more='signalRef="g"')))),
    good("multiple-events", "a boundary event that waits for both",
         DECLARED, path(T, extra=boundary(MESSAGE + event("signal", more='signalRef="g"'), 'parallelMultiple="true"'))),
    bad("instantiation", "a flow to a receive task that begins the process", "r",
        DECLARED, path(node("receiveTask", "r", more='instantiate="true" messageRef="m"'))),
    bad("instantiation", "in a subprocess", "r",
        DECLARED, path(node("subProcess", "sub", node("receiveTask", "r", more='instantiate="true" messageRef="m"')))),
    bad("instantiation", "a gateway before a timer", "g",
        process(node("eventBasedGateway", "g", more='instantiate="true"'), node("intermediateCatchEvent", "c", timer("PT1H")), E,
                flows("g c e"))),
    good("instantiation", "a receive task that nothing leads to",
         DECLARED, process(node("receiveTask", "r", more='instantiate="true" messageRef="m"'), E, flows("r e"))),
    good("multiple-events", "an event that waits for either",
         DECLARED, path(node("intermediateCatchEvent", "c", MESSAGE + event("signal", more='signalRef="g"')))),
    bad("timer-text", "no time", "c", catch(event("timer"))),
    bad("timer-text", "four hours in words", "c", catch(timer("4 hours"))),
    bad("timer-text", "a T without hours", "c", catch(timer("PT"))),
    bad("timer-text", "a cron expression with a weekday in numbers", "s", path(start=timer("0 0 8 ? * 2", "timeCycle"))),
    bad("timer-text", "a cron expression with an hour that is none", "s", path(start=timer("0 25 * * *", "timeCycle"))),
    bad("timer-text", "a cron expression as a duration", "c", catch(timer("0 8 * * *"))),
    good("timer-text", "cron expressions", path(start=timer("0 8 * * *", "timeCycle")),
         beside=((path(start=timer("0 0 8 ? * MON-FRI", "timeCycle"), id="q"),),)),
    bad("timer-text", "a date that does not exist", "c", catch(timer("2027-02-30", "timeDate"))),
    bad("timer-text", "a duration as a date", "c", catch(timer("PT1H", "timeDate"))),
    good("timer-text", "a duration", catch(timer("P1DT4H"))),
    good("timer-text", "an expression", catch(timer("${work_hours(4)}"))),
    good("timer-text", "a date with its zone", catch(timer("2027-01-31T08:00:00+08:00", "timeDate"))),
    good("timer-text", "a cycle", path(T, extra=boundary(timer("R3/PT1H", "timeCycle"), 'cancelActivity="false"'))),
    good("timer-text", "a cycle from a date",
         path(T, extra=boundary(timer("R/2027-01-01T08:00:00Z/P1D", "timeCycle"), 'cancelActivity="false"'))),
    bad("link-pair", "nowhere to go on", "l",
        process(S, node("intermediateThrowEvent", "l", event("link", more='name="n"')), flows("s l"))),
    bad("link-pair", "caught twice", "l2",
        process(S, node("intermediateThrowEvent", "l", event("link", more='name="n"')), flows("s l"),
                node("intermediateCatchEvent", "l1", event("link", more='name="n"')),
                node("intermediateCatchEvent", "l2", event("link", more='name="n"')), E, flows("l1 e", "l2 e"))),
    good("link-pair", "a pair",
         process(S, node("intermediateThrowEvent", "l", event("link", more='name="n"')), flows("s l"),
                 node("intermediateCatchEvent", "l1", event("link", more='name="n"')), E, flows("l1 e"))),
    bad("compensation", "a boundary without a handler", "b",
        path(T, extra=node("boundaryEvent", "b", event("compensate"), 'attachedToRef="t"'))),
    bad("compensation", "a handler that nobody calls", "undo",
        path(T, extra=node("task", "undo", more='isForCompensation="true"'))),
    bad("compensation", "undoing what cannot be undone", "c",
        path(T, node("intermediateThrowEvent", "c", event("compensate", more='activityRef="t"')))),
    good("compensation", "all three parts",
         path(T, node("intermediateThrowEvent", "c", event("compensate", more='activityRef="t"')),
              extra=node("boundaryEvent", "b", event("compensate"), 'attachedToRef="t"')
              + node("task", "undo", more='isForCompensation="true"')
              + '<bpmn:association id="as" sourceRef="b" targetRef="undo" />')),
]  # fmt: skip
