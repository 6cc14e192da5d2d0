"""Gradients of a whole run by hand: over the whole history, and truncated."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from engine.computations import exact
from engine.computations.bptt import CURVED, HORIZON, lag
from engine.computations.common import HIDDEN_ACTIVATIONS, choice, matrix, numbers, weight
from engine.computations.exact import Matrix, Vector
from engine.computations.network import Backward, Network, Run
from engine.computations.registry import ArgumentError, Arguments, Mistake, Registry
from engine.computations.rnn import (
    PAIRS,
    SCALAR_NETWORK,
    network_of,
    scalar_network_arguments,
    sequence_of,
)

COMPUTATIONS: Final = Registry()


def _prepared(a: Arguments) -> tuple[Network, Run, tuple[Vector, ...], Backward, str]:
    if a["W_out"] is None:
        raise ArgumentError("w_out" if "w_out" in a else "W_out", "is missing", "missing")
    network = network_of(a, a["output"])
    x = sequence_of(a, "x", len(network.W_in[0]))
    d = sequence_of(a, "d", len(network.c))
    if a["loss"] == "step" and len(d) == 1:
        # The only target that counts; the others are never looked at.
        d = (d[0],) * len(x)
    if len(x) != len(d):
        raise ArgumentError("d", f"has to have a target for each of {len(x)} steps; has {len(d)}")
    rules = Backward(loss=a["loss"], lags=a["T_t"])
    return network, network.run(x), d, rules, a["parameter"]


def _as_given(gradient: Matrix, a: Arguments) -> Matrix | Vector:
    if a["parameter"] in ("b", "c"):
        return tuple(row[0] for row in gradient)
    return exact.transpose(gradient) if a["form"] == "row" else gradient


def _gradient(a: Arguments) -> Matrix | Vector:
    network, run, d, rules, parameter = _prepared(a)
    return _as_given(rules.gradient(network, run, d, parameter), a)


def _reach(a: Arguments, T: int) -> int:
    # The longest lag with a term: for W the last one is δ¹[z⁰]ᵀ, which is nothing if z⁰ is.
    return max(0, T - 2) if a["parameter"] == "W" and a["z0"] is None else T - 1


def _gradient_mistakes(a: Arguments) -> Iterator[Mistake]:
    network, run, d, rules, parameter = _prepared(a)
    T, H = len(run.x), len(network.b)
    reach = _reach(a, T)
    longest = reach if rules.lags is None else min(rules.lags, reach)

    def of(changed: Backward, of_parameter: str = parameter) -> Matrix | Vector:
        return _as_given(changed.gradient(network, run, d, of_parameter), a)

    right = rules.gradient(network, run, d, parameter)
    yield "sign-flipped", "minus", _as_given(tuple(exact.scaled(-1, row) for row in right), a)
    if network.pair == "mse-sigmoid":
        yield "derivative-dropped", "no-output-slope", of(rules.but(output_slope=False))

    if parameter in ("W_out", "c"):
        if rules.loss == "sequence" and T > 1:
            yield "sum-dropped", "last-step-only", of(rules.but(loss="step"))
        elif len(a["d"]) == T > 1:
            yield "sum-added", "over-all-steps", of(rules.but(loss="sequence"))
        if parameter == "W_out" and (T > 1 or a["z0"] is not None):
            yield "index-shifted", "state-one-step-early", of(rules.but(state_shift=-1))
        return

    if rules.lags is None:
        if longest:
            yield "recurrent-path-dropped", "lag-0-only", of(rules.but(lags=0))
        if longest > 1:  # with two lags this is the mistake above
            yield "sum-shortened", "longest-lag-left-out", of(rules.but(lags=longest - 1))
    else:
        yield from _truncation_mistakes(a, network, run, d, rules)
    if parameter == "W":
        yield "index-shifted", "state-of-the-same-step", of(rules.but(state_shift=1))
        if len(network.W_in[0]) == H:
            yield "wrong-signal", "x-for-z", of(rules, "W_in")
    if network.f != "identity":
        yield "derivative-dropped", "no-hidden-slope", of(rules.but(hidden_slope="none"))
    if network.f in CURVED:
        yield "derivative-of-wrong-argument", "slope-of-z", of(rules.but(hidden_slope="z"))
    if H > 1 and longest:
        yield "transpose-dropped", "W-for-its-transpose", of(rules.but(transposed=False))
    if rules.loss == "sequence" and T > 1:
        yield "output-path-dropped", "last-loss-only", of(rules.but(loss="step"))


def _truncation_mistakes(
    a: Arguments, network: Network, run: Run, d: tuple[Vector, ...], rules: Backward
) -> Iterator[Mistake]:
    parameter, T = a["parameter"], len(run.x)
    reach = _reach(a, T)
    longest = min(rules.lags or 0, reach)

    def of(lags: int | None) -> Matrix | Vector:
        return _as_given(rules.but(lags=lags).gradient(network, run, d, parameter), a)

    if longest:
        yield "sum-shortened", "T_t-terms", of(longest - 1)
    if longest < reach:
        yield "sum-lengthened", "one-term-more", of(longest + 1)
        if longest < reach - 1:
            yield "sum-lengthened", "whole-history", of(None)
        if rules.loss == "step":
            # Cutting the way back must not cut the state: here the run begins anew at the cut.
            start = T - longest - 1
            anew = Network(**{**vars(network), "z0": (Fraction(0),) * len(network.b)})
            gradient = rules.gradient(anew, anew.run(run.x[start:]), d[start:], parameter)
            yield "recurrent-path-dropped", "forward-state-cut", _as_given(gradient, a)


_LOSS: Final = {
    "output": choice("output activation and loss", PAIRS),
    "loss": choice("Eᵗ of the last step, or Σ Eᵗ of the sequence", ("step", "sequence")),
}
_PARAMETER: Final = choice("∂E by which", ("W_in", "W", "W_out", "b", "c"), default="W")
_SOURCE: Final = "Rumelhart, Hinton, Williams (1986); Werbos (1990)"


@COMPUTATIONS.add(
    "rnn.gradient",
    "the gradient of a parameter of a small RNN",
    _SOURCE,
    {
        "parameter": _PARAMETER,
        "W_in": matrix("H × D in column form, D × H in row form"),
        "W": matrix("H × H"),
        "W_out": matrix("K × H in column form, H × K in row form"),
        "b": numbers("bias of the hidden layer", default=None),
        "c": numbers("bias of the output layer", default=None),
        "z0": numbers("initial state, zero if not given", default=None),
        "x": matrix("the inputs, one row a time step"),
        "d": matrix("the targets, one row a time step; for one step's loss its own will do"),
        "f": choice("hidden activation", HIDDEN_ACTIVATIONS),
        "T_t": lag(HORIZON + "; the whole history if not given", default=None),
        "form": choice("how the matrices are given and answered", ("column", "row")),
        **_LOSS,
    },
    _gradient_mistakes,
)
def gradient(a: Arguments) -> Matrix | Vector:
    """Σ δ^{t−s}[x^{t−s}]ᵀ, Σ δ^{t−s}[z^{t−s−1}]ᵀ, …, in the parameter's shape."""
    return _gradient(a)


_SCALAR: Final = {
    "parameter": choice("∂E by which", ("w", "w_in", "w_out", "b", "c")),
    **SCALAR_NETWORK,
    "w_out": weight("output weight", default=1),
    "d": numbers("the targets, one a time step; for one step's loss its own will do"),
    "f": choice("hidden activation", HIDDEN_ACTIVATIONS),
    "output": choice("output activation and loss", ("mse-identity", "mse-sigmoid", "ce-sigmoid")),
    "loss": _LOSS["loss"],
}
_MATRIX_NAME: Final = {"w": "W", "w_in": "W_in", "w_out": "W_out"}


def _scalar_arguments(a: Arguments) -> Arguments:
    return {
        "T_t": None,
        **scalar_network_arguments(a),
        "parameter": _MATRIX_NAME.get(a["parameter"], a["parameter"]),
        "d": tuple((entry,) for entry in a["d"]),
    }


@COMPUTATIONS.add(
    "rnn.scalar_gradient",
    "the gradient of a weight of an RNN of one unit, over the whole history",
    _SOURCE,
    _SCALAR,
    lambda a: _gradient_mistakes(_scalar_arguments(a)),
)
def scalar_gradient(a: Arguments) -> Matrix | Vector:
    """dE/dw and the like."""
    return _gradient(_scalar_arguments(a))


@COMPUTATIONS.add(
    "bptt.truncated_gradient",
    "the gradient of a weight of an RNN of one unit by truncated BPTT",
    "Williams, Peng (1990): s = 0, …, T_t; z^{t−T_t−1} is taken as a constant",
    {**_SCALAR, "T_t": lag(HORIZON)},
    lambda a: _gradient_mistakes(_scalar_arguments(a)),
)
def truncated_gradient(a: Arguments) -> Matrix | Vector:
    """The sum over the last T_t + 1 steps; the forward run is the whole one."""
    return _gradient(_scalar_arguments(a))
