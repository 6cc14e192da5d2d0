"""Edits of functions: an activation left out, another one, a slope at the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.formulas.construction import applied, hadamard, minus, number
from engine.formulas.mistakes.bracket_edits import closed_early
from engine.formulas.mistakes.codes import is_slope_of_tanh
from engine.formulas.models import Model
from engine.formulas.tree import Apply, Node, Power, Sum, Symbol

ABSTRACT = frozenset({"f", "g"})
OTHER_FUNCTIONS = ("f", "g", "sigmoid", "tanh", "relu")


def function_edits(node: Apply, model: Model) -> Iterator[tuple[str, Node, str]]:
    """A function left out, another one, its slope for it and it for its slope."""
    argument = node.argument
    if node.function == "diag":
        return  # a way of writing
    if node.order:
        note = f"{node.function} for slope"
        yield "derivative-dropped", replace(node, order=node.order - 1), note
        if isinstance(argument, Symbol):
            yield from _of_slope(node, argument, model)
        for own, other in (("f", "g"), ("g", "f")):
            if node.function == own:
                yield "activation-wrong", replace(node, function=other), f"{other}'"
        return
    yield "activation-dropped", argument, ""
    if isinstance(argument, Sum) and len(argument.terms) > 1:
        yield from closed_early(node, argument)
    yield "derivative-dropped", replace(node, order=1), "slope for value"
    for other in OTHER_FUNCTIONS:
        unknown = other in ABSTRACT and other not in model.functions
        if other != node.function and not unknown:
            yield "activation-wrong", replace(node, function=other), other


def _of_slope(node: Apply, argument: Symbol, model: Model) -> Iterator[tuple[str, Node, str]]:
    """f'(z) for f'(u) and back; the slope of another activation, written in the value."""
    for value, equation in model.equations.items():
        if not isinstance(equation, Apply) or not isinstance(equation.argument, Symbol):
            continue
        source = equation.argument.name
        if source == argument.name:
            at_value = replace(argument, name=value)
            wrong = replace(node, argument=at_value)
            yield "derivative-of-wrong-argument", wrong, f"{source}>{value}"
            pairs = ((at_value, "activation-wrong"), (argument, "derivative-of-wrong-argument"))
            for symbol, code in pairs:
                one = number(1)
                # Of its own value it is the slope itself, no mistake.
                own = node.function if symbol is at_value else ""
                if own != "sigmoid":
                    yield code, hadamard(symbol, minus(one, symbol)), "slope of sigmoid"
                if own != "tanh":
                    yield code, minus(one, Power(symbol, number(2))), "slope of tanh"
            if argument.time is not None and value in model.states():
                before = Symbol(value, time=argument.time - 1)
                yield "derivative-of-wrong-argument", replace(node, argument=before), "one before"
            square = Power(minus(number(1), at_value), number(2))
            yield "parentheses-misplaced", square, "square of the difference"
        elif value == argument.name:
            mended = replace(node, argument=replace(argument, name=source))
            yield "derivative-of-wrong-argument", mended, f"{value}>{source}"


def activated_twice(node: Sum, model: Model) -> Iterator[tuple[str, Node, str]]:
    """1 - tanh(a)² for 1 - a², and back."""
    if not is_slope_of_tanh(node):
        return
    power = node.terms[1]
    base = power.base if isinstance(power, Power) else power
    inner = base.argument if isinstance(base, Apply) else base
    body = model.equations.get(inner.name) if isinstance(inner, Symbol) else None
    if isinstance(power, Power) and isinstance(body, Apply) and body.function == "tanh":
        other = inner if isinstance(base, Apply) else applied("tanh", inner)
        changed = replace(node, terms=(node.terms[0], replace(power, base=other)))
        yield "derivative-of-wrong-argument", changed, "activated twice"
