"""Building decision files for tests in a few words."""

from html import escape

SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def file_of(*elements: str, space: str = SPACE) -> bytes:
    camunda = "http://camunda.org/schema/1.0/dmn"
    root = f'<definitions xmlns="{space}" xmlns:camunda="{camunda}" id="d" name="d" namespace="x">'
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', root, *elements, "</definitions>")).encode()


def decision(identity: str, logic: str, requires: str = "", name: str = "", type_ref: str = "") -> str:
    variable = f'<variable name="{name or identity}" typeRef="{type_ref}"/>' if type_ref else ""
    return f'<decision id="{identity}" name="{name or identity}">{variable}{requires}{logic}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def requires_decision(identity: str) -> str:
    return f'<informationRequirement><requiredDecision href="#{identity}"/></informationRequirement>'


def requires_knowledge(identity: str) -> str:
    return f'<knowledgeRequirement><requiredKnowledge href="#{identity}"/></knowledgeRequirement>'


def input_column(expression: str, type_ref: str = "", values: str = "", label: str = "", extra: str = "") -> str:
    allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
    return (
        f'<input label="{label}" {extra}><inputExpression typeRef="{type_ref}"><text>{escape(expression)}</text>'
        f"</inputExpression>{allowed}</input>"
    )


def output_column(name: str, type_ref: str = "", values: str = "", default: str = "") -> str:
    allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    otherwise = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    named = f'name="{name}"' if name else ""
    return f'<output {named} typeRef="{type_ref}">{allowed}{otherwise}</output>'


def rule(number: int, tests: list[str], answers: list[str]) -> str:
    cells = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in tests)
    cells += "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in answers)
    return f'<rule id="r{number}">{cells}</rule>'


def table(
    policy: str, inputs: list[str], outputs: list[str], rules: list[tuple[list[str], list[str]]], extra=""
) -> str:
    rows = "".join(rule(number, *each) for number, each in enumerate(rules, 1))
    return f'<decisionTable hitPolicy="{policy}" {extra}>{"".join(inputs)}{"".join(outputs)}{rows}</decisionTable>'


def one_column(
    policy: str, cells: list[tuple[str, str]], *, type_ref="number", values="", extra="", answer=""
) -> bytes:
    """A file with the decision `d1`: input `x`, output `y`."""
    rules = [([cell], [result]) for cell, result in cells]
    column = [output_column("y", answer, values)]
    return file_of(decision("d1", table(policy, [input_column("x", type_ref)], column, rules, extra)))
