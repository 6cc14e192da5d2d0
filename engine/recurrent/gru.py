"""The gated recurrent unit: two gates, no cell apart from the hidden state.

With the row vectors of a batch, one sequence a row, and with h⁰ given, for t = 1, …, T
(h stands for h_{t−1})::

    z_t = σ(A_z)      A_z = x_t W_z + h U_z + b_z       update gate
    r_t = σ(A_r)      A_r = x_t W_r + h U_r + b_r       reset gate
    g_t = tanh(A_g)                                     candidate, also written h̃_t

Two places are in use for the reset gate, which differ in what can be learnt::

    reset = "before"     A_g = x_t W + s_t U + b        s_t = r_t ⊙ h           before the product
    reset = "after"      A_g = x_t W + b + r_t ⊙ m_t    m_t = h U + b_u         after it

and two meanings for z, which differ in the sign of A_z only, since 1 − σ(A) = σ(−A)::

    z_convention = "z-takes-new"      h_t = (1 − z_t) ⊙ h + z_t ⊙ g_t
    z_convention = "z-keeps-old"      h_t = z_t ⊙ h + (1 − z_t) ⊙ g_t

Backward, from ∂E/∂h_t = (from the output) + (from step t+1); δq is ∂E/∂A_q::

    "z-takes-new"   δg = ∂E/∂h_t ⊙ z ⊙ (1 − g²)           δz = ∂E/∂h_t ⊙ (g − h) ⊙ z(1 − z)
    "z-keeps-old"   δg = ∂E/∂h_t ⊙ (1 − z) ⊙ (1 − g²)     δz = ∂E/∂h_t ⊙ (h − g) ⊙ z(1 − z)
    "before"        ∂E/∂s = δg Uᵀ          δr = ∂E/∂s ⊙ h ⊙ r(1 − r)       ∂E/∂U = Σ s_tᵀ δg
    "after"         ∂E/∂m = δg ⊙ r         δr = δg ⊙ m ⊙ r(1 − r)          ∂E/∂U = Σ hᵀ ∂E/∂m
    to t−1:   ∂E/∂h = ∂E/∂h_t ⊙ (1 − z, or z)  +  δz U_zᵀ + δr U_rᵀ
                      + (∂E/∂s ⊙ r, or ∂E/∂m Uᵀ)
    ∂E/∂x_t = δz W_zᵀ + δr W_rᵀ + δg Wᵀ
    ∂E/∂W_z = Σ x_tᵀ δz    ∂E/∂U_z = Σ hᵀ δz    ∂E/∂b_z = Σ δz     likewise with r
    ∂E/∂W = Σ x_tᵀ δg      ∂E/∂b = Σ δg         ["after":  ∂E/∂b_u = Σ ∂E/∂m]

D inputs, H units; W_z, W_r and W (D, H), U_z, U_r and U (H, H), b_z, b_r, b and b_u (H,).

Sources: Cho et al. (2014): reset before, z keeps the old state; Chung et al. (2014): z takes the
new one. PyTorch: reset after, z keeps the old state; Keras likewise (``reset_after=True``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from engine.functions import sigmoid
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
    masked,
    outer_sum,
    project,
    shifted,
)
from engine.recurrent.rnn import Array, ShapeError
from engine.stopping import interruptible

Reset: TypeAlias = Literal["before", "after"]
ZConvention: TypeAlias = Literal["z-takes-new", "z-keeps-old"]
STATE_NAMES = ("h0",)


@dataclass(frozen=True, slots=True)
class Parameters(ParameterSet):
    """The parameters of a GRU, or their gradients; float64.

    W_z, W_r, W (D, H); U_z, U_r, U (H, H); b_z, b_r, b (H,). b_u (H,) is there if the reset comes
    after the product, else None. 3(HD + H² + H) numbers, with b_u H more. Raises ShapeError.
    """

    W_z: Array
    W_r: Array
    W: Array
    U_z: Array
    U_r: Array
    U: Array
    b_z: Array
    b_r: Array
    b: Array
    b_u: Array | None = None

    def __post_init__(self) -> None:
        W, U = np.shape(self.W), np.shape(self.U)
        if len(U) != 2 or U[0] == 0 or U[0] != U[1]:
            raise ShapeError("U", U, "(H, H)")
        if len(W) != 2:
            raise ShapeError("W", W, f"(D, H) with H = {U[0]}")
        D, H = W[0], U[0]
        for name in ("W_z", "W_r", "W"):
            self._require(name, (D, H), "(D, H)")
        for name in ("U_z", "U_r", "U"):
            self._require(name, (H, H), "(H, H)")
        for name in ("b_z", "b_r", "b"):
            self._require(name, (H,), "(H,)")
        if self.b_u is not None:
            self._require("b_u", (H,), "(H,)")

    @classmethod
    def drawn(
        cls,
        rng: np.random.RandomState,
        D: int,
        H: int,
        *,
        reset: Reset = "before",
        initializer: str = "xavier",
        deviation: float = 1.0,
    ) -> Parameters:
        """Initial parameters: W_z, W_r, W, U_z, U_r, U by the named rule, biases 0."""
        weights = [draw(rng, fan, H, initializer, deviation) for fan in (D, D, D, H, H, H)]
        biases = [np.zeros(H) for _ in range(3 if reset == "before" else 4)]
        return cls(*weights, *biases)


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward run leaves behind; entry 0 of the first axis is t = 1.

    x (T, N, D), h0 (N, H); A_z, A_r, A_g, z, r, g and h (T, N, H); s ("before") or m ("after")
    (T, N, H), the other is None; output (T, N, H): h, but 0 on padded steps; mask (T, N) or None.
    On a padded step h is that of the step before, while the rest means nothing.
    """

    x: Array
    h0: Array
    A_z: Array
    A_r: Array
    A_g: Array
    z: Array
    r: Array
    g: Array
    s: Array | None
    m: Array | None
    h: Array
    output: Array
    mask: Mask | None

    @property
    def h_previous(self) -> Array:
        """h_{t−1} for each t, (T, N, H)."""
        return shifted(self.h0, self.h)

    @property
    def final(self) -> State:
        """(h_n,), (N, H): the state at each sequence's own end."""
        return (self.h[-1],)


@dataclass(frozen=True, slots=True)
class Backward:
    """What a backward run leaves behind: the field called q is ∂E/∂q.

    A_z, A_r and A_g (T, N, H), the deltas δz, δr, δg; h (T, N, H) with all its ways to E; s or m
    as in the forward run; the gradients of the parameters, of x (T, N, D) and of h0 (N, H).
    """

    A_z: Array
    A_r: Array
    A_g: Array
    s: Array | None
    m: Array | None
    h: Array
    parameters: Parameters
    x: Array
    h0: Array

    @property
    def initial(self) -> State:
        """(∂E/∂h0,), (N, H)."""
        return (self.h0,)


class GRU:
    """A layer of gated recurrent units, over a batch of sequences.

    Parameters
    ----------
    reset : "before" or "after" the product with U; "after" needs b_u, "before" has none
    z_convention : "z-takes-new" or "z-keeps-old"

    Raises
    ------
    ValueError for another word, and for a b_u that is missing or too much
    """

    state_names = STATE_NAMES

    def __init__(
        self,
        parameters: Parameters,
        *,
        reset: Reset = "before",
        z_convention: ZConvention = "z-takes-new",
    ) -> None:
        if reset not in get_args(Reset):
            raise ValueError(f"reset is one of {get_args(Reset)}; it is {reset!r}")
        if z_convention not in get_args(ZConvention):
            raise ValueError(f"z_convention is one of {get_args(ZConvention)}: {z_convention!r}")
        if (reset == "after") != (parameters.b_u is not None):
            raise ValueError("b_u belongs to reset = 'after', and only to it")
        self.parameters = parameters
        self.reset: Reset = reset
        self.z_convention: ZConvention = z_convention

    @property
    def input_size(self) -> int:
        """D."""
        return len(self.parameters.W)

    @property
    def output_size(self) -> int:
        """H."""
        return len(self.parameters.U)

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> GRU:
        """A GRU with other values for the parameters named in ``values``."""
        parameters = self.parameters.replaced(values)
        return GRU(parameters, reset=self.reset, z_convention=self.z_convention)

    def with_other_z_convention(self) -> GRU:
        """The same function in the other convention: W_z, U_z and b_z negated."""
        negated = {name: -getattr(self.parameters, name) for name in ("W_z", "U_z", "b_z")}
        other: ZConvention = "z-keeps-old" if self.z_convention == "z-takes-new" else "z-takes-new"
        return GRU(self.parameters.replaced(negated), reset=self.reset, z_convention=other)

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> Forward:
        """Run over the sequences.

        Parameters
        ----------
        x : (T, N, D)
        initial : (h0,), (N, H), or None for zeros
        mask : (T, N), true on real steps; None if all are

        Raises
        ------
        ShapeError, and ValueError for a state that is no tuple of one array
        """
        p = self.parameters
        H = self.output_size
        x, live = as_batch(x, self.input_size, mask)
        T, N, _ = x.shape
        (h0,) = as_state(initial, self.state_names, N, H)

        # The inputs' share does not depend on the steps before: one product for all of them.
        A, zr, g, h, reset = empty((T, N, 3 * H), (T, N, 2 * H), *3 * [(T, N, H)])
        project(x, np.hstack([p.W_z, p.W_r, p.W]), out=A)
        A += np.hstack([p.b_z, p.b_r, p.b])
        A_zr, A_g = A[..., : 2 * H], A[..., 2 * H :]
        # Fortran's order of the same numbers makes the products quickest.
        U_zr, U = (np.asfortranarray(M) for M in (np.hstack([p.U_z, p.U_r]), p.U))
        z, r = zr[..., :H], zr[..., H:]
        h_prev = h0
        for t in interruptible(range(T)):
            A_zr[t] += h_prev @ U_zr
            zr[t] = sigmoid(A_zr[t])
            if p.b_u is None:
                reset[t] = r[t] * h_prev
                A_g[t] += reset[t] @ U
            else:
                reset[t] = h_prev @ U + p.b_u
                A_g[t] += r[t] * reset[t]
            g[t] = np.tanh(A_g[t])
            new = z[t] if self.z_convention == "z-takes-new" else 1.0 - z[t]
            h[t] = (1.0 - new) * h_prev + new * g[t]
            if live is not None:
                h[t] = np.where(live[t, :, None], h[t], h_prev)
            h_prev = h[t]
        s, m = (reset, None) if p.b_u is None else (None, reset)
        A_z, A_r = A_zr[..., :H], A_zr[..., H:]
        return Forward(x, h0, A_z, A_r, A_g, z, r, g, s, m, h, masked(h, live), live)

    def backward(self, run: Forward, d_output: ArrayLike, d_final: GivenState = None) -> Backward:
        """Backpropagate through time; ``run`` is left as it is.

        Parameters
        ----------
        d_output : (T, N, H), ∂E/∂output
        d_final : (∂E/∂h_n,), (N, H), or None for zeros

        Raises
        ------
        ShapeError, and ValueError for a state that is no tuple of one array
        """
        p = self.parameters
        T, N, H = run.h.shape
        d_output = as_output_gradient(d_output, run.output.shape, run.mask)
        (dh_next,) = as_state(d_final, ("dh_n",), N, H)

        dx, dA, dreset, dh = empty(run.x.shape, (T, N, 3 * H), (T, N, H), (T, N, H))
        dA_z, dA_r, dA_g = dA[..., :H], dA[..., H : 2 * H], dA[..., 2 * H :]
        dA_zr, U_zr = dA[..., : 2 * H], np.hstack([p.U_z, p.U_r])
        h_previous = run.h_previous
        for t in interruptible(reversed(range(T))):
            z, r, g, h_prev = run.z[t], run.r[t], run.g[t], h_previous[t]
            dh[t] = d_output[t] + dh_next
            if self.z_convention == "z-takes-new":
                dA_z[t] = dh[t] * (g - h_prev) * z * (1.0 - z)
                old, new = 1.0 - z, z
            else:
                dA_z[t] = dh[t] * (h_prev - g) * z * (1.0 - z)
                old, new = z, 1.0 - z
            dA_g[t] = dh[t] * new * (1.0 - g**2)
            dh_next = dh[t] * old
            if run.m is None:
                dreset[t] = dA_g[t] @ p.U.T
                dA_r[t] = dreset[t] * h_prev * r * (1.0 - r)
                dh_next += dreset[t] * r
            else:
                dreset[t] = dA_g[t] * r
                dA_r[t] = dA_g[t] * run.m[t] * r * (1.0 - r)
                dh_next += dreset[t] @ p.U.T
            dh_next += dA_zr[t] @ U_zr.T
            if run.mask is not None:
                # A padded step hands h on as it is; nothing else happens in it.
                padded = ~run.mask[t]
                dA[t, padded] = dreset[t, padded] = 0.0
                dh_next[padded] = dh[t, padded]

        dW_z, dW_r, dW = np.hsplit(outer_sum(run.x, dA), 3)
        dU_z, dU_r = np.hsplit(outer_sum(h_previous, dA_zr), 2)
        db_z, db_r, db = np.split(dA.sum(axis=(0, 1)), 3)
        if run.s is not None:
            ds, dm, db_u = dreset, None, None
            dU = outer_sum(run.s, dA_g)
        else:
            ds, dm, db_u = None, dreset, dreset.sum(axis=(0, 1))
            dU = outer_sum(h_previous, dreset)
        gradients = Parameters(dW_z, dW_r, dW, dU_z, dU_r, dU, db_z, db_r, db, db_u)
        project(dA, np.hstack([p.W_z, p.W_r, p.W]).T, out=dx)
        return Backward(dA_z, dA_r, dA_g, ds, dm, dh, gradients, dx, dh_next)
