"""Programs and arrows leave the step out: v <- mu v - eta g says what v becomes.

In an optimiser the quantity itself, on the right, is its value before; the rest is of this step.
dE/dw is the gradient that the optimiser is given. A program has 1e-7 where a formula has a letter
for a small number; g_{t,t-1} is the gradient of step t, taken at the parameters before.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.formulas.construction import NOW
from engine.formulas.models import Model
from engine.formulas.tree import (
    Apply,
    Derivative,
    Equation,
    Node,
    Number,
    Stack,
    Symbol,
    walk,
    with_children,
)

_SMALL, _TINY = "small", Fraction(1, 1000)


def of_unknown_loss(equation: Equation, model: Model) -> Equation:
    """``E^t = loss(a, d^t)``: of a loss that is not known it says that a is the output."""
    left, *right = equation.links
    if not (isinstance(left, Symbol) and left.name == "E") or model.label is None:
        return equation
    outputs: list[Node] = []
    for link in right:
        inner = link.argument if isinstance(link, Apply) and link.function == "loss" else None
        if not isinstance(inner, Stack) or len(inner.parts) != 2:
            return equation
        value, label = inner.parts
        if not isinstance(label, Symbol) or label.name != model.label or label.time != left.time:
            return equation
        outputs.append(value)
    output = Symbol(model.output, time=left.time, span=left.span)
    kept = [one for one in outputs if one != replace(output, span=one.span)]
    return replace(equation, links=(output, *kept)) if kept else equation


def assigned(equation: Equation, model: Model) -> Equation:
    """The equation of an optimiser with its steps filled in; others stay as they are."""
    if model.given_gradient is None:
        return equation
    links = tuple(_with_gradient(link, model) for link in equation.links)
    equation = replace(equation, links=links)
    left = links[0]
    if len(links) < 2 or not isinstance(left, Symbol) or _has_steps(equation, model):
        return equation
    right = tuple(_before(link, left.name) for link in links[1:])
    return replace(equation, links=(replace(left, time=left.time or NOW), *right))


def _with_gradient(node: Node, model: Model) -> Node:
    """The gradient in the place of dE/dw, whatever its step."""
    assert model.given_gradient is not None
    if isinstance(node, Symbol) and node.name == model.given_gradient and node.outer is not None:
        return replace(node, time=node.outer, outer=None)
    tiny = isinstance(node, Number) and 0 < node.value <= _TINY
    if tiny and _SMALL in model.parameters:
        return Symbol(_SMALL, span=node.span)
    if isinstance(node, Derivative) and isinstance(node.by, Symbol):
        if node.by.name == model.output:
            return Symbol(model.given_gradient, span=node.span)
        return node
    children = list(node.children())
    if not children:
        return node
    return with_children(node, [_with_gradient(child, model) for child in children])


def _has_steps(equation: Equation, model: Model) -> bool:
    return any(
        isinstance(node, Symbol) and node.time is not None and node.name in model.signals
        for link in equation.links
        for node in walk(link)
    )


def _before(node: Node, name: str) -> Node:
    if isinstance(node, Symbol):
        return replace(node, time=NOW - 1) if node.name == name else node
    children = list(node.children())
    if not children:
        return node
    return with_children(node, [_before(child, name) for child in children])
