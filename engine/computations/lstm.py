"""The LSTM by hand: how many parameters, one step forward, how long it remembers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from engine.computations import exact
from engine.computations.common import (
    Entry,
    Given,
    Vector,
    alike,
    choice,
    mean,
    numbers,
    product,
    size,
    wanted,
)
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

# --- how many parameters -------------------------------------------------------------------------

_PEEPHOLES: Final = ("none", "diagonal", "full")


def _count(a: Arguments, blocks: int = 4, **but: Any) -> int:
    a = {**a, **but}
    D, H = a["D"], a["H"]
    recurrent = H * H if a.get("recurrent", True) else 0
    seen = {"none": 0, "diagonal": 3 * H, "full": 3 * H * H}[a["peepholes"]]
    return int(blocks * (H * D + recurrent + a["biases"] * H) + seen)


def _count_mistakes(a: Arguments) -> Iterator[Mistake]:
    H = a["H"]
    yield "term-dropped", "candidate-left-out", _count(a, blocks=3)
    yield "factor-dropped", "one-block", _count(a, blocks=1)
    yield "recurrent-path-dropped", "no-recurrent-matrix", _count(a, recurrent=False)
    if a["biases"] == 0:
        yield "term-added", "biases-counted", _count(a, biases=1)
    else:
        yield "bias-dropped", "no-biases", _count(a, biases=0)
    if a["biases"] == 2:
        yield "bias-dropped", "one-bias-of-two", _count(a, biases=1)
    if a["peepholes"] != "none":
        yield "term-dropped", "peepholes-left-out", _count(a, peepholes="none")
        unit = H if a["peepholes"] == "diagonal" else H * H
        yield "factor-added", "four-peepholes", _count(a) + unit
    if a["peepholes"] == "diagonal":
        yield "matrix-for-elementwise", "full-peepholes", _count(a, peepholes="full")
    if a["peepholes"] == "full":
        yield "elementwise-for-matrix", "diagonal-peepholes", _count(a, peepholes="diagonal")


@COMPUTATIONS.add(
    "lstm.parameter_count",
    "parameters of an LSTM: 4 (HD + H² + H), with peepholes 3H or 3H² more",
    "three gates and a candidate, each W (D × H), U (H × H), b (H); Gers, Schmidhuber (2000) for "
    "the peepholes",
    {
        "D": size("inputs"),
        "H": size("hidden units"),
        "biases": Parameter(
            "integer", "bias vectors a block: 2 in PyTorch", minimum=0, maximum=2, default=1
        ),
        "peepholes": choice(
            "whether the gates see the cell: through vectors, matrices", _PEEPHOLES
        ),
    },
    _count_mistakes,
)
def parameter_count(a: Arguments) -> int:
    """4 (HD + H² + biases · H) + 3H or 3H²."""
    return _count(a)


# --- one step forward ----------------------------------------------------------------------------

_GATES: Final = ("a", "i", "f", "o")
_ACTIVATIONS: Final = {"a": "tanh", "i": "sigmoid", "f": "sigmoid", "o": "sigmoid"}


def _with_peephole(A: Sequence[Given], p: Vector | None, c: Vector) -> tuple[Given, ...]:
    if p is None:
        return tuple(A)
    seen = exact.hadamard(p, c)
    # A logarithm stays one where the peephole adds nothing.
    return tuple(x if s == 0 else exact.number(x) + s for x, s in zip(A, seen, strict=True))


def _step(a: Arguments, wrong: str = "") -> dict[str, Vector]:
    """Gate values, c and h; ``wrong`` names one mistake in the equations."""
    old: Vector = a["c_prev"]
    seeing = wrong != "no-peepholes"

    def gate(name: str, cell: Vector) -> Vector:
        if a["given"] == "gates":
            found: Vector = a[name]
            return found
        f = _ACTIVATIONS[name]
        if wrong == "exchanged-activations":
            f = "sigmoid" if f == "tanh" else "tanh"
        elif wrong == f"raw-{name}":
            f = "identity"
        p = a[f"p_{name}"] if name != "a" and seeing else None
        return exact.activated(f, _with_peephole(a[name], p, cell))

    candidate, i, f = (gate(name, old) for name in "aif")
    kept, stored = exact.hadamard(f, old), exact.hadamard(i, candidate)
    if wrong == "exchanged-gates":
        kept, stored = exact.hadamard(i, old), exact.hadamard(f, candidate)
    elif wrong == "forget-gate-left-out":
        kept = old
    elif wrong == "input-gate-left-out":
        stored = candidate
    elif wrong == "old-cell-left-out":
        kept = exact.scaled(0, kept)
    elif wrong == "candidate-left-out":
        stored = exact.scaled(0, stored)
    cell = exact.plus(kept, stored)
    o = gate("o", old if wrong == "o-sees-the-old-cell" else cell) if a["o"] is not None else ()
    shown = cell if wrong in ("cell-not-squashed", "cell-inside") else exact.activated("tanh", cell)
    if wrong == "old-cell-shown":
        shown = exact.activated("tanh", old)
    h = exact.hadamard(o, shown) if o else ()
    if wrong == "cell-inside":
        h = exact.activated("tanh", h)
    if wrong == "output-gate-left-out":
        h = shown
    return {"a": candidate, "i": i, "f": f, "c": cell, "o": o, "h": h}


def _checked_step(a: Arguments) -> None:
    if a["quantity"] in ("o", "h"):
        wanted(a, "o", a["quantity"])
    alike(a, "c_prev", *_GATES, "p_i", "p_f", "p_o")
    for name in _GATES:
        if a["given"] == "gates" and a[name] is not None:
            low = -1 if name == "a" else 0
            if not all(low <= exact.number(entry) <= 1 for entry in a[name]):
                raise ArgumentError(name, f"has to lie between {low} and 1")
    if a["given"] == "gates" and any(a[f"p_{name}"] is not None for name in "ifo"):
        raise ArgumentError("given", "has to be pre-activations for peepholes to act")


def _step_mistakes(a: Arguments) -> Iterator[Mistake]:
    quantity, raw = a["quantity"], a["given"] == "pre-activations"

    def of(wrong: str) -> Vector:
        return _step(a, wrong)[quantity]

    if quantity in ("c", "h"):
        yield "gate-roles-swapped", "exchanged-gates", of("exchanged-gates")
        yield "factor-dropped", "forget-gate-left-out", of("forget-gate-left-out")
        yield "factor-dropped", "input-gate-left-out", of("input-gate-left-out")
        yield "recurrent-path-dropped", "old-cell-left-out", of("old-cell-left-out")
        yield "term-dropped", "candidate-left-out", of("candidate-left-out")
    if quantity == "h":
        yield "activation-dropped", "cell-not-squashed", of("cell-not-squashed")
        yield "parentheses-misplaced", "tanh-of-the-product", of("cell-inside")
        yield "output-path-dropped", "output-gate-left-out", of("output-gate-left-out")
        yield "states-confused", "old-cell-shown", of("old-cell-shown")
        yield "left-side-wrong", "cell-for-hidden-state", _step(a)["c"]
    if raw:
        yield "activation-wrong", "exchanged-activations", of("exchanged-activations")
        if quantity in _GATES:
            yield "activation-dropped", "pre-activation", of(f"raw-{quantity}")
        sees = [n for n in ("ifo" if quantity == "h" else quantity) if a.get(f"p_{n}") is not None]
        if quantity == "c":
            sees = [n for n in "if" if a[f"p_{n}"] is not None]
        if sees:
            yield "term-dropped", "no-peepholes", of("no-peepholes")
        if "o" in sees:
            yield "index-shifted", "o-sees-the-old-cell", of("o-sees-the-old-cell")


def _gate(meaning: str, **more: Any) -> Parameter:
    return numbers(f"{meaning}; its value or its pre-activation", logarithms=True, **more)


@COMPUTATIONS.add(
    "lstm.step",
    "a gate, the cell or the hidden state after one step of an LSTM",
    "c = f ⊙ c_prev + i ⊙ a, h = o ⊙ tanh(c); i and f see c_prev through a peephole, o sees c; "
    "Gers, Schmidhuber, Cummins (2000)",
    {
        "a": _gate("candidate"),
        "i": _gate("input gate"),
        "f": _gate("forget gate"),
        "o": _gate("output gate", default=None),
        "c_prev": numbers("the old cell"),
        "given": choice("what a, i, f and o are", ("gates", "pre-activations")),
        "p_i": numbers("peephole of the input gate", default=None),
        "p_f": numbers("peephole of the forget gate", default=None),
        "p_o": numbers("peephole of the output gate", default=None),
        "quantity": choice("what is asked for", ("c", "h", *_GATES)),
    },
    _step_mistakes,
)
def step(a: Arguments) -> Vector:
    """c, h, or a gate."""
    _checked_step(a)
    return _step(a)[a["quantity"]]


# --- how long it remembers -----------------------------------------------------------------------


def _factors(a: Arguments) -> Vector:
    f: Vector = a["f"]
    if a["T"] is None:
        return f
    if len(f) > 1:
        raise ArgumentError("T", "goes with one forget gate for all steps; here each has its own")
    return f * int(a["T"])


def _retention_mistakes(a: Arguments) -> Iterator[Mistake]:
    factors = _factors(a)
    T, right = len(factors), product(factors)
    yield "gate-roles-swapped", "share-forgotten", 1 - right
    if T > 1:
        forgotten = product([1 - f for f in factors])
        yield "factor-added", "forgotten-at-each-step", forgotten
        yield "power-dropped", "one-step", factors[-1]
        if len(set(factors)) > 1:
            yield "mean-for-sum", "mean-of-the-gates", mean([(f,) for f in factors])[0]
    if len(set(factors)) == 1:
        yield "product-lengthened", "one-factor-more", right * factors[0]
        if T > 1:
            yield "power-dropped", "times-the-steps", factors[0] * T


@COMPUTATIONS.add(
    "lstm.retention",
    "what is left of a cell's value, and of its gradient, after T steps",
    "∂c_T/∂c_0 = Π f_t with the gates held fixed; 0.9²⁰ = 0.122",
    {
        "f": Parameter(
            "numbers", "the forget gate, one or one a step", minimum=0, maximum=1, most=12
        ),
        "T": Parameter("integer", "steps with that gate", minimum=1, maximum=60, default=None),
    },
    _retention_mistakes,
)
def retention(a: Arguments) -> Entry:
    """Π f."""
    return product(_factors(a))


def _initial(b: Given, T: int, f: str = "sigmoid") -> Entry:
    return product((exact.activate(f, b),) * T)


def _initial_mistakes(a: Arguments) -> Iterator[Mistake]:
    b, T = a["b"], a["T"]
    right = _initial(b, T)
    if b != 0:
        yield "bias-dropped", "bias-0", _initial(Fraction(0), T)
        yield "sign-flipped", "minus-b", _initial(-b, T)
        yield "activation-wrong", "tanh-for-sigmoid", _initial(b, T, "tanh")
        yield "activation-dropped", "bias-for-gate", _initial(b, T, "identity")
    if T > 1:
        yield "power-dropped", "one-step", _initial(b, 1)
    yield "gate-roles-swapped", "share-forgotten", 1 - right


@COMPUTATIONS.add(
    "lstm.initial_retention",
    "what is left of a cell after T steps while the forget gate is still at its bias",
    "σ(b)ᵀ: with small weights the gate begins at σ(b), 0.5 for b = 0 and 0.73 for b = 1; "
    "Jozefowicz, Zaremba, Sutskever (2015)",
    {
        "b": Parameter(
            "number",
            "bias of the forget gate, such as 1 or ln 3",
            minimum=-20,
            maximum=20,
            logarithms=True,
        ),
        "T": Parameter("integer", "steps", minimum=1, maximum=60),
    },
    _initial_mistakes,
)
def initial_retention(a: Arguments) -> Entry:
    """σ(b)^T."""
    return _initial(a["b"], a["T"])
