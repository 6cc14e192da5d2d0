"""One step of the LSTM's way back by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from engine.computations import exact
from engine.computations.common import Vector, alike, choice, numbers, wanted
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_NEEDS: Final = {
    "dc": "o",
    "dc_prev": "of",
    "delta_a": "oai",
    "delta_i": "oai",
    "delta_f": "of",
    "delta_o": "o",
}


def cell_of(a: Arguments) -> Vector | None:
    """The new cell f ⊙ c_prev + i ⊙ a; None if not all of it is given."""
    if any(a[name] is None for name in ("a", "i", "f", "c_prev")):
        return None
    return exact.plus(exact.hadamard(a["f"], a["c_prev"]), exact.hadamard(a["i"], a["a"]))


def squashed(a: Arguments) -> Vector:
    """tanh of the new cell, as printed or worked out; raises ArgumentError if they disagree."""
    cell = cell_of(a)
    if a["tanh_c"] is None:
        if cell is None:
            raise ArgumentError("tanh_c", "is needed, or all of a, i, f and c_prev", "missing")
        return exact.activated("tanh", cell)
    given: Vector = a["tanh_c"]
    if cell is not None:
        own = exact.activated("tanh", cell)
        if any(abs(float(x) - float(y)) > 0.01 for x, y in zip(given, own, strict=True)):
            raise ArgumentError("tanh_c", "is not tanh(f ⊙ c_prev + i ⊙ a)")
    return given


def _into_cell(a: Arguments, wrong: str = "") -> Vector:
    t = squashed(a)
    slope: Vector = tuple(1 - x * x for x in t)
    if wrong == "no-slope":
        slope = (Fraction(1),) * len(t)
    elif wrong == "tanh-for-its-square":
        slope = tuple(1 - x for x in t)
    elif wrong == "slope-of-the-sigmoid":
        slope = tuple(x * (1 - x) for x in t)
    gate = (Fraction(1),) * len(t) if wrong == "no-output-gate" else a["o"]
    through_h = exact.hadamard(exact.hadamard(a["dh"], gate), slope)
    if wrong == "dc-left-out":
        return through_h
    if wrong == "dh-left-out":
        found: Vector = a["dc"]
        return found
    return exact.plus(a["dc"], through_h)


def _backward(a: Arguments, wrong: str = "") -> Vector:
    into, quantity = _into_cell(a, wrong), a["quantity"]
    if quantity == "dc":
        return into
    gate: Vector = a["i" if wrong == "exchanged-gates" else "f"] if quantity == "dc_prev" else ()
    if quantity == "dc_prev":
        return exact.hadamard(into, gate) if wrong != "gate-left-out" else into
    own: Vector = a[quantity.removeprefix("delta_")]
    slope: Vector = tuple(1 - x * x if quantity == "delta_a" else x * (1 - x) for x in own)
    if wrong == "no-own-slope":
        slope = (Fraction(1),) * len(own)
    elif wrong == "other-slope":
        slope = tuple(x * (1 - x) if quantity == "delta_a" else 1 - x * x for x in own)
    if quantity == "delta_o":
        t: Vector = squashed(a)
        if wrong == "cell-not-squashed":
            t = cell_of(a) or t
        into, partner = a["dh"], t
    else:
        partner = {"delta_a": a["i"], "delta_i": a["a"], "delta_f": a["c_prev"]}[quantity]
    if wrong == "new-cell":
        partner = cell_of(a) or partner
    elif wrong == "partner-left-out":
        partner = (Fraction(1),) * len(own)
    return exact.hadamard(exact.hadamard(into, partner), slope)


def _backward_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity = a["quantity"]

    def of(wrong: str) -> Vector:
        return _backward(a, wrong)

    if quantity != "delta_o":
        if any(a["dc"]):
            yield "recurrent-path-dropped", "dc-left-out", of("dc-left-out")
        yield "output-path-dropped", "dh-left-out", of("dh-left-out")
        yield "derivative-dropped", "no-slope-of-tanh", of("no-slope")
        yield "power-dropped", "tanh-for-its-square", of("tanh-for-its-square")
        yield "factor-dropped", "no-output-gate", of("no-output-gate")
    if quantity == "dc":
        yield "activation-wrong", "slope-of-the-sigmoid", of("slope-of-the-sigmoid")
    elif quantity == "dc_prev":
        yield "factor-dropped", "forget-gate-left-out", of("gate-left-out")
        if a["i"] is not None:
            yield "gate-roles-swapped", "input-gate-for-forget-gate", of("exchanged-gates")
    else:
        yield "derivative-dropped", "no-slope-of-the-gate", of("no-own-slope")
        yield "activation-wrong", "slope-of-the-other-activation", of("other-slope")
        yield "factor-dropped", "partner-left-out", of("partner-left-out")
        if cell_of(a) is not None and quantity == "delta_f":
            yield "index-shifted", "new-cell-for-old", of("new-cell")
        if cell_of(a) is not None and quantity == "delta_o":
            yield "activation-dropped", "cell-not-squashed", of("cell-not-squashed")


def gates_in_range(a: Arguments) -> None:
    """Refuse a gate below 0."""
    for name in ("o", "i", "f"):
        if a[name] is not None and min(a[name]) < 0:
            raise ArgumentError(name, "is a gate and lies between 0 and 1", "too-small")


def between(meaning: str, **more: Any) -> Parameter:
    """Values of a gate, a candidate or a squashed cell: from −1 to 1."""
    return Parameter("numbers", meaning, minimum=-1, maximum=1, most=8, **more)


@COMPUTATIONS.add(
    "lstm.backward_step",
    "the gradient at the cell, at the old cell, or at a pre-activation, one step back",
    "dc ← dc + dh ⊙ o ⊙ (1 − tanh² c); dc_prev = dc ⊙ f; δa = dc ⊙ i ⊙ (1 − a²), "
    "δi = dc ⊙ a ⊙ i(1 − i), δf = dc ⊙ c_prev ⊙ f(1 − f), δo = dh ⊙ tanh c ⊙ o(1 − o)",
    {
        "dh": numbers("∂E/∂h, from the output and from the next step"),
        "dc": numbers("∂E/∂c from the next step"),
        "o": between("value of the output gate"),
        "a": between("value of the candidate", default=None),
        "i": between("value of the input gate", default=None),
        "f": between("value of the forget gate", default=None),
        "c_prev": numbers("the old cell", default=None),
        "tanh_c": between("tanh of the new cell, if it is printed", default=None),
        "quantity": choice("what is asked for", tuple(_NEEDS)),
    },
    _backward_mistakes,
)
def backward_step(a: Arguments) -> Vector:
    """Gradients for the whole cell, the old cell or a pre-activation."""
    for name in _NEEDS[a["quantity"]]:
        wanted(a, name, a["quantity"])
    if a["quantity"] == "delta_f":
        wanted(a, "c_prev", "delta_f")
    alike(a, "dh", "dc", "o", "a", "i", "f", "c_prev", "tanh_c")
    gates_in_range(a)
    return _backward(a)
