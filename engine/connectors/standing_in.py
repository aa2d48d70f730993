"""The connectors by which a step lets somebody stand in for another, and ends it."""

from __future__ import annotations

from engine.connectors.effects import EndSubstitute, Substitute
from engine.connectors.spec import Answer, Argument, Call, Connector
from engine.definitions.practice import Label
from engine.identity import SCOPES

_PRINCIPAL = Argument(
    "principal", "text", Label("本人", "Principal"), Label("人员编号", "Id of who is stood in for"), True
)
_SCOPE = Argument(
    "scope",
    "choice",
    Label("范围", "Scope"),
    Label("全部、一个记录或一个组", "Everything, one record, or one group"),
    choices=SCOPES,
)
_KEY = Argument(
    "key",
    "text",
    Label("记录或组", "Record or group"),
    Label("记录号或组的编号；范围为全部时留空", "The business key or the group; empty for everything"),
)


def _substitute(call: Call) -> Answer:
    scope = call.choice("scope")
    starts, ends = call.moment("from"), call.moment("until")
    return Answer(
        None, (Substitute(call.text("principal"), call.text("deputy"), starts, ends, scope, call.text("key")),)
    )


def _end(call: Call) -> Answer:
    principal, scope = call.text("principal"), call.choice("scope")
    return Answer(None, (EndSubstitute(principal, call.text("deputy"), scope, call.text("key")),))


SUBSTITUTE = Connector(
    "substitute",
    Label("设代理人", "Let somebody stand in"),
    Label(
        "从何时到何时由代理人代办，任务和新任务都到代理人；历史写明代谁。",
        "From one moment until another tasks and new tasks go to the deputy too; history tells for whom.",
    ),
    (
        _PRINCIPAL,
        Argument("deputy", "text", Label("代理人", "Deputy"), Label("人员编号", "Id of who stands in"), True),
        Argument("from", "moment", Label("从何时", "From"), Label("空为现在", "Empty: now")),
        Argument("until", "moment", Label("到何时", "Until"), Label("空为直到结束它", "Empty: until it is ended")),
        _SCOPE,
        _KEY,
    ),
    _substitute,
)

END_SUBSTITUTE = Connector(
    "end-substitute",
    Label("结束代理", "End standing in"),
    Label("现在结束这一范围的代理。", "Ends now what is stood in for in this scope."),
    (
        _PRINCIPAL,
        Argument("deputy", "text", Label("代理人", "Deputy"), Label("空为任何人", "Empty: whoever it is")),
        _SCOPE,
        _KEY,
    ),
    _end,
)
