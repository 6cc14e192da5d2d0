"""The simple recurrent layer: the hidden part of ``engine.recurrent.rnn``, without an output layer.

Row form, for t = 1, …, T, with z⁰ given::

    u_t = x_t W_in + z_{t−1} W + b        z_t = f(u_t)

    δ_t = f′(u_t) ⊙ (∂E/∂z_t from the output + δ_{t+1} Wᵀ)            δ = ∂E/∂u
    ∂E/∂W_in = Σ x_tᵀ δ_t    ∂E/∂W = Σ z_{t−1}ᵀ δ_t    ∂E/∂b = Σ δ_t    ∂E/∂x_t = δ_t W_inᵀ

This is the layer that can be stacked, run both ways, and take sequences of different lengths; the
names are those of ``rnn``. PyTorch's ``nn.RNN`` and Keras's ``SimpleRNN`` call the state h.

D inputs, H units; W_in (D, H), W (H, H), b (H,). Source: Elman (1990).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.recurrent.layer import (
    GivenState,
    Mask,
    ParameterSet,
    State,
    as_batch,
    as_output_gradient,
    as_state,
    draw,
    empty,
    in_parts,
    masked,
    outer_sum,
    project,
    shifted,
)
from engine.recurrent.rnn import Array, Function, ShapeError, as_activation
from engine.stopping import interruptible

STATE_NAMES = ("z0",)


@dataclass(frozen=True, slots=True)
class Parameters(ParameterSet):
    """The parameters of a simple recurrent layer, or their gradients; float64.

    W_in (D, H), W (H, H), b (H,): HD + H² + H numbers. Raises ShapeError if they do not fit.
    """

    W_in: Array
    W: Array
    b: Array

    def __post_init__(self) -> None:
        W_in, W = np.shape(self.W_in), np.shape(self.W)
        if len(W) != 2 or W[0] == 0 or W[0] != W[1]:
            raise ShapeError("W", W, "(H, H)")
        if len(W_in) != 2:
            raise ShapeError("W_in", W_in, f"(D, H) with H = {W[0]}")
        self._require("W_in", (W_in[0], W[0]), "(D, H)")
        self._require("W", W, "(H, H)")
        self._require("b", (W[0],), "(H,)")

    @classmethod
    def drawn(
        cls,
        rng: np.random.RandomState,
        D: int,
        H: int,
        *,
        initializer: str = "xavier",
        deviation: float = 1.0,
    ) -> Parameters:
        """Initial parameters: W_in, then W by the named rule, b = 0."""
        W_in = draw(rng, D, H, initializer, deviation)
        return cls(W_in, draw(rng, H, H, initializer, deviation), np.zeros(H))


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward run leaves behind; entry 0 of the first axis is t = 1.

    x (T, N, D), z0 (N, H); u and z (T, N, H); output (T, N, H): z, but 0 on padded steps; mask
    (T, N) or None. On a padded step z is that of the step before, and u means nothing.
    """

    x: Array
    z0: Array
    u: Array
    z: Array
    output: Array
    mask: Mask | None

    @property
    def z_previous(self) -> Array:
        """z_{t−1} for each t, (T, N, H)."""
        return shifted(self.z0, self.z)

    @property
    def final(self) -> State:
        """(z_n,), (N, H): the state at each sequence's own end."""
        return (self.z[-1],)


@dataclass(frozen=True, slots=True)
class Backward:
    """What a backward run leaves behind: the field called q is ∂E/∂q.

    u (T, N, H), the delta; z (T, N, H) with all its ways to E; the gradients of the parameters, of
    x (T, N, D) and of z0 (N, H).
    """

    u: Array
    z: Array
    parameters: Parameters
    x: Array
    z0: Array

    @property
    def initial(self) -> State:
        """(∂E/∂z0,), (N, H)."""
        return (self.z0,)


class SimpleRNN:
    """A simple recurrent layer with the element-wise activation f, over a batch of sequences.

    Parameters
    ----------
    f : name ("tanh", "relu", "sigmoid", "identity"), Activation, or a pair (function, derivative);
        the derivative takes the pre-activation

    Raises
    ------
    UnknownFunctionError, and ValueError if f is not element-wise
    """

    state_names = STATE_NAMES

    def __init__(self, parameters: Parameters, f: Function = "tanh") -> None:
        self.parameters = parameters
        self.f = as_activation(f)
        if self.f.derivative is None:
            raise ValueError(f"the hidden activation has to be element-wise; {self.f.name} is not")
        self._df = self.f.derivative

    @property
    def input_size(self) -> int:
        """D."""
        return len(self.parameters.W_in)

    @property
    def output_size(self) -> int:
        """H."""
        return len(self.parameters.W)

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> SimpleRNN:
        """A layer with other values for the parameters named in ``values``."""
        return SimpleRNN(self.parameters.replaced(values), self.f)

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> Forward:
        """Run over the sequences.

        Parameters
        ----------
        x : (T, N, D)
        initial : (z0,), (N, H), or None for zeros
        mask : (T, N), true on real steps; None if all are

        Raises
        ------
        ShapeError, and ValueError for a state that is no tuple of one array
        """
        p = self.parameters
        x, live = as_batch(x, self.input_size, mask)
        T, N, _ = x.shape
        (z0,) = as_state(initial, self.state_names, N, self.output_size)
        # The inputs' share does not depend on the steps before: one product for all of them.
        u, z = empty(*2 * [(T, N, self.output_size)])
        project(x, p.W_in, out=u)
        u += p.b
        z_prev = z0
        for t in interruptible(range(T)):
            u[t] += z_prev @ p.W
            z[t] = self.f(u[t])
            if live is not None:
                z[t] = np.where(live[t, :, None], z[t], z_prev)
            z_prev = z[t]
        return Forward(x, z0, u, z, masked(z, live), live)

    def backward(self, run: Forward, d_output: ArrayLike, d_final: GivenState = None) -> Backward:
        """Backpropagate through time; ``run`` is left as it is.

        Parameters
        ----------
        d_output : (T, N, H), ∂E/∂output
        d_final : (∂E/∂z_n,), (N, H), or None for zeros

        Raises
        ------
        ShapeError, and ValueError for a state that is no tuple of one array
        """
        p = self.parameters
        T, N, H = run.z.shape
        d_output = as_output_gradient(d_output, run.output.shape, run.mask)
        (dz_next,) = as_state(d_final, ("dz_n",), N, H)
        kept = None if run.mask is None else ~run.mask[..., None]
        dx, df, du, dz = empty(run.x.shape, *3 * [(T, N, H)])
        # On a padded step u has no slope, and the old state passes as it is.
        df = masked(in_parts(self._df, run.u, df), run.mask)
        for t in interruptible(reversed(range(T))):
            dz[t] = d_output[t] + dz_next
            du[t] = df[t] * dz[t]
            dz_next = du[t] @ p.W.T
            if kept is not None:
                dz_next += kept[t] * dz[t]
        gradients = Parameters(
            W_in=outer_sum(run.x, du),
            W=outer_sum(run.z_previous, du),
            b=du.sum(axis=(0, 1)),
        )
        return Backward(du, dz, gradients, project(du, p.W_in.T, out=dx), dz_next)
