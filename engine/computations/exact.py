"""Arithmetic on fractions as far as it goes: vectors, matrices, activations.

Entries are Fraction, or float once an irrational value came in. No NumPy: the numbers of an
exercise are small, and 2/9 is to stay 2/9. Matrices are tuples of rows in column form (they act on
columns from the left).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from engine.parameters import Logarithm

Entry: TypeAlias = Fraction | float
Given: TypeAlias = Fraction | float | Logarithm
Vector: TypeAlias = tuple[Entry, ...]
Matrix: TypeAlias = tuple[Vector, ...]

HALF = Fraction(1, 2)


def times(matrix: Matrix, vector: Sequence[Entry]) -> Vector:
    """Matrix times column."""
    return tuple(
        sum((m * v for m, v in zip(row, vector, strict=True)), Fraction(0)) for row in matrix
    )


def transpose(matrix: Matrix) -> Matrix:
    """Rows become columns."""
    return tuple(zip(*matrix, strict=True))


def plus(*vectors: Sequence[Entry]) -> Vector:
    """The sum, entry by entry."""
    return tuple(sum(entries, Fraction(0)) for entries in zip(*vectors, strict=True))


def hadamard(left: Sequence[Entry], right: Sequence[Entry]) -> Vector:
    """The product, entry by entry."""
    return tuple(a * b for a, b in zip(left, right, strict=True))


def outer(left: Sequence[Entry], right: Sequence[Entry]) -> Matrix:
    """left rightᵀ."""
    return tuple(tuple(a * b for b in right) for a in left)


def scaled(factor: Entry, vector: Sequence[Entry]) -> Vector:
    """Factor times vector."""
    return tuple(factor * entry for entry in vector)


def number(value: Given) -> Entry:
    """A logarithm as its float; anything else as it is."""
    return float(value) if isinstance(value, Logarithm) else value


def exponential(value: Given, factor: int = 1) -> Fraction | None:
    """exp(factor · value) if that is rational and simple to write, else None."""
    if isinstance(value, Fraction):
        return Fraction(1) if value == 0 else None
    if not isinstance(value, Logarithm):
        return None
    power = value.coefficient * factor
    if power.denominator == 1:
        return value.argument ** int(power)
    if power.denominator == 2:
        top, bottom = (math.isqrt(n) for n in value.argument.as_integer_ratio())
        if Fraction(top, bottom) ** 2 == value.argument:
            return Fraction(top, bottom) ** power.numerator
    return None


def activate(name: str, u: Given) -> Entry:
    """f(u) for sigmoid, tanh, relu, identity."""
    if name == "sigmoid":
        power = exponential(u)
        if power is not None:
            return power / (1 + power)
        x = float(u)
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
    if name == "tanh":
        power = exponential(u, 2)
        return math.tanh(float(u)) if power is None else (power - 1) / (power + 1)
    value = number(u)
    return max(value, Fraction(0)) if name == "relu" else value


def derivative(name: str, u: Given) -> Entry:
    """f′(u), u being the pre-activation; relu′(0) = 0."""
    return derivative_from_output(name, activate(name, u))


def derivative_from_output(name: str, z: Entry) -> Entry:
    """f′ written with the output z = f(u): z (1 − z), 1 − z², [z > 0], 1."""
    if name == "sigmoid":
        return z * (1 - z)
    if name == "tanh":
        return 1 - z * z
    return Fraction(1) if name == "identity" or z > 0 else Fraction(0)


def softmax(v: Sequence[Given]) -> Vector:
    """exp(v) / Σ exp(v); exact if every entry is zero or the logarithm of a rational."""
    powers = [exponential(entry) for entry in v]
    exact = [power for power in powers if power is not None]
    if len(exact) < len(powers):
        if len(set(v)) == 1:
            return (Fraction(1, len(v)),) * len(v)
        values = [float(entry) for entry in v]
        floats = [math.exp(value - max(values)) for value in values]
        return tuple(value / sum(floats) for value in floats)
    return tuple(power / sum(exact) for power in exact)


def activated(name: str, u: Sequence[Given]) -> Vector:
    """The activation of every entry."""
    return tuple(activate(name, entry) for entry in u)


def derivatives(name: str, u: Sequence[Given]) -> Vector:
    """The derivative of every entry."""
    return tuple(derivative(name, entry) for entry in u)


def outputs(pair: str, v: Sequence[Given]) -> Vector:
    """y = g(v) for an output pair such as "ce-softmax"."""
    g = pair.split("-")[1]
    return softmax(v) if g == "softmax" else activated(g, v)


def output_delta(pair: str, y: Sequence[Entry], d: Sequence[Entry]) -> Vector:
    """δ^out = ∂E/∂v of a pair, from its outputs; (y − d) ⊙ y ⊙ (1 − y) for mse-sigmoid."""
    error = tuple(a - b for a, b in zip(y, d, strict=True))
    if pair == "mse-sigmoid":
        return hadamard(error, [derivative_from_output("sigmoid", entry) for entry in y])
    return error
