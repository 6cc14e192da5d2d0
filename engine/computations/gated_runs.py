"""An LSTM and a GRU of one unit over some steps, weights and all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Given,
    choice,
    combined,
    fitting,
    numbers,
    step_of,
    weight,
)
from engine.computations.gru import CONVENTION, RESET, mixed, other_convention
from engine.computations.registry import Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

_STEP: Final = Parameter(
    "integer", "t, from 1; the last step if not given", minimum=1, maximum=8, default=None
)


def _weights(meaning: str, parts: str, **more: Any) -> Parameter:
    return numbers(f"{meaning} of {parts}", logarithms=True, **more)


def _plain(entry: Given | None) -> Given:
    return Fraction(0) if entry is None else entry


# --- LSTM ----------------------------------------------------------------------------------------


def _lstm(a: Arguments, wrong: str = "") -> list[dict[str, Entry]]:
    w, u, b = a["w"], a["u"], a["b"] or (Fraction(0),) * 4
    if wrong == "biases-left-out":
        b = (Fraction(0),) * 4
    if wrong == "no-recurrent-part":
        u = (Fraction(0),) * 4
    h, c = exact.number(_plain(a["h0"])), exact.number(_plain(a["c0"]))
    states = []
    for x in a["x"]:
        A = [_total(w[k], x, u[k], h, b[k]) for k in range(4)]
        candidate = exact.activate("tanh", A[0])
        i, f, o = (exact.activate("sigmoid", entry) for entry in A[1:])
        if wrong == "exchanged-gates":
            i, f = f, i
        kept = Fraction(0) if wrong == "cell-not-carried" else f * c
        c = kept + i * candidate
        h = o * exact.activate("tanh", c)
        states.append({"c": c, "h": h})
        if wrong == "cell-fed-back":
            h = c
    return states


def _total(w: Given, x: Fraction, u: Given, h: Entry, b: Given) -> Given:
    if isinstance(h, float):
        return combined((x, w), (Fraction(1), b), (Fraction(1), exact.number(u) * h))
    return combined((x, w), (h, u), (Fraction(1), b))


def _lstm_mistakes(a: Arguments) -> Iterator[Mistake]:
    step, quantity = step_of(a, "step", len(a["x"])), a["quantity"]

    def of(wrong: str) -> Entry:
        return _lstm(a, wrong)[step - 1][quantity]

    carried = step > 1 or bool(a["c0"])
    if (step > 1 or a["h0"]) and any(a["u"]):
        yield "recurrent-path-dropped", "no-recurrent-part", of("no-recurrent-part")
    if carried:
        yield "term-dropped", "cell-not-carried", of("cell-not-carried")
        yield "gate-roles-swapped", "exchanged-gates", of("exchanged-gates")
    if a["b"] is not None and any(a["b"]):
        yield "bias-dropped", "biases-left-out", of("biases-left-out")
    if step > 1:
        yield "states-confused", "cell-fed-back", of("cell-fed-back")
        yield "index-shifted", "one-step-early", _lstm(a)[step - 2][quantity]
    other = "c" if quantity == "h" else "h"
    yield "left-side-wrong", f"{other}-for-{quantity}", _lstm(a)[step - 1][other]


@COMPUTATIONS.add(
    "lstm.scalar_forward",
    "the cell or the hidden state of an LSTM of one unit after some steps",
    "A = w x + u h_prev + b; a = tanh, i, f, o = σ; c = f c_prev + i a, h = o tanh(c); "
    "Gers, Schmidhuber, Cummins (2000)",
    {
        "w": _weights("input weights", "a, i, f, o"),
        "u": _weights("recurrent weights", "a, i, f, o"),
        "b": _weights("biases", "a, i, f, o", default=None),
        "x": numbers("the inputs, one a time step"),
        "h0": weight("initial hidden state, zero if not given", default=None),
        "c0": weight("initial cell, zero if not given", default=None),
        "quantity": choice("what is asked for", ("h", "c")),
        "step": _STEP,
    },
    _lstm_mistakes,
)
def lstm_forward(a: Arguments) -> Entry:
    """h or c at step t."""
    for name in ("w", "u", *(("b",) if a["b"] is not None else ())):
        fitting(a, name, 4)
    return _lstm(a)[step_of(a, "step", len(a["x"])) - 1][a["quantity"]]


# --- GRU -----------------------------------------------------------------------------------------


def _candidate(a: Arguments, x: Fraction, h: Entry, r: Entry, wrong: str) -> Given:
    w, u, b = a["w"][2], a["u"][2], _biases(a, wrong)[2]
    b_u = _plain(a["b_u"])
    after = (a["reset"] == "after") != (wrong == "other-place")
    if wrong == "reset-left-out":
        r = Fraction(1)
    seen = r * h
    if isinstance(seen, float) or (after and b_u != 0):
        second = r * exact.number(b_u) if after else exact.number(b_u)
        recurrent = exact.number(u) * seen + second
        return combined((x, w), (Fraction(1), b), (Fraction(1), recurrent))
    return combined((x, w), (seen, u), (Fraction(1), b), (Fraction(1), b_u))


def _biases(a: Arguments, wrong: str) -> Sequence[Given]:
    if a["b"] is None or wrong == "biases-left-out":
        return (Fraction(0),) * 3
    found: Sequence[Given] = a["b"]
    return found


def _gru(a: Arguments, wrong: str = "") -> list[Entry]:
    convention = a["z_convention"]
    if wrong == "other-convention":
        convention = other_convention(convention)
    if wrong == "no-recurrent-part":
        a = {**a, "u": (Fraction(0),) * 3}
    h: Entry = exact.number(_plain(a["h0"]))
    states = []
    for x in a["x"]:
        b = _biases(a, wrong)
        r, z = (
            exact.activate("sigmoid", _total(a["w"][k], x, a["u"][k], h, b[k])) for k in range(2)
        )
        if wrong == "exchanged-gates":
            r, z = z, r
        g = exact.activate("tanh", _candidate(a, x, h, r, wrong))
        h = g if wrong == "candidate-for-state" else mixed(convention, (z,), (h,), (g,))[0]
        states.append(h)
    return states


def _gru_mistakes(a: Arguments) -> Iterator[Mistake]:
    step = step_of(a, "step", len(a["x"]))

    def of(wrong: str) -> Entry:
        return _gru(a, wrong)[step - 1]

    seen = step > 1 or bool(a["h0"])
    yield "gate-roles-swapped", "other-convention", of("other-convention")
    yield "gate-roles-swapped", "reset-for-update", of("exchanged-gates")
    yield "states-confused", "candidate-for-state", of("candidate-for-state")
    if seen and any(a["u"]):
        yield "recurrent-path-dropped", "no-recurrent-part", of("no-recurrent-part")
    if seen and a["u"][2] != 0:
        yield "factor-dropped", "reset-left-out", of("reset-left-out")
    if a["b_u"]:
        # For one unit without that bias, both places give the same.
        yield "reset-misplaced", "other-place", of("other-place")
    if a["b"] is not None and any(a["b"]):
        yield "bias-dropped", "biases-left-out", of("biases-left-out")
    if step > 1:
        yield "index-shifted", "one-step-early", _gru(a)[step - 2]


@COMPUTATIONS.add(
    "gru.scalar_forward",
    "the state of a GRU of one unit after some steps, in each of the four conventions",
    "r, z = σ(w x + u h_prev + b); before: g = tanh(w x + u (r h_prev) + b + b_u), "
    "after: g = tanh(w x + b + r (u h_prev + b_u)); h = (1 − z) h_prev + z g, or "
    "h = z h_prev + (1 − z) g; Cho et al. (2014), Chung et al. (2014)",
    {
        "w": _weights("input weights", "r, z and the candidate"),
        "u": _weights("recurrent weights", "r, z and the candidate"),
        "b": _weights("biases", "r, z and the candidate", default=None),
        "b_u": weight("the second bias of the candidate", default=None),
        "x": numbers("the inputs, one a time step"),
        "h0": weight("initial state, zero if not given", default=None),
        "reset": RESET,
        "z_convention": CONVENTION,
        "step": _STEP,
    },
    _gru_mistakes,
)
def gru_forward(a: Arguments) -> Entry:
    """h at step t."""
    for name in ("w", "u", *(("b",) if a["b"] is not None else ())):
        fitting(a, name, 3)
    return _gru(a)[step_of(a, "step", len(a["x"])) - 1]
