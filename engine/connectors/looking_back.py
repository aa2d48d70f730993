"""The connector by which a step looks back: what happened at an element, as rows of history that can be verified."""

from __future__ import annotations

from engine.connectors.spec import Answer, Argument, Call, Connector
from engine.definitions.practice import Label


def _query(call: Call) -> Answer:
    return Answer(
        call.reader.query_history(call.text("element"), call.text("key"), call.text("kind"), call.moment("since"))
    )


QUERY_HISTORY = Connector(
    "query-history",
    Label("查询历史", "Query history"),
    Label(
        "查询某环节发生过的事：历史中的各行，可凭行号与封印核对。",
        "Finds what happened at an element: rows of history, which their number and seal verify.",
    ),
    (
        Argument("element", "text", Label("环节", "Element"), Label("环节的 id", "Id of the element"), True),
        Argument("key", "text", Label("记录号", "Key"), Label("空为本记录", "Empty: the own record")),
        Argument(
            "kind",
            "text",
            Label("类型", "Kind"),
            Label("如 task-completed、timer；空为全部", "Such as task-completed or timer; empty: all"),
        ),
        Argument("since", "moment", Label("从何时", "Since"), Label("空为全部", "Empty: from the beginning")),
    ),
    _query,
    Label(
        "列表；每项含 business_key、number、instance、row、seal、at、kind、by、on_behalf_of、values",
        "A list of contexts: business_key, number, instance, row, seal, at, kind, by, on_behalf_of and values",
    ),
)
