"""A pocket calculator: numbers, + - * / **, brackets and five functions. Nothing else is read.

What is typed is parsed into a syntax tree and walked; no part of it is ever run as a program.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Final

from drills.locale import text
from drills.typography import normalise
from question_bank.text import Text

LONGEST: Final = 200
# Signs of a keyboard or a textbook for what the syntax calls otherwise.
_SIGNS: Final = str.maketrans({"×": "*", "÷": "/", "−": "-", "・": "*", "^": "**"})


class CalculatorError(Exception):
    """Why there is no value; ``message`` says it in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


_BINARY: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    # Stays with real numbers: a root of a negative one is an error, not complex.
    ast.Pow: math.pow,
}
FUNCTIONS: Final[dict[str, Callable[[float], float]]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
}


def calculate(typed: str) -> float:
    """The value of an expression such as ``sigmoid(0.5*2 - 1)``; every number is a float.

    Raises ``CalculatorError`` for anything else, and where there is no real value.
    """
    expression = normalise(typed).translate(_SIGNS).strip()
    if not expression or len(expression) > LONGEST:
        raise CalculatorError(text("exam.calculator.form"))
    try:
        value = _value(ast.parse(expression, mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError):
        raise CalculatorError(text("exam.calculator.form")) from None
    except ValueError:
        # A null byte is no syntax error to the parser; elsewhere it is a domain error.
        key = "form" if "\0" in expression else "no_value"
        raise CalculatorError(text(f"exam.calculator.{key}")) from None
    except ZeroDivisionError:
        raise CalculatorError(text("exam.calculator.zero")) from None
    except OverflowError:
        raise CalculatorError(text("exam.calculator.too_large")) from None
    if not math.isfinite(value):
        raise CalculatorError(text("exam.calculator.too_large"))
    return value


def shown(value: float) -> str:
    """At most ten digits, as a pocket calculator has."""
    return f"{value:.10g}"


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _BINARY:
            return _BINARY[type(sign)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            if name not in FUNCTIONS:
                known = ", ".join(FUNCTIONS)
                raise CalculatorError(text("exam.calculator.unknown", name=name, known=known))
            return FUNCTIONS[name](_value(argument))
        case ast.Name(id=name):
            known = ", ".join(FUNCTIONS)
            raise CalculatorError(text("exam.calculator.unknown", name=name, known=known))
    raise CalculatorError(text("exam.calculator.form"))
