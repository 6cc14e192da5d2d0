"""Both directions meet: the states side by side, and the way back into each half."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations import exact
from engine.computations.common import Matrix, Vector, alike, choice, matrix, numbers
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

_SOURCE: Final = "Schuster, Paliwal (1997)"


def _joined(forward: Matrix, backward: Matrix) -> Matrix:
    return tuple((*f, *b) for f, b in zip(forward, backward, strict=True))


def _joined_mistakes(a: Arguments) -> Iterator[Mistake]:
    forward, backward = a["h_f"], a["h_b"]
    in_order = backward[::-1]
    if in_order != backward:
        yield "index-shifted", "not-turned-round", _joined(forward, backward)
        yield "wrong-signal", "forward-turned-too", _joined(forward[::-1], in_order)
    yield "axis-wrong", "along-time", (*forward, *in_order)
    added = tuple(exact.plus(f, b) for f, b in zip(forward, in_order, strict=True))
    yield "sum-added", "added-up", added
    yield "order-swapped", "backward-first", _joined(in_order, forward)


@COMPUTATIONS.add(
    "bidirectional.concatenated",
    "the states of both directions side by side, one row a time step",
    "np.concatenate([h_f, h_b[::-1]], axis=1): the backward states come in the order in which that "
    f"direction reads, the last input first; {_SOURCE}",
    {
        "h_f": matrix("states of the forward direction, one row a step of its own"),
        "h_b": matrix("states of the backward direction, one row a step of its own"),
    },
    _joined_mistakes,
)
def concatenated(a: Arguments) -> Matrix:
    """[h_f; h_b] at each time."""
    alike(a, "h_f", "h_b")
    if len(a["h_f"][0]) != len(a["h_b"][0]):
        raise ArgumentError("h_b", f"has to have {len(a['h_f'][0])} units, as h_f has")
    return _joined(a["h_f"], a["h_b"][::-1])


def _halves(a: Arguments) -> tuple[Vector, Vector]:
    both = exact.times(exact.transpose(a["V"]), a["delta_out"])
    H = len(both) // 2
    return both[:H], both[H:]


def _half_mistakes(a: Arguments) -> Iterator[Mistake]:
    forward, backward = _halves(a)
    right, other = (forward, backward) if a["direction"] == "forward" else (backward, forward)
    yield "states-confused", "other-half", other
    yield "sum-added", "both-halves", exact.plus(forward, backward)
    yield "shape-wrong", "not-split", (*forward, *backward)
    yield "sign-flipped", "minus", exact.scaled(-1, right)


@COMPUTATIONS.add(
    "bidirectional.split_gradient",
    "the part of ∂E/∂[h_f; h_b] that goes into one direction's way back through time",
    f"Vᵀ δ^out: the first H entries for the forward direction, the last H for the other; {_SOURCE}",
    {
        "V": matrix("K × 2H, in column form"),
        "delta_out": numbers("δ^out of this step"),
        "direction": choice("whose part", ("forward", "backward")),
    },
    _half_mistakes,
)
def split_gradient(a: Arguments) -> Vector:
    """One half of Vᵀ δ^out."""
    alike(a, "delta_out", "V")
    if len(a["V"][0]) % 2:
        raise ArgumentError("V", "has to have 2H columns, an even number")
    forward, backward = _halves(a)
    return forward if a["direction"] == "forward" else backward
