"""The one small language of diagrams and decision tables: FEEL with the operator spellings of Camunda 7."""

from engine.expressions.compiled import Compiled, CompiledUnary, compile_expression, compile_text, compile_unary
from engine.expressions.context import FUNCTIONS, Context, Function, Parameter, Registry

register = FUNCTIONS.register

__all__ = [
    "FUNCTIONS",
    "Compiled",
    "CompiledUnary",
    "Context",
    "Function",
    "Parameter",
    "Registry",
    "compile_expression",
    "compile_text",
    "compile_unary",
    "register",
]
