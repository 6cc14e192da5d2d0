"""What the computations share: kinds of parameters, checks, roots and logarithms kept exact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from engine.computations.exact import Entry, Given, Matrix, Vector, number
from engine.computations.registry import ArgumentError, Arguments
from engine.parameters import Logarithm, Parameter

__all__ = ["Entry", "Given", "Matrix", "Vector"]

#: Below this a probability is none that an exercise would print.
LEAST_PROBABILITY: Final = Fraction(1, 10**9)
#: Roots of a higher degree are not tried exactly.
_HIGHEST_DEGREE: Final = 16


#: Activations of a hidden layer.
HIDDEN_ACTIVATIONS: Final = ("identity", "relu", "sigmoid", "tanh")

# --- parameters ----------------------------------------------------------------------------------


def weight(meaning: str, **more: Any) -> Parameter:
    """One number of an exercise."""
    return Parameter("number", meaning, minimum=-1000, maximum=1000, **more)


def numbers(meaning: str, **more: Any) -> Parameter:
    """A vector of an exercise: a list, or one number."""
    return Parameter("numbers", meaning, minimum=-1000, maximum=1000, **{"most": 8, **more})


def matrix(meaning: str, **more: Any) -> Parameter:
    """A matrix of an exercise: a list of rows, or one number."""
    return Parameter("matrix", meaning, minimum=-1000, maximum=1000, **{"most": 8, **more})


def choice(meaning: str, choices: tuple[str, ...], default: str | None = None) -> Parameter:
    """One of several names; the first is the default."""
    return Parameter("choice", meaning, choices=choices, default=default or choices[0])


def size(meaning: str, **more: Any) -> Parameter:
    """A size of an array or a count of things, from 1."""
    return Parameter("integer", meaning, **{"minimum": 1, "maximum": 4096, **more})


def flag(meaning: str, default: str = "False") -> Parameter:
    """A Python truth value as it is written in code: the words "True" and "False"."""
    meaning = f'{meaning}; "True" or "False", in quotation marks in YAML'
    return Parameter("choice", meaning, choices=("False", "True"), default=default)


def positive(meaning: str, **more: Any) -> Parameter:
    """A number above zero."""
    return Parameter("number", meaning, **{"minimum": Fraction(1, 10**6), "maximum": 1000, **more})


def share(meaning: str, **more: Any) -> Parameter:
    """A number from 0 to 1."""
    return Parameter("number", meaning, minimum=0, maximum=1, **more)


def probabilities(meaning: str, **more: Any) -> Parameter:
    """A list of probabilities above zero."""
    bounds = {"minimum": LEAST_PROBABILITY, "maximum": 1, "most": 12}
    return Parameter("numbers", meaning, **{**bounds, **more})


# --- checks --------------------------------------------------------------------------------------


def wanted(a: Arguments, name: str, why: str) -> Any:
    """An argument that may be left out, but not here."""
    if a[name] is None:
        raise ArgumentError(name, f"is needed for {why}", "missing")
    return a[name]


def fitting(a: Arguments, name: str, length: int) -> Any:
    """The list ``name``, if it has this length."""
    if len(a[name]) != length:
        raise ArgumentError(name, f"has to have {length} entries; it has {len(a[name])}")
    return a[name]


def alike(a: Arguments, like: str, *others: str) -> int:
    """How many entries the list ``like`` has; the others, where given, have to have as many."""
    length = len(a[like])
    for name in others:
        if a[name] is not None and len(a[name]) != length:
            what = f"has to have {length} entries, as {like} has; it has {len(a[name])}"
            raise ArgumentError(name, what)
    return length


def at_most(a: Arguments, name: str, most: int) -> None:
    """Refuse a number above what another argument leaves room for."""
    if a[name] is not None and a[name] > most:
        raise ArgumentError(name, f"may be at most {most}; it is {a[name]}", "too-large")


def step_of(a: Arguments, name: str, length: int) -> int:
    """The step ``name``, from 1; the last if it is not given."""
    at_most(a, name, length)
    return length if a[name] is None else int(a[name])


def square(a: Arguments, name: str, like: str) -> int:
    """The size of the square matrix ``name``, which has to be that of the list ``like``."""
    H = len(a[like])
    if (len(a[name]), len(a[name][0])) != (H, H):
        raise ArgumentError(name, f"has to be {H} × {H}, as {like} has {H} entries")
    return H


def width_of_head(a: Arguments, width: str, heads: str = "h") -> int:
    """d / h; raises ArgumentError if the heads don't divide the width."""
    if a[width] % a[heads]:
        raise ArgumentError(heads, f"has to divide {width}, which is {a[width]}")
    return int(a[width] // a[heads])


def whole(a: Arguments, name: str, below: int | None = None, least: int = 0) -> tuple[int, ...]:
    """The list ``name`` as integers from ``least``, and below ``below``."""
    for entry in a[name]:
        if entry.denominator != 1:
            raise ArgumentError(name, f"has to have whole entries; one is {entry}", "wrong-kind")
        if entry < least:
            raise ArgumentError(name, f"may not go below {least}; one is {entry}", "too-small")
        if below is not None and entry >= below:
            raise ArgumentError(name, f"may be at most {below - 1}; one is {entry}", "too-large")
    return tuple(int(entry) for entry in a[name])


def mask_of(a: Arguments, name: str, length: int) -> tuple[int, ...]:
    """A mask of zeros and ones, all ones if not given; at least one entry has to count."""
    if a[name] is None:
        return (1,) * length
    fitting(a, name, length)
    mask = whole(a, name, below=2)
    if not any(mask):
        raise ArgumentError(name, "leaves nothing that counts")
    return mask


def distribution(name: str, *rows: Sequence[Entry]) -> None:
    """Refuse what does not sum to 1, each row for itself."""
    for row in rows:
        if abs(float(sum(row)) - 1) > 1e-6:
            raise ArgumentError(name, f"has to sum to 1; it sums to {float(sum(row)):g}")


# --- arithmetic ----------------------------------------------------------------------------------


def _whole_root(n: int, degree: int) -> int | None:
    low, high = 0, 1 << (n.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**degree < n else (low, middle)
    return low if low**degree == n else None


def root(value: Entry, degree: int = 2) -> Entry:
    """The root of a number that is not negative; exact if it is rational."""
    if not isinstance(value, float) and degree <= _HIGHEST_DEGREE:
        top, bottom = (_whole_root(n, degree) for n in value.as_integer_ratio())
        if top is not None and bottom is not None:
            return Fraction(top, bottom)
    # Through the logarithm: a fraction may be too small for a float while its root is not.
    return 0.0 if value == 0 else math.exp(float(ln(value)) / degree)


def power(value: Entry, exponent: Fraction) -> Entry:
    """value to the exponent, value ≥ 0; exact if it is rational and simple."""
    if exponent.denominator <= _HIGHEST_DEGREE and abs(exponent.numerator) <= 4 * _HIGHEST_DEGREE:
        taken = root(value, exponent.denominator) if exponent.denominator > 1 else value
        raised: Entry = taken**exponent.numerator
        return raised
    return math.pow(value, exponent)


def ln(value: Entry) -> Entry:
    """The natural logarithm; 0 for 1. Raises OverflowError for what is 0 or was rounded to it."""
    if value == 1:
        return Fraction(0)
    if value == 0:
        raise OverflowError
    if isinstance(value, float):
        return math.log(value)
    top, bottom = value.as_integer_ratio()
    return math.log(top) - math.log(bottom)


def norm(vector: Sequence[Entry]) -> Entry:
    """The Euclidean length; exact if it is rational."""
    return root(sum((entry * entry for entry in vector), Fraction(0)))


def dot(left: Sequence[Entry], right: Sequence[Entry]) -> Entry:
    """The scalar product."""
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def mean(rows: Sequence[Sequence[Entry]]) -> Vector:
    """The mean of vectors."""
    return tuple(sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True))


def product(entries: Sequence[Entry]) -> Entry:
    """Π of all; 1 for none."""
    return math.prod(entries, start=Fraction(1))


def divided(value: Given, divisor: Entry) -> Given:
    """value / divisor; a logarithm stays one if the divisor is rational."""
    if isinstance(value, Logarithm) and not isinstance(divisor, float):
        quotient = Logarithm(value.coefficient / divisor, value.argument)
        # Its exponential is argument ** coefficient: fractions of thousands of digits help nobody.
        return quotient if abs(quotient.coefficient) <= 64 else float(quotient)
    return number(value) / divisor


def combined(*terms: tuple[Fraction, Given]) -> Given:
    """Σ factor · value; logarithms of one number stay a logarithm if nothing else is added."""
    counting = [(factor, value) for factor, value in terms if factor != 0 and value != 0]
    logarithms = [(factor, value) for factor, value in counting if isinstance(value, Logarithm)]
    arguments = {value.argument for _, value in logarithms}
    if len(arguments) == 1 and len(logarithms) == len(counting):
        coefficient = sum((f * value.coefficient for f, value in logarithms), Fraction(0))
        found = Logarithm(coefficient, arguments.pop())
        return found if abs(coefficient) <= 64 else float(found)
    return sum((factor * number(value) for factor, value in counting), Fraction(0))
