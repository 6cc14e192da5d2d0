"""What decides whether gradients vanish: Jacobians over some steps, and how large a matrix is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.common import (
    HIDDEN_ACTIVATIONS,
    Entry,
    Matrix,
    Vector,
    choice,
    matrix,
    root,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.computations.training import GREATEST_SLOPE

COMPUTATIONS: Final = Registry()

_PASCANU: Final = "Pascanu, Mikolov, Bengio (2013)"

# --- the Jacobian --------------------------------------------------------------------------------


def _times(left: Matrix, right: Matrix) -> Matrix:
    columns = exact.transpose(right)
    return tuple(exact.times(columns, row) for row in left)


def _diagonal(slopes: Vector) -> Matrix:
    return tuple(
        tuple(slope if i == j else Fraction(0) for j in range(len(slopes)))
        for i, slope in enumerate(slopes)
    )


def _jacobian(a: Arguments, wrong: str = "") -> Matrix:
    W: Matrix = exact.transpose(a["W"]) if wrong == "W-transposed" else a["W"]
    rows = a["u"][::-1] if wrong == "steps-in-reverse" else a["u"]
    if wrong == "last-slope-only":
        rows = (a["u"][-1],) * len(a["u"])
    found = _diagonal((Fraction(1),) * len(W))
    for u in rows:
        slopes = exact.derivatives(a["f"], u)
        if wrong == "no-slopes":
            slopes = (Fraction(1),) * len(u)
        elif wrong == "slopes-of-z":
            slopes = exact.derivatives(a["f"], exact.activated(a["f"], u))
        one = _times(_diagonal(slopes), W)
        found = _times(
            _times(W, _diagonal(slopes)) if wrong == "slope-on-the-right" else one, found
        )
    return found


def _jacobian_mistakes(a: Arguments) -> Iterator[Mistake]:
    H, steps = len(a["W"]), len(a["u"])

    def of(wrong: str) -> Matrix:
        return _jacobian(a, wrong)

    if a["f"] != "identity":
        yield "derivative-dropped", "no-slopes", of("no-slopes")
        if steps > 1 and len(set(a["u"])) > 1:
            yield "product-of-power", "last-slope-only", of("last-slope-only")
    if a["f"] in ("sigmoid", "tanh"):
        yield "derivative-of-wrong-argument", "slopes-of-z", of("slopes-of-z")
    if H > 1:
        yield "transpose-added", "W-transposed", of("W-transposed")
        if a["f"] != "identity":
            yield "order-swapped", "slope-on-the-right", of("slope-on-the-right")
        if steps > 1 and len(set(a["u"])) > 1:
            yield "order-swapped", "steps-in-reverse", of("steps-in-reverse")
    yield "product-lengthened", "one-factor-more", _times(of(""), a["W"])


@COMPUTATIONS.add(
    "gradient.jacobian",
    "∂zᵗ/∂zᵏ of a simple RNN, from the pre-activations of steps k + 1 to t",
    f"Π diag(f′(uⁱ)) W, the last step on the left, t − k factors; {_PASCANU}, section 2.1",
    {
        "W": matrix("H × H, in column form", most=4),
        "u": matrix("pre-activations, one row a step, the earliest first", logarithms=True, most=4),
        "f": choice("hidden activation", HIDDEN_ACTIVATIONS),
    },
    _jacobian_mistakes,
)
def jacobian(a: Arguments) -> Matrix:
    """diag(f′(uᵗ)) W … diag(f′(uᵏ⁺¹)) W."""
    H = len(a["W"])
    if len(a["W"][0]) != H:
        raise ArgumentError("W", f"has to be square; it is {H} × {len(a['W'][0])}")
    if len(a["u"][0]) != H:
        raise ArgumentError("u", f"has to have {H} entries a step; it has {len(a['u'][0])}")
    return _jacobian(a)


# --- how large a matrix is -----------------------------------------------------------------------

_MEASURES: Final = ("largest-singular-value", "spectral-radius", "frobenius-norm")


def _largest_root(trace: Entry, determinant: Entry) -> Entry:
    """The greatest absolute value of the roots of λ² − trace λ + determinant."""
    half = trace / 2
    inside = half * half - determinant
    # A complex pair has the determinant as the square of its absolute value.
    return root(determinant) if inside < 0 else max(half, -half) + root(inside)


def _measured(W: Matrix, measure: str, rooted: bool = True) -> Entry:
    squares: Entry = sum((entry * entry for row in W for entry in row), Fraction(0))
    determinant = W[0][0] * W[1][1] - W[0][1] * W[1][0]
    if measure == "spectral-radius":
        return _largest_root(W[0][0] + W[1][1], determinant)
    square = squares
    if measure == "largest-singular-value":
        square = _largest_root(squares, determinant * determinant)
    return root(square) if rooted else square


def _measured_mistakes(a: Arguments) -> Iterator[Mistake]:
    W, measure = a["W"], a["measure"]
    right = _measured(W, measure)
    for other in _MEASURES:
        if other != measure and _measured(W, other) != right:
            yield "left-side-wrong", other, _measured(W, other)
    if measure != "spectral-radius":
        yield "power-dropped", "root-forgotten", _measured(W, measure, rooted=False)
    yield "sum-dropped", "largest-entry", max(abs(entry) for row in W for entry in row)


@COMPUTATIONS.add(
    "matrix.measure",
    "the largest singular value, the spectral radius or the Frobenius norm of a 2 × 2 matrix",
    "√ of the greatest eigenvalue of WᵀW; the greatest |eigenvalue| of W; √ of the sum of squares; "
    f"vanishing is sure for γ σ_max < 1; {_PASCANU}, section 2.1",
    {
        "W": matrix("2 × 2"),
        "measure": choice("what is asked for", _MEASURES),
    },
    _measured_mistakes,
)
def measure(a: Arguments) -> Entry:
    """σ_max, ρ or ‖W‖_F."""
    if len(a["W"]) != 2 or len(a["W"][0]) != 2:
        raise ArgumentError("W", "has to be 2 × 2")
    return _measured(a["W"], a["measure"])


def _critical_mistakes(a: Arguments) -> Iterator[Mistake]:
    if a["f"] == "sigmoid":
        yield "left-side-wrong", "slope-itself", Fraction(1, 4)
        yield "activation-wrong", "of-tanh", Fraction(1)
        yield "derivative-dropped", "of-the-value-at-0", Fraction(2)
    else:
        yield "activation-wrong", "of-the-sigmoid", Fraction(4)


@COMPUTATIONS.add(
    "gradient.critical_singular_value",
    "the largest singular value of W below which gradients vanish for certain",
    f"1/γ: 4 for the sigmoid, 1 for tanh and relu; sufficient, not necessary; {_PASCANU}, "
    "section 2.1",
    {"f": choice("hidden activation", ("sigmoid", "tanh", "relu"))},
    _critical_mistakes,
)
def critical_singular_value(a: Arguments) -> Fraction:
    """1/γ."""
    return 1 / GREATEST_SLOPE[a["f"]]
