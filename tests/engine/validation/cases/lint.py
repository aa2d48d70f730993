"""What is written and not read."""
# ruff: noqa: E501 - a case reads best on one line

from tests.engine.definitions.diagrams import extensions, node, process, properties
from tests.engine.validation.case import bad, good, path

TASK = "userTask"
CASES = [
    bad("unknown-attribute", "a misspelt attribute", "t", path(node(TASK, "t", more='camunda:asignee="x"'))),
    bad("unknown-attribute", "one of another element", "t", path(node("task", "t", more='camunda:dueDate="x"'))),
    bad("unknown-attribute", "a misspelt attribute of BPMN", "t", path(node("task", "t", more='calledelement="x"'))),
    bad("unknown-attribute", "a version of the callee", "c",
        path(node("callActivity", "c", more='calledElement="p" camunda:calledElementVersion="2"'))),
    good("unknown-attribute", "what another tool puts into its own extension, even in the namespace of BPMN",
         path(node(TASK, "t", extensions('<x:kpi xmlns:x="http://x"><bpmn:attribute format="1" /></x:kpi>')))),
    good("unknown-attribute", "what the modeler writes",
         path(node(TASK, "t", more='camunda:assignee="x" camunda:modelerTemplate="y" camunda:asyncBefore="true"'),
              more='camunda:historyTimeToLive="P180D" camunda:versionTag="1"')),
    bad("unknown-extension", "a listener", "t",
        path(node(TASK, "t", extensions('<camunda:taskListener class="x" event="create"/>')))),
    bad("unknown-extension", "a form on a service task", "t",
        path(node("serviceTask", "t", extensions('<camunda:formData><camunda:formField id="a" /></camunda:formData>')))),
    bad("unknown-extension", "call mappings on a user task", "t",
        path(node(TASK, "t", extensions('<camunda:in source="a" target="a" />')))),
    good("unknown-extension", "properties, parameters and a form",
         path(node(TASK, "t", extensions(
             properties(stage="x"), '<camunda:formData><camunda:formField id="a"><camunda:value id="b"/>'
             "</camunda:formField></camunda:formData>",
             '<camunda:inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter></camunda:inputOutput>')))),
    good("unknown-extension", "mappings of a call",
         path(node("callActivity", "c", extensions('<camunda:in variables="all" />'), 'calledElement="p"'))),
    bad("unknown-property", "a misspelt property", "t", path(node(TASK, "t", extensions(properties(forEyes="a"))))),
    bad("unknown-property", "one of another element", "g",
        path(node("exclusiveGateway", "g", extensions(properties(senders="office"))))),
    bad("unknown-property", "one that stands twice", "t",
        path(node(TASK, "t", extensions(
            '<camunda:properties><camunda:property name="stage" value="1" /><camunda:property name="stage" value="2" />'
            "</camunda:properties>")))),
    good("unknown-property", "properties in their places",
         process(extensions(properties(title="x", recordType="ticket"))),
         path(node(TASK, "t", extensions(properties(fourEyes="s", batch="true"))), id="q")),
    bad("foreign-dialect", "an attribute of Activiti", "t",
        path(node(TASK, "t", more='xmlns:activiti="http://activiti.org/bpmn" activiti:assignee="x"'))),
    bad("foreign-dialect", "an element of Zeebe", "t",
        path(node(TASK, "t", extensions('<z:userTask xmlns:z="http://camunda.org/schema/zeebe/1.0" />')))),
    bad("foreign-dialect", "something unknown is a note", "t", path(node(TASK, "t", more='xmlns:y="urn:y" y:a="x"'))),
    good("foreign-dialect", "colours",
         path(node(TASK, "t", more='xmlns:b="http://bpmn.io/schema/bpmn/biocolor/1.0" b:stroke="red"'))),
    bad("unsupported-element", "a global task", "g", node("globalUserTask", "g")),
    bad("unsupported-element", "a potential owner", "t",
        path(node(TASK, "t", "<bpmn:potentialOwner><bpmn:resourceRef>x</bpmn:resourceRef></bpmn:potentialOwner>"))),
    bad("unsupported-element", "a data association that moves data", "d m",
        path(node("task", "t", '<bpmn:dataInputAssociation id="d"><bpmn:assignment id="m" /></bpmn:dataInputAssociation>'))),
    bad("unsupported-element", "no token at all", "t", path(node("task", "t", more='startQuantity="0"'))),
    good("unsupported-element", "several tokens at once", path(node("task", "t", more='startQuantity="2"'))),
    good("unsupported-element", "a correlation subscription of a process that is only drawn",
         path(extra='<bpmn:correlationSubscription id="c" />').replace('isExecutable="true"', "")),
    bad("element-id", "no id", "p", path(extra="<bpmn:task />")),
    bad("element-id", "an id that stands twice", "t", path(node("task", "t"), extra='<bpmn:textAnnotation id="t" />')),
    good("element-id", "ids of their own", path(node("task", "t"))),
    bad("dangling-reference", "a message that is not declared", "s",
        path(start='<bpmn:messageEventDefinition messageRef="nowhere" />')),
    bad("dangling-reference", "a lane names a node that is gone", "l",
        path(head='<bpmn:laneSet id="ls"><bpmn:lane id="l"><bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>')),
    good("dangling-reference", "a declared message, named with a prefix",
         '<bpmn:message id="m" name="m" />', path(start='<bpmn:messageEventDefinition messageRef="tns:m" />')),
    bad("not-executable", "a process by oversight", "p", path().replace('isExecutable="true"', "")),
    good("not-executable", "an executable one", path()),
]  # fmt: skip
