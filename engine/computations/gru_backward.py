"""One step of the GRU's way back by hand: through the mixture, and through the reset gate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Matrix,
    Vector,
    alike,
    choice,
    matrix,
    numbers,
    square,
    wanted,
)
from engine.computations.gru import CONVENTION, RESET, other_convention
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

# --- through the mixture -------------------------------------------------------------------------


def _share(a: Arguments, of_candidate: bool) -> Vector:
    z: Vector = a["z"]
    straight = of_candidate == (a["z_convention"] == "z-takes-new")
    return z if straight else tuple(1 - entry for entry in z)


def _mixture_backward(a: Arguments, slope: bool = True, **but: Any) -> Vector:
    a = {**a, **but}
    quantity, dh, g, z = a["quantity"], a["dh"], a["g"], a["z"]
    if quantity == "direct_dh":
        return exact.hadamard(dh, _share(a, of_candidate=False))
    if quantity == "delta_g":
        into = exact.hadamard(dh, _share(a, of_candidate=True))
        return exact.hadamard(into, [1 - x * x for x in g]) if slope else into
    sign = 1 if a["z_convention"] == "z-takes-new" else -1
    gap = tuple(sign * (x - y) for x, y in zip(g, a["h_prev"], strict=True))
    into = exact.hadamard(dh, gap)
    return exact.hadamard(into, [x * (1 - x) for x in z]) if slope else into


def _mixture_backward_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, other = a["quantity"], other_convention(a["z_convention"])
    if quantity == "delta_z":
        yield "sign-flipped", "other-convention", _mixture_backward(a, z_convention=other)
        yield "derivative-dropped", "no-slope", _mixture_backward(a, slope=False)
        no_state = (Fraction(0),) * len(a["g"])
        yield "term-dropped", "old-state-left-out", _mixture_backward(a, h_prev=no_state)
        yield "term-dropped", "candidate-left-out", _mixture_backward(a, g=no_state)
        return
    yield "gate-roles-swapped", "other-convention", _mixture_backward(a, z_convention=other)
    yield (
        "factor-dropped",
        "gate-left-out",
        _mixture_backward(
            a, z=tuple(Fraction(_share({**a, "z": (1,)}, quantity == "delta_g")[0]) for _ in a["z"])
        ),
    )
    if quantity == "delta_g":
        yield "derivative-dropped", "no-slope", _mixture_backward(a, slope=False)
        into = _mixture_backward(a, slope=False)
        logistic = exact.hadamard(into, [x * (1 - x) for x in a["g"]])
        yield "activation-wrong", "slope-of-the-sigmoid", logistic
        yield "power-dropped", "g-for-its-square", exact.hadamard(into, [1 - x for x in a["g"]])


@COMPUTATIONS.add(
    "gru.backward_step",
    "what one step back gives the candidate, the update gate, or the old state directly",
    "z-takes-new: δg = dh ⊙ z ⊙ (1 − g²), δz = dh ⊙ (g − h_prev) ⊙ z(1 − z), directly dh ⊙ (1 − z)",
    {
        "dh": numbers("∂E/∂h of the new state"),
        "z": Parameter("numbers", "value of the update gate", minimum=0, maximum=1, most=8),
        "g": Parameter("numbers", "value of the candidate", minimum=-1, maximum=1, most=8),
        "h_prev": numbers("the old state; needed for delta_z", default=None),
        "z_convention": CONVENTION,
        "quantity": choice("what is asked for", ("delta_g", "delta_z", "direct_dh")),
    },
    _mixture_backward_mistakes,
)
def backward_step(a: Arguments) -> Vector | Entry:
    """δg, δz, or the part of ∂E/∂h_prev that passes the mixture alone."""
    if a["quantity"] == "delta_z":
        wanted(a, "h_prev", "delta_z")
    alike(a, "dh", "z", "g", "h_prev")
    return _mixture_backward(a)


# --- through the reset gate ----------------------------------------------------------------------


def _place(a: Arguments, wrong: str) -> str:
    place: str = a["reset"]
    return ("after" if place == "before" else "before") if wrong == "other-place" else place


def _reset_backward(a: Arguments, wrong: str = "") -> Vector | Matrix:
    old, delta_g = a["h_prev"], a["delta_g"]
    r: Vector = a["r"] if wrong != "reset-left-out" else (Fraction(1),) * len(old)
    way_back = a["U"] if wrong == "U-for-its-transpose" else exact.transpose(a["U"])
    before = _place(a, wrong) == "before"
    if a["quantity"] == "dU":
        product = (
            exact.outer(delta_g, exact.hadamard(r, old))
            if before
            else exact.outer(exact.hadamard(delta_g, r), old)
        )
        return exact.transpose(product) if wrong == "state-first" else product
    if a["quantity"] == "dh":
        if before:
            return exact.hadamard(exact.times(way_back, delta_g), r)
        return exact.times(way_back, exact.hadamard(delta_g, r))
    if before:
        into = exact.hadamard(exact.times(way_back, delta_g), old)
    else:
        b_u: Vector = a["b_u"] or (Fraction(0),) * len(old)
        if wrong == "bias-left-out":
            b_u = (Fraction(0),) * len(old)
        into = exact.hadamard(delta_g, exact.plus(exact.times(a["U"], old), b_u))
    return into if wrong == "no-slope" else exact.hadamard(into, [x * (1 - x) for x in r])


def _reset_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, several = a["quantity"], len(a["h_prev"]) > 1

    def of(wrong: str) -> Vector | Matrix:
        return _reset_backward(a, wrong)

    if several or (quantity == "delta_r" and a["b_u"] is not None):
        # For one unit without that bias, both places give the same.
        yield "reset-misplaced", "other-place", of("other-place")
    if quantity == "delta_r":
        yield "derivative-dropped", "no-slope-of-the-gate", of("no-slope")
        if a["b_u"] is not None:
            yield "bias-dropped", "second-bias-left-out", of("bias-left-out")
    else:
        yield "factor-dropped", "reset-left-out", of("reset-left-out")
    if several and quantity == "dU":
        yield "outer-product-transposed", "state-first", of("state-first")
    elif several and (quantity == "dh" or a["reset"] == "before"):
        yield "transpose-dropped", "U-for-its-transpose", of("U-for-its-transpose")


@COMPUTATIONS.add(
    "gru.reset_backward_step",
    "what the candidate's δ gives the reset gate, the old state through the candidate, or U",
    "before: δr = Uᵀδg ⊙ h ⊙ r(1 − r), dh = Uᵀδg ⊙ r, dU = δg (r ⊙ h)ᵀ; "
    "after: δr = δg ⊙ (U h + b_u) ⊙ r(1 − r), dh = Uᵀ(δg ⊙ r), dU = (δg ⊙ r) hᵀ; column form; "
    "Cho et al. (2014); cuDNN for the reset after the product",
    {
        "delta_g": numbers("∂E/∂ of the candidate's pre-activation"),
        "r": Parameter("numbers", "value of the reset gate", minimum=0, maximum=1, most=8),
        "U": matrix("H × H, in column form"),
        "b_u": numbers("the second bias, with the reset after the product", default=None),
        "h_prev": numbers("the old state"),
        "reset": RESET,
        "quantity": choice("what is asked for", ("delta_r", "dh", "dU")),
    },
    _reset_mistakes,
)
def reset_backward_step(a: Arguments) -> Vector | Matrix:
    """δr, the part of ∂E/∂h_prev that comes through the candidate, or dU."""
    alike(a, "h_prev", "delta_g", "r", "b_u")
    square(a, "U", "h_prev")
    if a["b_u"] is not None and a["reset"] == "before":
        raise ArgumentError("b_u", "is there only with the reset after the product")
    return _reset_backward(a)
