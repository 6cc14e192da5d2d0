"""The way back through an LSTM with peepholes: what the gates' looks at the cell add."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.computations import exact
from engine.computations.common import Vector, alike, choice, numbers
from engine.computations.lstm_backward import between, cell_of, gates_in_range, squashed
from engine.computations.registry import Arguments, Mistake, Registry

COMPUTATIONS: Final = Registry()

_QUANTITIES: Final = ("dc", "dc_prev", "dp_i", "dp_f", "dp_o")


def _logistic(gate: Vector) -> Vector:
    return tuple(y * (1 - y) for y in gate)


def _of_output_gate(a: Arguments, wrong: str) -> Vector:
    delta = exact.hadamard(a["dh"], squashed(a))
    return delta if wrong == "no-own-slope" else exact.hadamard(delta, _logistic(a["o"]))


def _into_cell(a: Arguments, wrong: str) -> Vector:
    slope = tuple(1 - t * t for t in squashed(a))
    total = exact.hadamard(exact.hadamard(a["dh"], a["o"]), slope)
    if wrong == "dh-left-out":
        total = exact.scaled(0, total)
    if wrong != "dc-left-out":
        total = exact.plus(total, a["dc"])
    if wrong == "peephole-of-o-left-out":
        return total
    return exact.plus(total, exact.hadamard(_of_output_gate(a, ""), a["p_o"]))


def _of_gate(a: Arguments, name: str, into: Vector, wrong: str = "") -> Vector:
    partner = a["a"] if name == "i" else a["c_prev"]
    delta = exact.hadamard(into, partner)
    return delta if wrong == "no-own-slope" else exact.hadamard(delta, _logistic(a[name]))


def _backward(a: Arguments, wrong: str = "") -> Vector:
    quantity, into = a["quantity"], _into_cell(a, wrong)
    cell = cell_of(a)
    assert cell is not None
    if quantity == "dc":
        return into
    if quantity == "dp_o":
        seen = a["c_prev"] if wrong == "other-cell" else cell
        return exact.hadamard(_of_output_gate(a, wrong), seen)
    if quantity != "dc_prev":
        name = quantity[-1]
        if wrong == "other-gate":
            name = "f" if name == "i" else "i"
        seen = cell if wrong == "other-cell" else a["c_prev"]
        return exact.hadamard(_of_gate(a, name, into, wrong), seen)
    total = into if wrong == "forget-gate-left-out" else exact.hadamard(into, a["f"])
    for name in "if":
        if wrong not in ("no-peepholes", f"peephole-of-{name}-left-out"):
            seen = exact.hadamard(_of_gate(a, name, into), a[f"p_{name}"])
            total = exact.plus(total, seen)
    if wrong == "peephole-of-o-here":
        total = exact.plus(total, exact.hadamard(_of_output_gate(a, ""), a["p_o"]))
    return total


def _backward_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity = a["quantity"]

    def of(wrong: str) -> Vector:
        return _backward(a, wrong)

    if quantity != "dp_o":
        yield "term-dropped", "peephole-of-o-left-out", of("peephole-of-o-left-out")
        yield "recurrent-path-dropped", "dc-left-out", of("dc-left-out")
        yield "output-path-dropped", "dh-left-out", of("dh-left-out")
    if quantity == "dc_prev":
        for note in ("peephole-of-i-left-out", "peephole-of-f-left-out", "no-peepholes"):
            yield "term-dropped", note, of(note)
        yield "factor-dropped", "forget-gate-left-out", of("forget-gate-left-out")
        # The output gate looks at the new cell: it has no part in the old one's gradient.
        yield "term-added", "peephole-of-o-here", of("peephole-of-o-here")
    elif quantity != "dc":
        yield "index-shifted", "other-cell", of("other-cell")
        yield "derivative-dropped", "no-slope-of-the-gate", of("no-own-slope")
        if quantity != "dp_o":
            yield "gate-roles-swapped", "other-gate", of("other-gate")


@COMPUTATIONS.add(
    "lstm.peephole_backward_step",
    "the gradient at the cell, at the old cell, or of a peephole, one step back with peepholes",
    "dc ← dc + dh ⊙ o ⊙ (1 − tanh² c) + δo ⊙ p_o; dc_prev = dc ⊙ f + δi ⊙ p_i + δf ⊙ p_f; "
    "dp_i = δi ⊙ c_prev, dp_f = δf ⊙ c_prev, dp_o = δo ⊙ c; Gers, Schraudolph, Schmidhuber (2002)",
    {
        "dh": numbers("∂E/∂h, from the output and from the next step"),
        "dc": numbers("∂E/∂c from the next step"),
        "o": between("value of the output gate"),
        "a": between("value of the candidate"),
        "i": between("value of the input gate"),
        "f": between("value of the forget gate"),
        "c_prev": numbers("the old cell"),
        "tanh_c": between("tanh of the new cell, if it is printed", default=None),
        "p_i": numbers("peephole of the input gate"),
        "p_f": numbers("peephole of the forget gate"),
        "p_o": numbers("peephole of the output gate"),
        "quantity": choice("what is asked for", _QUANTITIES),
    },
    _backward_mistakes,
)
def backward_step(a: Arguments) -> Vector:
    """Gradients for the whole cell, the old cell, or a diagonal peephole."""
    alike(a, "dh", "dc", "o", "a", "i", "f", "c_prev", "tanh_c", "p_i", "p_f", "p_o")
    gates_in_range(a)
    return _backward(a)
