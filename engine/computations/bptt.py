"""Backpropagation through time by hand: sums over lags, memory, one step of the recursion."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from engine.computations import exact
from engine.computations.common import HIDDEN_ACTIVATIONS, choice, matrix, numbers, wanted
from engine.computations.exact import Matrix, Vector
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.parameters import Parameter

COMPUTATIONS: Final = Registry()

CURVED: Final = ("sigmoid", "tanh")
HORIZON: Final = "how many steps a loss travels back: s = 0, …, T_t"


def lag(meaning: str, **more: Any) -> Parameter:
    """A count of steps; bounds may be overridden."""
    return Parameter("integer", meaning, **{"minimum": 0, "maximum": 1000, **more})


# --- sums ----------------------------------------------------------------------------------------


def _terms_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield "sum-shortened", "T_t-terms", a["T_t"]
    yield "sum-lengthened", "one-term-more", a["T_t"] + 2


@COMPUTATIONS.add(
    "bptt.sum_terms",
    "terms of the sum over s = 0, …, T_t",
    "counting: both limits belong to the sum",
    {"T_t": lag(HORIZON)},
    _terms_mistakes,
)
def sum_terms(a: Arguments) -> int:
    """T_t + 1."""
    return int(a["T_t"]) + 1


def _admissible_mistakes(a: Arguments) -> Iterator[Mistake]:
    yield "sum-lengthened", "reads-the-input-of-step-0", a["t"]
    if a["t"] > 1:
        yield "sum-shortened", "first-step-left-out", a["t"] - 2


@COMPUTATIONS.add(
    "bptt.admissible_truncation",
    "the largest T_t for the loss of step t: the sums then reach back to the first input and z⁰",
    "x¹, …, xᵗ and z⁰ are all there is, so t − s has to be at least 1",
    {"t": lag("step of the loss, from 1", minimum=1)},
    _admissible_mistakes,
)
def admissible_truncation(a: Arguments) -> int:
    """t − 1."""
    return int(a["t"]) - 1


# --- memory --------------------------------------------------------------------------------------


def _kept(a: Arguments, method: str, extra: int = 0) -> int:
    steps = a["T"] if method == "full" else min(a["tau"], a["T"])
    states = steps + extra + (1 if a["initial_state"] == "counted" else 0)
    return int(states * (a["N"] * a["H"] if a["count"] == "numbers" else 1))


def _memory_mistakes(a: Arguments) -> Iterator[Mistake]:
    if a["method"] == "truncated" and a["tau"] < a["T"]:
        yield "sum-lengthened", "whole-history-kept", _kept(a, "full")
    if a["initial_state"] == "counted":
        yield "index-shifted", "initial-state-left-out", _kept(a, a["method"], -1)
    else:
        yield "index-shifted", "initial-state-counted", _kept(a, a["method"], 1)
    if a["count"] == "numbers" and a["N"] > 1:
        yield "factor-dropped", "one-sample", _kept({**a, "N": 1}, a["method"])
    if a["count"] == "numbers" and a["H"] > 1:
        yield "factor-dropped", "one-unit", _kept({**a, "H": 1}, a["method"])


@COMPUTATIONS.add(
    "bptt.memory",
    "hidden states that a backward pass needs: T for the whole history, τ if it is cut every τ",
    "Williams, Peng (1990); truncated to τ steps, only the last τ states are unrolled",
    {
        "method": choice("BPTT", ("full", "truncated")),
        "T": lag("length of the sequence", minimum=1, maximum=1_000_000),
        "tau": lag("steps between cuts", minimum=1, maximum=1_000_000, default=None),
        "count": choice("what is counted", ("states", "numbers")),
        "H": lag("hidden units", minimum=1, maximum=4096, default=1),
        "N": lag("sequences in the batch", minimum=1, maximum=4096, default=1),
        "initial_state": choice("the state before the first step", ("not-counted", "counted")),
    },
    _memory_mistakes,
)
def memory(a: Arguments) -> int:
    """T or min(τ, T) states, times N · H if numbers are counted."""
    if a["method"] == "truncated":
        wanted(a, "tau", "truncated BPTT")
    return _kept(a, a["method"])


# --- one step of the recursion -------------------------------------------------------------------


def _step_parts(a: Arguments) -> tuple[Vector, Vector | None, Matrix, Matrix | None]:
    """δᵗ⁺¹, δ^{out,t} (None for a lag ≥ 1 of one loss), W and W_out in column form, checked."""
    H = len(a["u"])
    W, W_out = a["W"], a["W_out"]
    if a["form"] == "row":
        W, W_out = exact.transpose(W), None if W_out is None else exact.transpose(W_out)
    if (len(W), len(W[0])) != (H, H):
        raise ArgumentError("W", f"has to be {H} × {H}, as u has {H} entries")
    if len(a["delta_next"]) != H:
        raise ArgumentError("delta_next", f"has to have {H} entries")
    if (W_out is None) != (a["delta_out"] is None):
        lacking = "W_out" if W_out is None else "delta_out"
        raise ArgumentError(lacking, "is missing: W_out and delta_out go together", "missing")
    if W_out is not None and (len(W_out), len(W_out[0])) != (len(a["delta_out"]), H):
        raise ArgumentError("W_out", f"does not lead from {len(a['delta_out'])} outputs to {H}")
    return a["delta_next"], a["delta_out"], W, W_out


def _step_delta(
    a: Arguments, *, through_time: bool = True, output: bool = True, turned: bool = True
) -> Vector:
    delta_next, delta_out, W, W_out = _step_parts(a)
    arriving: Vector = (Fraction(0),) * len(a["u"])
    if through_time:
        arriving = exact.times(exact.transpose(W) if turned else W, delta_next)
    if output and W_out is not None and delta_out is not None:
        arriving = exact.plus(arriving, exact.times(exact.transpose(W_out), delta_out))
    return arriving


def _delta_step_mistakes(a: Arguments) -> Iterator[Mistake]:
    f, u = a["f"], a["u"]
    slope = exact.derivatives(f, u)
    if a["W_out"] is not None:
        alone = exact.hadamard(slope, _step_delta(a, through_time=False))
        yield "recurrent-path-dropped", "output-part-only", alone
        alone = exact.hadamard(slope, _step_delta(a, output=False))
        yield "output-path-dropped", "recurrent-part-only", alone
    if len(u) > 1:
        turned = exact.hadamard(slope, _step_delta(a, turned=False))
        yield "transpose-dropped", "W-for-its-transpose", turned
    if f != "identity":
        yield "derivative-dropped", "no-slope", _step_delta(a)
        if a["W_out"] is not None:
            through_time = exact.hadamard(slope, _step_delta(a, output=False))
            misplaced = exact.plus(through_time, _step_delta(a, through_time=False))
            yield "parentheses-dropped", "slope-on-the-recurrent-part-only", misplaced
    if f in CURVED:
        of_z = exact.derivatives(f, exact.activated(f, u))
        found = exact.hadamard(of_z, _step_delta(a))
        yield "derivative-of-wrong-argument", "slope-of-z", found
        value = exact.hadamard(exact.activated(f, u), _step_delta(a))
        yield "derivative-dropped", "z-for-the-slope", value


@COMPUTATIONS.add(
    "bptt.delta_step",
    "δᵗ from δᵗ⁺¹ (and δ^{out,t}, unless only one later loss counts)",
    "δᵗ = f′(uᵗ) ⊙ (Wᵀδᵗ⁺¹ + W_outᵀδ^{out,t}); Goodfellow et al. (2016), section 10.2.2",
    {
        "u": numbers("the pre-activation uᵗ", logarithms=True),
        "f": choice("hidden activation", HIDDEN_ACTIVATIONS),
        "delta_next": numbers("δᵗ⁺¹"),
        "W": matrix("H × H"),
        "delta_out": numbers("δ^{out,t}; leave out for a lag of one later loss", default=None),
        "W_out": matrix("K × H in column form, H × K in row form", default=None),
        "form": choice("how the matrices are given", ("column", "row")),
    },
    _delta_step_mistakes,
)
def delta_step(a: Arguments) -> Vector:
    """f′(uᵗ) ⊙ (Wᵀδᵗ⁺¹ + W_outᵀδ^{out,t})."""
    return exact.hadamard(exact.derivatives(a["f"], a["u"]), _step_delta(a))


# --- gradients of one step -----------------------------------------------------------------------


def _outer(a: Arguments) -> Matrix:
    product = exact.outer(a["delta"], a["signal"])
    return product if a["form"] == "column" else exact.transpose(product)


def _outer_mistakes(a: Arguments) -> Iterator[Mistake]:
    if len(a["delta"]) > 1 or len(a["signal"]) > 1:
        yield "outer-product-transposed", "signal-first", exact.transpose(_outer(a))
    if len(a["delta"]) == len(a["signal"]) > 1:
        products = exact.hadamard(a["delta"], a["signal"])
        yield "elementwise-for-matrix", "entry-by-entry", products
        yield "order-swapped", "inner-product", sum(products, Fraction(0))


@COMPUTATIONS.add(
    "bptt.weight_gradient_term",
    "one term of a weight's gradient: δxᵀ in column form, xᵀδ in row form",
    "∂u_i/∂W_ij = x_j, so ∂E/∂W_ij = δ_i x_j",
    {
        "delta": numbers("δ of the layer that the weights lead to"),
        "signal": numbers("what the weights take: x, the previous z, or z"),
        "form": choice("orientation of the weights", ("column", "row")),
    },
    _outer_mistakes,
)
def weight_gradient_term(a: Arguments) -> Matrix:
    """The outer product, in the shape of the weights."""
    return _outer(a)


def _bias_mistakes(a: Arguments) -> Iterator[Mistake]:
    rows: Matrix = a["delta"]
    if len(rows) > 1 or len(rows[0]) > 1:
        yield "axis-wrong", "over-the-units", tuple(sum(row, Fraction(0)) for row in rows)
    if len(rows) > 1:
        mean = exact.scaled(Fraction(1, len(rows)), exact.plus(*rows))
        yield "mean-for-sum", "mean-over-rows", mean
        yield "sum-dropped", "last-row-only", rows[-1]


@COMPUTATIONS.add(
    "bptt.bias_gradient",
    "the gradient of a bias: δ summed over batch and time",
    "∂u_i/∂b_i = 1 for each sample and step",
    {"delta": matrix("δ in row form: one row a sample or time step")},
    _bias_mistakes,
)
def bias_gradient(a: Arguments) -> Vector:
    """delta.sum(axis=0)."""
    return exact.plus(*a["delta"])
