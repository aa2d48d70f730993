"""The known sets of the dialect: what may be written where. Everything else is refused rather than ignored."""

from __future__ import annotations

from typing import Final

_TASKS = frozenset({
    "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
    "callActivity", "subProcess", "transaction", "adHocSubProcess",
})  # fmt: skip
_EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
_GATEWAYS = frozenset({
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"
})  # fmt: skip
ACTIVITY_TAGS: Final = _TASKS
NODE_TAGS: Final = _TASKS | _EVENTS | _GATEWAYS

_EVERYWHERE = frozenset(
    {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "exclusive", "diagramRelationId"}
)
_EXTERNAL = frozenset({"type", "topic", "taskPriority"})

ATTRIBUTES: Final = {
    "process": frozenset({"versionTag", "historyTimeToLive", "isStartableInTasklist", "jobPriority", "taskPriority"}),
    "userTask": frozenset({
        "assignee", "candidateUsers", "candidateGroups", "dueDate", "followUpDate", "priority", "formKey", "formRef",
        "formRefBinding", "formRefVersion",
    }),
    "startEvent": frozenset({"formKey", "formRef", "formRefBinding", "formRefVersion"}),
    "serviceTask": _EXTERNAL | {"resultVariable", "class", "expression", "delegateExpression"},
    "sendTask": _EXTERNAL | {"resultVariable", "class", "expression", "delegateExpression"},
    "businessRuleTask": _EXTERNAL | {
        "resultVariable", "class", "expression", "delegateExpression", "decisionRef", "decisionRefBinding",
        "mapDecisionResult",
    },
    "errorEventDefinition": frozenset({"errorCodeVariable", "errorMessageVariable"}),
    "escalationEventDefinition": frozenset({"escalationCodeVariable"}),
    "messageEventDefinition": _EXTERNAL | {"class", "expression", "delegateExpression"},
    "scriptTask": frozenset({"resultVariable"}),
    "callActivity": frozenset({"calledElementBinding", "calledElementVersion", "calledElementVersionTag"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "elementVariable"}),
}  # fmt: skip
"""`camunda:` attributes by tag. Those of implementations and formKey have rules of their own."""


def plain(tag: str) -> str:
    """The tag of the task that a global task is when it is called (`globalUserTask` → `userTask`)."""
    inner = tag.removeprefix("global")
    return tag if inner == tag else inner[:1].lower() + inner[1:]


def attributes(tag: str) -> frozenset[str]:
    """The `camunda:` attributes that may stand on an element of this tag."""
    tag = plain(tag)
    jobs = frozenset({"asyncBefore", "asyncAfter", "jobPriority"}) if tag in NODE_TAGS else frozenset()
    return ATTRIBUTES.get(tag, frozenset()) | _EVERYWHERE | jobs


_PROPERTIES = "camunda:properties"
_PARAMETERS = "camunda:inputOutput"
_FORM = "camunda:formData"

EXTENSIONS: Final = {
    _PROPERTIES, f"{_PROPERTIES}/camunda:property",
    _PARAMETERS, f"{_PARAMETERS}/camunda:inputParameter", f"{_PARAMETERS}/camunda:outputParameter",
    _FORM, f"{_FORM}/camunda:formField", f"{_FORM}/camunda:formField/camunda:properties",
    f"{_FORM}/camunda:formField/camunda:properties/camunda:property", f"{_FORM}/camunda:formField/camunda:value",
    f"{_FORM}/camunda:formField/camunda:validation", f"{_FORM}/camunda:formField/camunda:validation/camunda:constraint",
}  # fmt: skip
"""`camunda:` extension elements, by their path, that may stand on any flow node (forms: where forms are)."""

CALL_EXTENSIONS: Final = {"camunda:in", "camunda:out"}

_ANYWHERE = frozenset({"stage"})
_CATCHING = frozenset({"senders", "correlation", "destructive", "label"})
_THROWING = frozenset({"businessKey", "correlation"})
_LOOP = frozenset({"outputCollection", "outputElement"})

PROPERTIES: Final = {
    "process": frozenset({
        "recordType", "linkedTo", "number", "title", "publish", "summary", "readers", "excluded", "owner", "starters",
        "cancellers", "holders", "holdable", "correctors", "confidential", "tells", "stage", "label",
    }),
    "startEvent": frozenset({"starters", "senders", "label", "correlation", "destructive", "stage"}),
    "userTask": frozenset({"fourEyes", "batch", "batchGroup", "offline", "noPrefill", "label"}),
    "intermediateCatchEvent": _CATCHING, "boundaryEvent": _CATCHING, "receiveTask": _CATCHING,
    "serviceTask": frozenset({"senders"}),
    "sendTask": _THROWING, "intermediateThrowEvent": _THROWING, "endEvent": _THROWING,
}  # fmt: skip
"""`camunda:properties` by tag."""


def properties(tag: str) -> frozenset[str]:
    """The names of `camunda:properties` that may stand on an element of this tag."""
    tag = plain(tag)
    loop = _LOOP if tag in ACTIVITY_TAGS else frozenset()
    return PROPERTIES.get(tag, frozenset()) | loop | (_ANYWHERE if tag in NODE_TAGS else frozenset())


FIELD_TYPES: Final = frozenset({
    "string", "text", "integer", "number", "money", "date", "time", "datetime", "boolean", "confirm", "enum",
    "reference", "user", "table", "file", "photo", "code", "computed", "info",
})  # fmt: skip

FIELD_TYPE_ALIASES: Final = {"long": "integer", "double": "number"}
"""Types of Camunda's own list with the type of the dialect to use instead."""

FIELD_PROPERTIES: Final = frozenset({
    "display", "requiredWhen", "visibleWhen", "compute", "readonly", "default", "reference", "accept", "maxSize",
    "maxCount", "multiple", "currencyField", "shared", "min", "max", "unit", "help", "prefill", "reasonField", "check",
    "checkMessage", "minRows", "fixedRows",
})  # fmt: skip

FIELD_CONSTRAINTS: Final = frozenset({"required", "min", "max", "minlength", "maxlength", "readonly"})

DISPLAYS: Final = frozenset({"select", "radio", "outcome", "multiple"})

RESERVED_NAMES: Final = frozenset({"business_key", "number", "starter", "started_at"})
"""Names that are visible everywhere and that nothing may write."""

LOOP_NAMES: Final = frozenset({"loopCounter", "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"})

BPMN_ATTRIBUTES: Final = frozenset({
    "id", "name", "isExecutable", "processType", "isClosed", "definitionalCollaborationRef", "targetNamespace",
    "expressionLanguage", "typeLanguage", "exporter", "exporterVersion", "sourceRef", "targetRef", "isImmediate",
    "attachedToRef", "cancelActivity", "parallelMultiple", "isInterrupting", "default", "gatewayDirection",
    "instantiate", "eventGatewayType", "isForCompensation", "startQuantity", "completionQuantity", "implementation",
    "operationRef", "messageRef", "signalRef", "errorRef", "escalationRef", "activityRef", "waitForCompletion",
    "errorCode", "escalationCode", "structureRef", "itemSubjectRef", "itemRef", "itemKind", "isCollection",
    "calledElement", "triggeredByEvent", "ordering", "cancelRemainingInstances", "method", "isSequential", "behavior",
    "oneBehaviorEventRef", "noneBehaviorEventRef", "testBefore", "loopMaximum", "scriptFormat", "language",
    "evaluatesToTypeRef", "processRef", "partitionElementRef", "dataObjectRef", "dataStoreRef", "categoryValueRef",
    "associationDirection", "textFormat", "capacity", "isUnlimited", "minimum", "maximum", "importType", "location",
    "namespace", "value", "bpmnElement", "correlationKeyRef", "correlationPropertyRef", "type", "parameterRef",
    "mustUnderstand", "definition", "source", "target", "initiatingParticipantRef", "innerRef",
    "outerRef", "messageVisibleKind", "participantRef", "choreographyRef", "calledCollaborationRef",
    "implementationRef",
})  # fmt: skip
"""Plain attributes of BPMN 2.0 elements in general; a name outside of it is a slip of the pen."""
