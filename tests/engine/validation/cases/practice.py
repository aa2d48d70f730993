"""What one file says about the others."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties
from tests.engine.validation.case import bad, good, path

EXTERNAL = 'camunda:type="external" camunda:topic='
DECLARED = '<bpmn:message id="m" name="ready" /><bpmn:message id="n" name="readdy" />'


def call(target: str, body: str = "", more: str = "") -> str:
    """A process that calls another."""
    return path(node("callActivity", "c", body, f'calledElement="{target}" {more}'))


def start(target: str) -> str:
    """A process that starts another."""
    inner = f'<camunda:inputOutput><camunda:inputParameter name="process">{target}</camunda:inputParameter></camunda:inputOutput>'
    return path(node("serviceTask", "x", extensions(inner), EXTERNAL + '"start-process"'))


def throw(ref: str) -> str:
    """A process that throws a message."""
    return path(node("intermediateThrowEvent", "x", event("message", more=f'messageRef="{ref}"')))


def of_process(**given: str) -> str:
    """A process with these properties."""
    return process(extensions(properties(**given)), node("startEvent", "s"), node("endEvent", "e"), flows("s e"))


CATCHING = (DECLARED, path(node("receiveTask", "r", more='messageRef="m"'), id="q"))
OTHER = (path(id="q"),)

CASES = [
    bad("called-process", "a process that is not there", "c", call("gone")),
    bad("called-process", "started, but not there", "x", start("gone")),
    bad("called-process", "one that is only drawn", "c", call("q"),
        beside=((path(id="q").replace('isExecutable="true"', ""),),)),
    bad("called-process", "another business key", "c", call("p", extensions('<camunda:in businessKey="${x}" />'))),
    bad("called-process", "a version, but not which", "c", call("q", more='camunda:calledElementBinding="version"'), beside=(OTHER,)),
    bad("called-process", "a binding that there is not", "c", call("q", more='camunda:calledElementBinding="oldest"'), beside=(OTHER,)),
    good("called-process", "a version that may be stored",
         call("gone", more='camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="v1"')),
    good("called-process", "in another file", call("q"), beside=(OTHER,)),
    good("called-process", "chosen at run time", call("${which}")),
    good("called-process", "its own business key",
         call("p", extensions('<camunda:in businessKey="#{execution.processBusinessKey}" />'))),
    bad("decision-reference", "a table that is not there", "d",
        path(node("businessRuleTask", "d", more='camunda:decisionRef="price" camunda:resultVariable="r"'))),
    bad("decision-reference", "an unknown way to map", "d",
        path(node("businessRuleTask", "d",
                  more='camunda:decisionRef="pricing" camunda:resultVariable="r" camunda:mapDecisionResult="first"'))),
    bad("decision-reference", "a result that goes nowhere", "d",
        path(node("businessRuleTask", "d", more='camunda:decisionRef="pricing"'))),
    good("decision-reference", "a table of the practice",
         path(node("businessRuleTask", "d", more='camunda:decisionRef="pricing" camunda:resultVariable="r"'))),
    bad("decision-name", "a name that nothing writes", "d",
        path(node("businessRuleTask", "d", more='camunda:decisionRef="pricing" camunda:resultVariable="r"'))),
    good("decision-name", "a name handed in",
         path(node("businessRuleTask", "d",
                   extensions('<camunda:inputOutput><camunda:inputParameter name="size">${1}</camunda:inputParameter>'
                              "</camunda:inputOutput>"),
                   'camunda:decisionRef="pricing" camunda:resultVariable="r"'))),
    bad("uncaught-message", "a name that differs by a letter", "x", DECLARED, throw("n"), beside=(CATCHING,)),
    good("uncaught-message", "a message that another process catches", DECLARED, throw("m"), beside=(CATCHING,)),
    bad("unknown-group", "a group of a task", "t",
        path(node("userTask", "t", more='camunda:candidateGroups="office, garden"'))),
    bad("unknown-group", "a sender", "c",
        path(node("intermediateCatchEvent", "c", extensions(properties(senders="ofice")) + event("message")))),
    bad("unknown-group", "who may cancel", "p", of_process(cancellers="nobody")),
    bad("unknown-group", "a group named in an expression", "p", of_process(readers="${['group:nobody', 'group:office']}")),
    good("unknown-group", "a name that is put together", of_process(readers="${['group:' + starter, 'group:no' + starter]}")),
    good("unknown-group", "groups, a person, an expression",
         path(node("userTask", "t", more='camunda:candidateGroups="office,warehouse"'),
              node("userTask", "u", more='camunda:candidateGroups="${group}"'),
              node("intermediateCatchEvent", "c", extensions(properties(senders="office, user:${who}")) + event("message")))),
    bad("process-property", "an unknown record type", "p", of_process(recordType="tickets")),
    bad("process-property", "a link to nothing", "p", of_process(linkedTo="gone")),
    bad("process-property", "owner and guest", "p", of_process(recordType="ticket", linkedTo="ticket")),
    bad("process-property", "a published name without a field", "p", of_process(recordType="ticket", publish="size")),
    good("process-property", "a record with its field",
         process(extensions(properties(recordType="ticket", publish="colour", summary="colour")), node("startEvent", "s"),
                 node("scriptTask", "c", "<bpmn:script>1</bpmn:script>", 'scriptFormat="feel" camunda:resultVariable="colour"'),
                 node("endEvent", "e"), flows("s c e"))),
    bad("process-property", "a published name that nothing writes", "p", of_process(publish="colour")),
    bad("process-property", "a summary of what nobody publishes", "p", of_process(summary="colours")),
    bad("process-property", "a number that cannot be told from another", "p", of_process(number="T{year}-{seq:3}")),
    good("process-property", "a link to a process", of_process(linkedTo="q"), beside=(OTHER,)),
    bad("duplicate-process", "the same id in two files", "p p", path(), beside=((path(),),)),
    good("duplicate-process", "two ids", path(), beside=(OTHER,)),
]  # fmt: skip
