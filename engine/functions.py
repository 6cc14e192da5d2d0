"""Activations and losses, each with its derivative.

Two conventions, because mixing them up is the most common mistake of all:

* ``derivative(u)`` takes the **pre-activation** u, as in f′(uᵗ);
* ``derivative_from_output(z)`` takes the **output** z = f(u), as in the textbook's σ′ = y(1 − y).

Everything works element by element on arrays of any shape, in float64; softmax works along the last
axis. Names are looked up in ``ACTIVATIONS``, ``LOSSES`` and ``OUTPUTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Elementwise = Callable[[Array], Array]
Named = TypeVar("Named")


class UnknownFunctionError(LookupError):
    """A name that no activation, loss or output pair has; ``nearest`` holds what may be meant."""

    def __init__(self, kind: str, name: str, known: Mapping[str, object]) -> None:
        self.kind = kind
        self.name = name
        self.nearest = tuple(get_close_matches(name, known, n=3, cutoff=0.5))
        hint = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        super().__init__(f"no {kind} is called {name!r}{hint} (known: {', '.join(known)})")


def sigmoid(u: ArrayLike) -> Array:
    """σ(u) = 1 / (1 + exp(−u)), without overflow and with full relative accuracy for u ≪ 0."""
    u = np.asarray(u, dtype=np.float64)
    # exp(−|u|) never overflows; the two branches are the same function written differently.
    small = np.exp(-np.abs(u))
    return np.asarray(np.where(u >= 0, 1.0, small) / (1.0 + small))


def tanh(u: ArrayLike) -> Array:
    """The hyperbolic tangent."""
    return np.asarray(np.tanh(np.asarray(u, dtype=np.float64)))


def relu(u: ArrayLike) -> Array:
    """max(0, u); a NaN stays a NaN."""
    return np.asarray(np.maximum(np.asarray(u, dtype=np.float64), 0.0))


def identity(u: ArrayLike) -> Array:
    """The input itself, as a new array."""
    return np.array(u, dtype=np.float64)


def softmax(v: ArrayLike) -> Array:
    """exp(v) / Σ exp(v) along the last axis, the maximum subtracted first.

    Parameters
    ----------
    v : (..., K)
    """
    v = np.asarray(v, dtype=np.float64)
    shifted = np.exp(v - v.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def log_softmax(v: ArrayLike) -> Array:
    """The logarithm of the softmax along the last axis, finite even where softmax underflows."""
    v = np.asarray(v, dtype=np.float64)
    shifted = v - v.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def softmax_jacobian(v: ArrayLike) -> Array:
    """∂y/∂v = diag(y) − y yᵀ of the softmax: (..., K) → (..., K, K)."""
    y = softmax(v)
    return np.asarray(y[..., :, None] * np.eye(y.shape[-1]) - y[..., :, None] * y[..., None, :])


def _d_sigmoid(u: Array) -> Array:
    y = sigmoid(u)
    # σ(−u) rather than 1 − σ(u): the difference would lose every digit once σ(u) rounds to 1.
    return y * sigmoid(-np.asarray(u, dtype=np.float64))


def _d_tanh(u: Array) -> Array:
    # 1/cosh²(u) overflows for |u| > 710; sech² written with exp(−2|u|) ≤ 1 does not.
    small = np.exp(-2.0 * np.abs(np.asarray(u, dtype=np.float64)))
    root = np.asarray(1.0 + small)
    # In place: for long arrays the memory of further ones would cost more than the arithmetic.
    root *= root
    return np.divide(4.0 * small, root, out=root)


def _step(u: Array) -> Array:
    # The derivative of relu at 0 is taken as 0. The rule serves the output too: z > 0 iff u > 0.
    return np.asarray(np.asarray(u) > 0, dtype=np.float64)


def _ones(u: Array) -> Array:
    return np.ones_like(u, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation function: z = function(u).

    ``derivative`` is taken of the pre-activation; ``derivative_from_output`` of z where that form
    exists. Softmax is not element-wise, so it has neither, but it has ``pull_back``.
    """

    name: str
    function: Elementwise
    derivative: Elementwise | None = None
    derivative_from_output: Elementwise | None = None

    def __call__(self, u: ArrayLike) -> Array:
        return self.function(np.asarray(u, dtype=np.float64))

    @property
    def elementwise(self) -> bool:
        """Whether entry i of the output depends on entry i of the input only."""
        return self.derivative is not None

    def pull_back(self, u: ArrayLike, gradient: ArrayLike) -> Array:
        """∂E/∂u from ∂E/∂f(u): f′(u) ⊙ gradient, or the softmax's Jacobian times it.

        Parameters
        ----------
        u, gradient : arrays of one shape (softmax: last axis K)
        """
        u = np.asarray(u, dtype=np.float64)
        gradient = np.asarray(gradient, dtype=np.float64)
        if self.derivative is not None:
            return np.asarray(self.derivative(u) * gradient)
        y = self.function(u)
        return np.asarray(y * (gradient - (y * gradient).sum(axis=-1, keepdims=True)))


ACTIVATIONS: Final[Mapping[str, Activation]] = MappingProxyType(
    {
        "sigmoid": Activation("sigmoid", sigmoid, _d_sigmoid, lambda y: np.asarray(y * (1.0 - y))),
        "tanh": Activation("tanh", tanh, _d_tanh, lambda z: np.asarray(1.0 - z**2)),
        "relu": Activation("relu", relu, _step, _step),
        "identity": Activation("identity", identity, _ones, _ones),
        "softmax": Activation("softmax", softmax),
    }
)


@dataclass(frozen=True, slots=True)
class Loss:
    """An error function of output y and target d, summed over the last axis (the K outputs).

    ``value(y, d)`` has the leading shape of y; ``derivative(y, d)`` is ∂E/∂y.
    """

    name: str
    value: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]


def squared_error(y: ArrayLike, d: ArrayLike) -> Array:
    """½ Σ (d − y)² over the last axis."""
    difference = np.asarray(d, dtype=np.float64) - np.asarray(y, dtype=np.float64)
    return np.asarray(0.5 * (difference**2).sum(axis=-1))


def _weighted_log(weight: Array, probability: Array) -> Array:
    # 0 · log 0 = 0: a class that is not the target costs nothing, whatever its probability.
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(weight == 0, 0.0, weight * np.log(probability)))


def sigmoid_cross_entropy(y: ArrayLike, d: ArrayLike) -> Array:
    """−Σ d log y + (1 − d) log(1 − y) over the last axis, from outputs y in (0, 1)."""
    y = np.asarray(y, dtype=np.float64)
    d = np.asarray(d, dtype=np.float64)
    return np.asarray(-(_weighted_log(d, y) + _weighted_log(1.0 - d, 1.0 - y)).sum(axis=-1))


def softmax_cross_entropy(y: ArrayLike, d: ArrayLike) -> Array:
    """−Σ d log y over the last axis, from probabilities y and a target distribution d."""
    y = np.asarray(y, dtype=np.float64)
    d = np.asarray(d, dtype=np.float64)
    return np.asarray(-_weighted_log(d, y).sum(axis=-1))


LOSSES: Final[Mapping[str, Loss]] = MappingProxyType(
    {
        "squared-error": Loss("squared-error", squared_error, lambda y, d: y - d),
        "sigmoid-cross-entropy": Loss(
            "sigmoid-cross-entropy", sigmoid_cross_entropy, lambda y, d: (y - d) / (y * (1.0 - y))
        ),
        "softmax-cross-entropy": Loss(
            "softmax-cross-entropy",
            softmax_cross_entropy,
            lambda y, d: np.asarray(np.where(d == 0, 0.0, -d / y)),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Output:
    """An output activation g with its loss, computed from the pre-activation v.

    Going through v keeps both numbers right where y rounds to 0 or 1. ``delta(v, d)`` is
    δ^out = ∂E/∂v, the combined derivative; ``value(v, d)`` is E, summed over the last axis.
    """

    name: str
    activation: Activation
    loss: Loss
    value: Callable[[Array, Array], Array]
    delta: Callable[[Array, Array], Array]


def _logistic_loss(v: Array, d: Array) -> Array:
    # log(1 + exp(v)) − d v, with the exponential kept below 1.
    return np.asarray((np.maximum(v, 0.0) - d * v + np.log1p(np.exp(-np.abs(v)))).sum(axis=-1))


def _delta_squared_sigmoid(v: Array, d: Array) -> Array:
    return np.asarray((sigmoid(v) - d) * _d_sigmoid(v))


def _delta_softmax(v: Array, d: Array) -> Array:
    # y − d for a target that sums to 1; Σd keeps it the derivative for any target.
    return np.asarray(softmax(v) * d.sum(axis=-1, keepdims=True) - d)


def _output(
    name: str,
    activation: str,
    loss: str,
    value: Callable[[Array, Array], Array],
    delta: Callable[[Array, Array], Array],
) -> Output:
    return Output(name, ACTIVATIONS[activation], LOSSES[loss], value, delta)


OUTPUTS: Final[Mapping[str, Output]] = MappingProxyType(
    {
        pair.name: pair
        for pair in (
            _output("mse-identity", "identity", "squared-error", squared_error, lambda v, d: v - d),
            _output(
                "mse-sigmoid",
                "sigmoid",
                "squared-error",
                lambda v, d: squared_error(sigmoid(v), d),
                _delta_squared_sigmoid,
            ),
            _output(
                "ce-sigmoid",
                "sigmoid",
                "sigmoid-cross-entropy",
                _logistic_loss,
                lambda v, d: sigmoid(v) - d,
            ),
            _output(
                "ce-softmax",
                "softmax",
                "softmax-cross-entropy",
                lambda v, d: np.asarray(-(d * log_softmax(v)).sum(axis=-1)),
                _delta_softmax,
            ),
        )
    }
)


def _named(kind: str, table: Mapping[str, Named], name: str) -> Named:
    try:
        return table[name]
    except KeyError:
        raise UnknownFunctionError(kind, name, table) from None


def activation(name: str) -> Activation:
    """The activation of this name; raises UnknownFunctionError with the nearest names."""
    return _named("activation", ACTIVATIONS, name)


def loss(name: str) -> Loss:
    """The loss of this name; raises UnknownFunctionError with the nearest names."""
    return _named("loss", LOSSES, name)


def output(name: str) -> Output:
    """The pair of output activation and loss of this name; raises UnknownFunctionError."""
    return _named("output", OUTPUTS, name)
