"""Element templates for Camunda Modeler (Camunda 7), made from the connectors and the properties of the dialect.

They stand in `processes/.camunda/element-templates/`, where the modeler finds them. The conventions are those of
`@camunda/element-templates-json-schema`: `camunda:property` takes String, Hidden or Dropdown, an input parameter also
Text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.connectors.spec import Argument, Connector
from engine.connectors.standard import CONNECTORS
from engine.definitions.practice import Label

SCHEMA = "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json"
_OURS = "gendan."
Template = dict[str, Any]

_GROUPS = [
    {"id": "inputs", "label": "输入 Inputs"},
    {"id": "result", "label": "结果 Result"},
    {"id": "work", "label": "办理 Work"},
    {"id": "people", "label": "人员 People"},
    {"id": "record", "label": "记录 Record"},
    {"id": "loop", "label": "多实例 Multi-instance"},
]
_YES = [{"name": "否 No", "value": ""}, {"name": "是 Yes", "value": "true"}]


def templates() -> dict[str, Template]:
    """Every template by the name of its file."""
    found = {f"{connector.topic}.json": _connector(connector) for connector in CONNECTORS.values()}
    return found | {f"{name}.json": template for name, template in _elements().items()}


def write_templates(directory: Path) -> tuple[Path, ...]:
    """Write all templates into a directory, those that are no more removed; the paths written, sorted. Templates of
    the practice's own stay."""
    directory.mkdir(parents=True, exist_ok=True)
    made = templates()
    for stale in directory.glob("*.json"):
        if stale.name not in made and is_made(stale.read_bytes()):
            stale.unlink()
    for name, template in made.items():
        (directory / name).write_text(text(template), "utf-8")
    return tuple(sorted(directory / name for name in made))


def is_made(content: bytes) -> bool:
    """Whether the file of a template is one of those made here, now or once: their ids tell."""
    try:
        found = json.loads(content)
    except ValueError:
        return False
    return isinstance(found, dict) and str(found.get("id", "")).startswith(_OURS)


def offered(own: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What a modeler offers: the templates made here, and those of the practice's own, which go before of one id."""
    by_id: dict[str, Mapping[str, Any]] = {each["id"]: each for each in templates().values()}
    return list((by_id | {str(each["id"]): each for each in own}).values())


def text(template: Template) -> str:
    """A template as it stands in its file."""
    return json.dumps(template, ensure_ascii=False, indent=2) + "\n"


def _template(name: str, label: Label, help_: Label, applies_to: tuple[str, ...], properties: list[Any]) -> Template:
    used = {found["group"] for found in properties if "group" in found}
    made: Template = {
        "$schema": SCHEMA,
        "name": _both(label),
        "id": f"{_OURS}{name}",
        "version": 1,
        "description": _both(help_),
        "appliesTo": list(applies_to),
        "groups": [group for group in _GROUPS if group["id"] in used],
        "entriesVisible": True,
        "properties": properties,
    }
    if len(applies_to) == 1:
        made["elementType"] = {"value": applies_to[0]}
    return made


def _connector(connector: Connector) -> Template:
    properties: list[Any] = [
        {"type": "Hidden", "value": "external", "binding": {"type": "property", "name": "camunda:type"}},
        {"type": "Hidden", "value": connector.topic, "binding": {"type": "property", "name": "camunda:topic"}},
        *(_argument(argument) for argument in connector.arguments),
    ]
    if connector.result.en:
        properties.append(
            {
                "label": "结果变量 Result variable",
                "description": _both(connector.result),
                "type": "String",
                "group": "result",
                "binding": {"type": "property", "name": "camunda:resultVariable"},
            }
        )
    help_ = connector.help
    if connector.rest.en:
        help_ = Label(f"{help_.zh}{connector.rest.zh}。", f"{help_.en} {connector.rest.en}.")
    properties += [_stage(), *_loop()]
    return _template(connector.topic, connector.label, help_, ("bpmn:ServiceTask",), properties)


def _argument(argument: Argument) -> Any:
    found: dict[str, Any] = {
        "label": _both(argument.label),
        "description": _both(argument.help),
        "type": "Text" if argument.type == "lines" else "String",
        "group": "inputs",
        "binding": {"type": "camunda:inputParameter", "name": argument.name},
    }
    if argument.required:
        found["constraints"] = {"notEmpty": True}
    else:
        found["optional"] = True
    if argument.choices:
        found |= {"type": "Dropdown", "value": argument.choices[0]}
        found["choices"] = [{"name": choice, "value": choice} for choice in argument.choices]
    if argument.type == "boolean":
        found |= {"type": "Dropdown", "choices": _YES}
    return found


def _elements() -> dict[str, Template]:
    catching = ("bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent", "bpmn:ReceiveTask")
    throwing = ("bpmn:IntermediateThrowEvent", "bpmn:EndEvent", "bpmn:SendTask")
    return {
        "user-task": _template(
            "user-task",
            Label("任务", "Task"),
            Label("批量、四眼、阶段等", "Batch, four eyes, stage"),
            ("bpmn:UserTask",),
            _task(),
        ),
        "waiting-event": _template(
            "waiting-event",
            Label("等待消息", "Waiting for a message"),
            Label("谁可人工发送，按什么关联", "Who may send it by hand, and how it finds its instance"),
            catching,
            _catching(),
        ),
        "throwing-event": _template(
            "throwing-event",
            Label("发出消息", "Throwing a message"),
            Label("发给哪个记录、哪个实例", "To which record and instance"),
            throwing,
            _throwing(),
        ),
        "start-event": _template(
            "start-event",
            Label("开始", "Start"),
            Label("谁可人工启动", "Who may start it by hand"),
            ("bpmn:StartEvent",),
            [*_properties(_STARTERS, _SENDERS, _LABEL, _CORRELATION, group="people"), _stage()],
        ),
        "process": _template(
            "process",
            Label("流程", "Process"),
            Label("记录、编号、权限", "Record, number, rights"),
            ("bpmn:Process",),
            _process(),
        ),
        "external-worker": _template(
            "external-worker",
            Label("外部系统办理", "External worker"),
            Label("由外部程序领取并完成的步骤", "A step that a program outside fetches and completes"),
            ("bpmn:ServiceTask",),
            _worker(),
        ),
        "staged": _template(
            "staged",
            Label("阶段与多实例", "Stage and multi-instance"),
            Label("所属阶段，多实例的结果", "The stage it belongs to, and results of a multi-instance"),
            ("bpmn:SubProcess", "bpmn:CallActivity", "bpmn:BusinessRuleTask", "bpmn:ScriptTask"),
            [_stage(), *_loop()],
        ),
    }


_Property = tuple[str, str, Label, Label]
_STARTERS: _Property = (
    "starters",
    "String",
    Label("可启动的组", "Starters"),
    Label("组，逗号分隔，或 user:<表达式>、${…}", "Groups, comma separated, or user:<expression>, ${…}"),
)
_SENDERS: _Property = (
    "senders",
    "String",
    Label("可人工发送的组", "Senders"),
    Label("空：只由流程发送", "Empty: by diagrams only"),
)
_LABEL: _Property = (
    "label",
    "String",
    Label("按钮文字", "Button text"),
    Label("空：用元素名称", "Empty: the element's name"),
)
_CORRELATION: _Property = (
    "correlation",
    "String",
    Label("关联值", "Correlation"),
    Label("空：本实例的编号", "Empty: the own number"),
)
_DESTRUCTIVE: _Property = (
    "destructive",
    "Yes",
    Label("需二次确认", "Asks twice"),
    Label("不可撤销的操作", "Cannot be taken back"),
)


def _properties(*given: _Property, group: str) -> list[Any]:
    found = []
    for name, kind, label, help_ in given:
        made: dict[str, Any] = {
            "label": _both(label),
            "description": _both(help_),
            "type": "Dropdown" if kind == "Yes" else "String",
            "group": group,
            "optional": True,
            "binding": {"type": "camunda:property", "name": name},
        }
        if kind == "Yes":
            made["choices"] = _YES
        found.append(made)
    return found


def _stage() -> Any:
    (found,) = _properties(
        ("stage", "String", Label("阶段", "Stage"), Label("records.yaml 中的阶段 id", "Id of a stage in records.yaml")),
        group="work",
    )
    return found


def _loop() -> Iterable[Any]:
    return _properties(
        (
            "outputCollection",
            "String",
            Label("结果列表", "Output collection"),
            Label("按项目顺序收集结果的变量", "Variable that gets the results in item order"),
        ),
        (
            "outputElement",
            "String",
            Label("每项结果", "Output element"),
            Label("每项求值的表达式", "Expression evaluated for each item"),
        ),
        group="loop",
    )


def _task() -> list[Any]:
    return [
        *_properties(
            (
                "batch",
                "Yes",
                Label("可批量办理", "Batch"),
                Label("同类任务在一页办理", "Tasks of this element on one page"),
            ),
            (
                "batchGroup",
                "String",
                Label("批量分组", "Batch group"),
                Label("行的小标题（表达式）", "Heading of the rows (expression)"),
            ),
            (
                "offline",
                "String",
                Label("离线可填", "Offline"),
                Label("观察时间字段的 id，或 true", "Id of the field that holds the time of observation, or true"),
            ),
            ("noPrefill", "Yes", Label("不预填", "No prefill"), Label("不用变量预填", "No variable fills the form")),
            ("label", "String", Label("按钮文字", "Button text"), Label("空：用元素名称", "Empty: the element's name")),
            group="work",
        ),
        *_properties(
            (
                "fourEyes",
                "String",
                Label("四眼原则", "Four eyes"),
                Label(
                    "办过这些元素的人不得办理（id，逗号分隔）",
                    "Who did these elements may not do it (ids, comma separated)",
                ),
            ),
            group="people",
        ),
        _stage(),
        *_loop(),
    ]


def _catching() -> list[Any]:
    return [*_properties(_SENDERS, _CORRELATION, _LABEL, _DESTRUCTIVE, group="people"), _stage()]


def _worker() -> list[Any]:
    workers: _Property = (
        "senders",
        "String",
        Label("可办理的组", "Workers"),
        Label(
            "程序所用账号的组，逗号分隔，或 user:<id>",
            "Groups of the programs' accounts, comma separated, or user:<id>",
        ),
    )
    return [
        {"type": "Hidden", "value": "external", "binding": {"type": "property", "name": "camunda:type"}},
        _attribute(
            "topic", Label("主题", "Topic"), Label("外部程序领取的主题", "What the program fetches"), required=True
        ),
        *_properties(workers, group="people"),
        _attribute("taskPriority", Label("优先级", "Priority"), Label("大者先领取", "The greater is fetched first")),
        _stage(),
        *_loop(),
    ]


def _attribute(name: str, label: Label, help_: Label, required: bool = False) -> Any:
    return {
        "label": _both(label),
        "description": _both(help_),
        "type": "String",
        "group": "work",
        "binding": {"type": "property", "name": f"camunda:{name}"},
        **({"constraints": {"notEmpty": True}} if required else {"optional": True}),
    }


def _throwing() -> list[Any]:
    key: _Property = ("businessKey", "String", Label("记录号", "Key"), Label("空：本记录", "Empty: the own record"))
    return [*_properties(key, _CORRELATION, group="record"), _stage()]


def _process() -> list[Any]:
    return [
        *_properties(
            (
                "recordType",
                "String",
                Label("记录类型", "Record type"),
                Label("records.yaml 中的 id：每个实例建一条记录", "Id in records.yaml: each instance makes a record"),
            ),
            (
                "linkedTo",
                "String",
                Label("关联到", "Linked to"),
                Label("加入这些类型的记录，逗号分隔", "Joins records of these types, comma separated"),
            ),
            ("number", "String", Label("自有编号", "Own number"), Label("如 WT{yy}-{seq:3}", "Such as WT{yy}-{seq:3}")),
            ("title", "String", Label("标题", "Title"), Label("表达式", "Expression")),
            (
                "publish",
                "String",
                Label("发布的字段", "Published"),
                Label("变量，逗号分隔", "Variables, comma separated"),
            ),
            ("summary", "String", Label("摘要字段", "Summary"), Label("列表行中显示", "Shown in rows")),
            ("stage", "String", Label("阶段", "Stage"), Label("被内部元素继承", "Inherited inward")),
            group="record",
        ),
        *_properties(
            _STARTERS,
            (
                "owner",
                "String",
                Label("负责人", "Owner"),
                Label("表达式；空：启动者", "Expression; empty: the starter"),
            ),
            (
                "readers",
                "String",
                Label("可阅", "Readers"),
                Label("表达式：group:组 或人员", "Expression: group:x or user ids"),
            ),
            ("excluded", "String", Label("不得知晓", "Excluded"), Label("表达式：人员", "Expression: user ids")),
            (
                "cancellers",
                "String",
                Label("可取消的组", "Cancellers"),
                Label("空：有此权限的组", "Empty: groups with the right"),
            ),
            (
                "holders",
                "String",
                Label("可暂停的组", "Holders"),
                Label("空：有此权限的组", "Empty: groups with the right"),
            ),
            (
                "holdable",
                "String",
                Label("可否暂停", "Holdable"),
                Label("表达式；空：可以", "Expression; empty: yes"),
            ),
            (
                "correctors",
                "String",
                Label("可更正的组", "Correctors"),
                Label("空：有此权限的组", "Empty: groups with the right"),
            ),
            ("confidential", "Yes", Label("保密", "Confidential"), Label("代理人不可见", "Not inherited by deputies")),
            (
                "tells",
                "String",
                Label("告知", "Tells"),
                Label("保密时仍可查询它的流程，逗号分隔", "Processes that may query it though confidential"),
            ),
            _LABEL,
            group="people",
        ),
    ]


def _both(label: Label) -> str:
    return f"{label.zh} {label.en}".strip()
