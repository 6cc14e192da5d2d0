"""Letters of what is given to a net: inputs that no equation computes, and constants of all steps.

One letter may stand for the word before, which is given, and for the output (y_t = softmax(o_t));
and c for one context of all steps or for that of each step. What an equation says tells them apart.
"""

from __future__ import annotations

from dataclasses import replace

from engine.formulas.models import Model
from engine.formulas.notations import Notation
from engine.formulas.tree import Equation, Symbol, walk


class CannotBindError(Exception):
    """A name stands where its meaning has no place; ``name`` is what it is about."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class OtherNetError(CannotBindError):
    """Letters that any net has, and none of those that this notation has to itself."""


def defined(equation: Equation, notation: Notation) -> Equation:
    """``y_t = softmax(o_t)``: no input is computed, so that y is the output there."""
    left, *right = equation.links
    if right and isinstance(left, Symbol) and left.name in notation.defines:
        return replace(equation, links=(replace(left, name=notation.defines[left.name]), *right))
    return equation


def refuse_steps(equation: Equation, model: Model) -> None:
    """Refuses a constant at a step, and what has one a step without it beside what has its own."""
    symbols = [node for node in walk(equation) if isinstance(node, Symbol)]
    indexed = any(one.time is not None for one in symbols)
    for one in symbols:
        bare = one.time is None and one.update is None
        if one.name in model.stepped and bare and indexed:
            raise CannotBindError(one.name)
        if one.name in model.constants and not bare:
            raise CannotBindError(one.name)
