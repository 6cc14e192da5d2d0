"""What training rests on: activations, output deltas, the chain rule, updates, gradient checks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    HIDDEN_ACTIVATIONS,
    alike,
    choice,
    distribution,
    fitting,
    numbers,
    weight,
)
from engine.computations.exact import Entry, Vector
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.computations.rnn import PAIRS
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_CURVED: Final = ("sigmoid", "tanh")

# --- activations ---------------------------------------------------------------------------------


def _value_mistakes(a: Arguments) -> Iterator[Mistake]:
    f, u = a["f"], a["u"]
    other = {"sigmoid": "tanh", "tanh": "sigmoid", "relu": "identity", "identity": "relu"}[f]
    yield "activation-wrong", other, exact.activate(other, u)
    if f in _CURVED:
        yield "derivative-of-wrong-argument", "slope-for-value", exact.derivative(f, u)
        yield "sign-flipped", "of-minus-u", exact.activate(f, -u)


@COMPUTATIONS.add(
    "activation.value",
    "f(u), exact at 0 and at logarithms",
    "σ(u) = 1 / (1 + e^−u); σ(ln n) = n / (n + 1); tanh(½ ln n) = (n − 1) / (n + 1)",
    {
        "f": choice("activation", HIDDEN_ACTIVATIONS, default="sigmoid"),
        "u": weight("the pre-activation, such as 0.5 or ln 3", logarithms=True),
    },
    _value_mistakes,
)
def activation_value(a: Arguments) -> Entry:
    """f(u)."""
    return exact.activate(a["f"], a["u"])


def _slope_mistakes(a: Arguments) -> Iterator[Mistake]:
    f, u = a["f"], a["u"]
    z = exact.activate(f, u)
    if f in _CURVED:
        yield "derivative-of-wrong-argument", "slope-of-z", exact.derivative(f, z)
        yield "derivative-dropped", "value-for-slope", z
        number = exact.number(u)
        yield "states-confused", "u-in-the-form-for-z", exact.derivative_from_output(f, number)
    if f == "sigmoid":
        yield "factor-dropped", "one-minus-z", 1 - z
    if f == "tanh":
        yield "power-dropped", "z-for-z-squared", 1 - z
        yield "activation-wrong", "sigmoid-form", z * (1 - z)
    if f == "relu":
        yield "derivative-dropped", "value-for-slope", z


@COMPUTATIONS.add(
    "activation.derivative",
    "f′(u), u being the pre-activation",
    "σ′ = σ (1 − σ), at most 1/4; tanh′ = 1 − tanh², at most 1; relu′ = [u > 0]",
    {
        "f": choice("activation", HIDDEN_ACTIVATIONS, default="sigmoid"),
        "u": weight("the pre-activation, such as 0.5 or ln 3", logarithms=True),
    },
    _slope_mistakes,
)
def activation_derivative(a: Arguments) -> Entry:
    """f′(u)."""
    return exact.derivative(a["f"], a["u"])


def _from_output_mistakes(a: Arguments) -> Iterator[Mistake]:
    f, z = a["f"], a["z"]
    yield "derivative-of-wrong-argument", "slope-of-z", exact.derivative(f, z)
    if f == "sigmoid":
        yield "factor-dropped", "one-minus-z", 1 - z
        yield "activation-wrong", "tanh-form", 1 - z * z
    else:
        yield "power-dropped", "z-for-z-squared", 1 - z
        yield "activation-wrong", "sigmoid-form", z * (1 - z)


@COMPUTATIONS.add(
    "activation.derivative_from_output",
    "f′(u) from the output z = f(u)",
    "z (1 − z) for the sigmoid, 1 − z² for tanh",
    {
        "f": choice("activation", _CURVED),
        "z": Parameter("number", "the output", minimum=-1, maximum=1),
    },
    _from_output_mistakes,
)
def derivative_from_output(a: Arguments) -> Entry:
    """z (1 − z) or 1 − z²."""
    if a["f"] == "sigmoid" and a["z"] < 0:
        raise ArgumentError("z", "is no output of a sigmoid: it has to lie between 0 and 1")
    return exact.derivative_from_output(a["f"], a["z"])


# --- output delta --------------------------------------------------------------------------------


def _outputs(a: Arguments) -> Vector:
    if (a["v"] is None) == (a["y"] is None):
        raise ArgumentError("y", "or v has to be given, and only one of them", "missing")
    y: Vector = a["y"] if a["v"] is None else exact.outputs(a["output"], a["v"])
    fitting(a, "d", len(y))
    if a["output"] != "mse-identity" and not all(0 <= entry <= 1 for entry in y):
        raise ArgumentError("y", f"is no output of {a['output']}: it has to lie between 0 and 1")
    if a["output"] == "ce-softmax":
        distribution("y", y)
    return y


def _output_delta_mistakes(a: Arguments) -> Iterator[Mistake]:
    pair, d, y = a["output"], a["d"], _outputs(a)
    right = exact.output_delta(pair, y, d)
    yield "sign-flipped", "d-minus-y", exact.scaled(-1, right)
    error = exact.output_delta("mse-identity", y, d)
    slope = tuple(exact.derivative_from_output("sigmoid", entry) for entry in y)
    if pair == "mse-sigmoid":
        yield "derivative-dropped", "y-minus-d", error
        of_y = exact.hadamard(error, exact.derivatives("sigmoid", y))
        yield "derivative-of-wrong-argument", "slope-of-y", of_y
        yield "factor-dropped", "y-times-error", exact.hadamard(error, y)
    elif pair != "mse-identity":
        yield "factor-added", "squared-error-habit", exact.hadamard(error, slope)
    if pair.startswith("mse"):
        yield "scale-wrong", "half-forgotten", exact.scaled(2, right)
    if len(y) > 1:
        yield "mean-for-sum", "mean-over-outputs", exact.scaled(Fraction(1, len(y)), right)
    if a["v"] is not None and pair != "mse-identity":
        v = tuple(exact.number(entry) for entry in a["v"])
        yield "activation-dropped", "v-for-y", exact.output_delta("mse-identity", v, d)
    if pair == "ce-softmax":
        yield "term-dropped", "target-left-out", y


@COMPUTATIONS.add(
    "rnn.output_delta",
    "δ^out = ∂E/∂v of an output activation with its loss, for one step",
    "½ Σ (d − y)² or cross entropy, summed over the outputs; Bishop (2006), section 5.2",
    {
        "output": choice("output activation and loss", PAIRS),
        "v": numbers("the pre-activation; or give y", logarithms=True, default=None),
        "y": numbers("the output; or give v", default=None),
        "d": numbers("the target"),
    },
    _output_delta_mistakes,
)
def output_delta(a: Arguments) -> Vector:
    """y − d, or (y − d) ⊙ y ⊙ (1 − y) for mse-sigmoid."""
    return exact.output_delta(a["output"], _outputs(a), a["d"])


# --- chain rule ----------------------------------------------------------------------------------


def _square_parts(a: Arguments) -> tuple[Fraction, Fraction, int]:
    inner: Fraction = a["a"] * a["x"] + a["b"] * a["y"]
    return inner, a["a"] if a["by"] == "x" else a["b"], a["power"]


def _square_mistakes(a: Arguments) -> Iterator[Mistake]:
    inner, slope, n = _square_parts(a)
    own = a[a["by"]] * slope
    yield "factor-dropped", "power-not-brought-down", slope * inner ** (n - 1)
    yield "power-dropped", "power-not-lowered", n * slope * inner**n
    yield "term-dropped", "other-variable-left-out", n * slope * own ** (n - 1)
    if slope != 1:
        yield "derivative-dropped", "inner-slope-left-out", n * inner ** (n - 1)


@COMPUTATIONS.add(
    "chain_rule.square_of_sum",
    "dz/dx or dz/dy for z = tⁿ, t = a x + b y",
    "dz/dx = (dz/dt)(dt/dx) = n tⁿ⁻¹ a; 2 (x + y) for the square of the sum",
    {
        "x": weight("x"),
        "y": weight("y"),
        "a": weight("factor of x in t", default=1),
        "b": weight("factor of y in t", default=1),
        "power": Parameter("integer", "n", minimum=2, maximum=6, default=2),
        "by": choice("the variable of the derivative", ("x", "y")),
    },
    _square_mistakes,
)
def square_of_sum(a: Arguments) -> Fraction:
    """n tⁿ⁻¹ a."""
    inner, slope, n = _square_parts(a)
    return n * slope * inner ** (n - 1)


# --- updates -------------------------------------------------------------------------------------


def _sgd(a: Arguments, sign: int = -1, rate: Fraction | None = None) -> Vector:
    alike(a, "w", "gradient")
    step = a["learning_rate"] if rate is None else rate
    return exact.plus(a["w"], exact.scaled(sign * step, a["gradient"]))


def _sgd_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield "sign-flipped", "uphill", _sgd(a, sign=1)
    yield "learning-rate-dropped", "whole-gradient", _sgd(a, rate=Fraction(1))
    change = exact.scaled(-a["learning_rate"], a["gradient"])
    yield "term-dropped", "change-for-new-value", change


@COMPUTATIONS.add(
    "sgd.step",
    "w after one step of gradient descent",
    "w ← w − ε ∂E/∂w",
    {
        "w": numbers("the old value"),
        "gradient": numbers("∂E/∂w"),
        "learning_rate": weight("ε"),
    },
    _sgd_mistakes,
)
def sgd_step(a: Arguments) -> Vector:
    """w − ε ∂E/∂w."""
    return _sgd(a)


# --- gradient checks -----------------------------------------------------------------------------


def _relative_error(a: Arguments, by: str) -> Fraction:
    sizes = (abs(a["analytic"]), abs(a["numeric"]))
    scale = max(sizes) if by == "larger" else sum(sizes)
    if scale == 0:
        raise ArgumentError("numeric", "and analytic are both zero: no relative error")
    return Fraction(abs(a["analytic"] - a["numeric"]), scale)


def _relative_error_mistakes(a: Arguments) -> Iterator[Mistake]:
    right = _relative_error(a, a["by"])
    yield "normalisation-dropped", "absolute-error", abs(a["analytic"] - a["numeric"])
    other = "sum" if a["by"] == "larger" else "larger"
    yield "scale-wrong", f"by-{other}", _relative_error(a, other)
    if a["analytic"] < a["numeric"]:
        yield "sign-flipped", "without-absolute-value", -right


@COMPUTATIONS.add(
    "gradient_check.relative_error",
    "relative error between a derived and a numeric gradient",
    "|a − n| / max(|a|, |n|), or by |a| + |n|; CS231n notes, gradient checks",
    {
        "analytic": weight("the derived gradient"),
        "numeric": weight("the numeric gradient"),
        "by": choice("what it is relative to", ("larger", "sum")),
    },
    _relative_error_mistakes,
)
def relative_error(a: Arguments) -> Fraction:
    """|a − n| / max(|a|, |n|) or / (|a| + |n|)."""
    return _relative_error(a, a["by"])


def _difference(a: Arguments, above: int, below: int, divisor: int) -> Fraction:
    w, h, n = Fraction(a["w"]), Fraction(a["h"]), int(a["power"])
    return ((w + above * h) ** n - (w + below * h) ** n) / (divisor * h)


def _difference_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield "scale-wrong", "divided-by-h", _difference(a, 1, -1, 1)
    yield "term-dropped", "forward-difference", _difference(a, 1, 0, 1)
    yield "index-shifted", "backward-difference", _difference(a, 0, -1, 1)
    if a["power"] > 2:  # the central difference of a square is exact
        yield "wrong-signal", "derivative-itself", a["power"] * a["w"] ** (a["power"] - 1)


@COMPUTATIONS.add(
    "gradient_check.central_difference",
    "the central difference of E(w) = wⁿ",
    "(E(w + h) − E(w − h)) / 2h, with an error of order h²",
    {
        "w": weight("where"),
        "h": Parameter("number", "step width", minimum=Fraction(1, 10**6), maximum=10),
        "power": Parameter("integer", "n", minimum=2, maximum=6, default=2),
    },
    _difference_mistakes,
)
def central_difference(a: Arguments) -> Fraction:
    """(E(w + h) − E(w − h)) / 2h."""
    return _difference(a, 1, -1, 2)
