"""The connectors: what a system step can do inside its transaction, and what it can ask of another system."""

from __future__ import annotations

from collections.abc import Mapping

from engine.connectors.effects import Notify, SendMessage, SetStatus, StartProcess, Suspend
from engine.connectors.http import HTTP
from engine.connectors.looking_back import QUERY_HISTORY
from engine.connectors.spec import Answer, Argument, Call, Connector
from engine.connectors.standing_in import END_SUBSTITUTE, SUBSTITUTE
from engine.definitions.practice import Label

KINDS = ("notice", "report", "reminder")
STATES = ("open", "ended", "all")


def _notify(call: Call) -> Answer:
    notice = Notify(
        to=call.people("to"),
        subject=call.text("subject"),
        text=call.text("text"),
        kind=call.choice("kind"),
        receipt=call.boolean("receipt"),
    )
    return Answer(list(notice.to), (notice,))


def _start_process(call: Call) -> Answer:
    return Answer(None, (StartProcess(call.text("process"), call.text("key"), call.rest()),))


def _send_message(call: Call) -> Answer:
    key = call.text("key", call.reader.business_key)
    return Answer(None, (SendMessage(call.text("message"), key, call.text("correlation"), call.rest()),))


def _set_status(call: Call) -> Answer:
    status = call.text("status")
    return Answer(status, (SetStatus(status),))


def _next_number(call: Call) -> Answer:
    return Answer(call.reader.next_number(call.text("pattern")))


def _suspend(call: Call) -> Answer:
    return Answer(None, (Suspend(call.text("reason"), call.moment("until")),))


def _query_instances(call: Call) -> Answer:
    key = call.text("key")
    return Answer(call.reader.query_instances(call.text("process"), call.choice("state"), key, call.rest()))


def _query_records(call: Call) -> Answer:
    return Answer(call.reader.query_records(call.text("type"), call.rest()))


def _compute(call: Call) -> Answer:
    return Answer(call.rest(), (), call.rest())


_LIST = Label(
    "列表；每项含 business_key、number、process、state、end、title 及已发布的字段",
    "A list of contexts: business_key, number, process, state, end, title and the published fields",
)

_ALL = (
    Connector(
        "notify",
        Label("通知", "Notify"),
        Label(
            "给人或组发送通知、报告或提醒，可要求已读回执。",
            "Sends a notice, report or reminder, with a read receipt if wanted.",
        ),
        (
            Argument(
                "to",
                "people",
                Label("接收人", "To"),
                Label("人员编号或 group:组，逗号分隔或 ${列表}", "User ids or group:x, comma separated, or ${list}"),
                True,
            ),
            Argument("subject", "text", Label("标题", "Subject"), Label("可含 ${…}", "May contain ${…}"), True),
            Argument("text", "lines", Label("内容", "Text"), Label("可含 ${…}", "May contain ${…}")),
            Argument(
                "kind",
                "choice",
                Label("类型", "Kind"),
                Label("通知、报告或提醒", "Notice, report or reminder"),
                choices=KINDS,
            ),
            Argument(
                "receipt",
                "boolean",
                Label("要求回执", "Receipt"),
                Label("显示谁何时已读", "Shows who read it and when"),
            ),
        ),
        _notify,
        Label("接收人列表", "The receivers"),
    ),
    Connector(
        "start-process",
        Label("启动流程", "Start a process"),
        Label("提交之后启动一个流程实例。", "Starts an instance after this step is committed."),
        (
            Argument("process", "text", Label("流程编号", "Process"), Label("流程的 id", "Id of the process"), True),
            Argument(
                "key",
                "text",
                Label("记录号", "Key"),
                Label("要加入的记录；空为新记录", "The record it joins; empty for a record of its own"),
            ),
        ),
        _start_process,
        rest=Label("其余输入是新实例的变量", "All other inputs are variables of the new instance"),
    ),
    Connector(
        "send-message",
        Label("发送消息", "Send a message"),
        Label(
            "向等待它的实例发送消息，提交之后送达。",
            "Sends a message to the instance that waits for it, delivered after commit.",
        ),
        (
            Argument("message", "text", Label("消息名", "Message"), Label("消息的名称", "Name of the message"), True),
            Argument("key", "text", Label("记录号", "Key"), Label("空为本记录", "Empty: the own record")),
            Argument(
                "correlation",
                "text",
                Label("关联值", "Correlation"),
                Label("对方实例的编号等", "The number the receiver is known by"),
            ),
        ),
        _send_message,
        rest=Label("其余输入是消息内容", "All other inputs are the payload"),
    ),
    Connector(
        "set-status",
        Label("设置状态", "Set status"),
        Label("设置本记录的状态。", "Gives the own record a status."),
        (
            Argument(
                "status",
                "text",
                Label("状态", "Status"),
                Label("records.yaml 中的状态 id", "Id of a status in records.yaml"),
                True,
            ),
        ),
        _set_status,
        Label("状态", "The status"),
    ),
    Connector(
        "next-number",
        Label("取编号", "Next number"),
        Label("按格式取下一个编号。", "Takes the next number of a pattern."),
        (
            Argument(
                "pattern", "text", Label("格式", "Pattern"), Label("如 WT{yy}-{seq:3}", "Such as WT{yy}-{seq:3}"), True
            ),
        ),
        _next_number,
        Label("编号", "The number"),
    ),
    Connector(
        "suspend",
        Label("暂停记录", "Hold the record"),
        Label("暂停本记录，所有时限停走。", "Holds the own record; all its clocks stand still."),
        (
            Argument("reason", "text", Label("原因", "Reason"), Label("写入历史", "Kept in history"), True),
            Argument(
                "until", "moment", Label("到何时", "Until"), Label("空为人工恢复", "Empty: until somebody resumes it")
            ),
        ),
        _suspend,
    ),
    Connector(
        "query-instances",
        Label("查询实例", "Query instances"),
        Label("查询某流程的实例及其已发布的字段。", "Finds instances of a process with their published fields."),
        (
            Argument("process", "text", Label("流程编号", "Process"), Label("流程的 id", "Id of the process"), True),
            Argument(
                "state",
                "choice",
                Label("状态", "State"),
                Label("open 未结束，ended 已结束", "Open, ended or all"),
                choices=STATES,
            ),
            Argument(
                "key", "text", Label("记录号", "Key"), Label("空为本记录，* 为全部", "Empty: the own record; *: any")
            ),
        ),
        _query_instances,
        _LIST,
        Label("其余输入是字段条件（相等）", "All other inputs are published fields that must be equal"),
    ),
    Connector(
        "query-records",
        Label("查询记录", "Query records"),
        Label("查询某类记录及其已发布的字段。", "Finds records of a type with their published fields."),
        (
            Argument(
                "type", "text", Label("记录类型", "Type"), Label("records.yaml 中的 id", "Id of a record type"), True
            ),
        ),
        _query_records,
        _LIST,
        Label(
            "其余输入是字段条件（相等），status 为状态",
            "All other inputs are fields that must be equal; status is one too",
        ),
    ),
    Connector(
        "compute",
        Label("计算", "Compute"),
        Label("依次计算每个输入，并写成变量。", "Evaluates every input in order and writes it as a variable."),
        (),
        _compute,
        Label("全部输入", "All inputs as a context"),
        Label("每个输入写成同名变量", "Every input becomes a variable of its name"),
    ),
    QUERY_HISTORY,
    SUBSTITUTE,
    END_SUBSTITUTE,
    HTTP,
)

CONNECTORS: Mapping[str, Connector] = {connector.topic: connector for connector in _ALL}
"""The connectors by topic. A topic that is not here makes an external task."""
