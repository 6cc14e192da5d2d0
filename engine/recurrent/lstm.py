"""Long short-term memory: a cell that carries its state along, and three gates that guard it.

With the row vectors of a batch, one sequence a row, and with h⁰ and c⁰ given, for t = 1, …, T::

    A_t = x_t W + h_{t−1} U + b           split into four parts of H columns: A_a, A_i, A_f, A_o
    a_t = tanh(A_a)                       candidate: what could be stored       (−1, 1)
    i_t = σ(A_i [+ p_i ⊙ c_{t−1}])        input gate: how much of it is         (0, 1)
    f_t = σ(A_f [+ p_f ⊙ c_{t−1}])        forget gate: how much stays           (0, 1)
    c_t = f_t ⊙ c_{t−1} + i_t ⊙ a_t       cell
    o_t = σ(A_o [+ p_o ⊙ c_t])            output gate: how much is shown        (0, 1)
    h_t = o_t ⊙ tanh(c_t)                 output, and hidden state of the next step

In brackets: peepholes, with which the gates see the cell. The input and the forget gate come before
the new cell and see the old one, the output gate comes after it and sees the new one.

Backward, from ∂E/∂h_t = (from the output) + (from step t+1), and ∂E/∂c_t likewise; δq is ∂E/∂A_q::

    δo = ∂E/∂h_t ⊙ tanh(c_t) ⊙ o(1 − o)
    ∂E/∂c_t  = (from t+1) + ∂E/∂h_t ⊙ o ⊙ (1 − tanh²(c_t)) [+ δo ⊙ p_o]
    δa = ∂E/∂c_t ⊙ i ⊙ (1 − a²)
    δi = ∂E/∂c_t ⊙ a ⊙ i(1 − i)
    δf = ∂E/∂c_t ⊙ c_{t−1} ⊙ f(1 − f)
    to t−1:  ∂E/∂c_{t−1} = ∂E/∂c_t ⊙ f [+ δi ⊙ p_i + δf ⊙ p_f]      ∂E/∂h_{t−1} = δA Uᵀ
    ∂E/∂W = Σ x_tᵀ δA     ∂E/∂U = Σ h_{t−1}ᵀ δA     ∂E/∂b = Σ δA     ∂E/∂x_t = δA Wᵀ
    [∂E/∂p_i = Σ δi ⊙ c_{t−1}     ∂E/∂p_f = Σ δf ⊙ c_{t−1}     ∂E/∂p_o = Σ δo ⊙ c_t]

Along the cells the gradient is only multiplied by f: no weight matrix and no slope of an activation
stands in the way, and with f = 1 it stays as it is (the constant error carousel).

D inputs, H units; W (D, 4H), U (H, 4H), b (4H,), p_i, p_f and p_o (H,); the order of the four
parts is a, i, f, o. Other libraries have other orders: ``engine.recurrent.layouts``.

Sources: Hochreiter, Schmidhuber (1997), without a forget gate; Gers, Schmidhuber, Cummins (2000),
the forget gate; Gers, Schmidhuber (2000), peepholes; Jozefowicz et al. (2015), b_f = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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

STATE_NAMES = ("h0", "c0")


def by_gate(A: Array) -> tuple[Array, Array, Array, Array]:
    """The parts a, i, f, o of an array (..., 4H), each (..., H) and a view of it."""
    H = A.shape[-1] // 4
    return A[..., :H], A[..., H : 2 * H], A[..., 2 * H : 3 * H], A[..., 3 * H :]


@dataclass(frozen=True, slots=True)
class Parameters(ParameterSet):
    """The parameters of an LSTM, or their gradients; float64.

    W (D, 4H), U (H, 4H), b (4H,); p_i, p_f, p_o (H,): all three, or None without peepholes.
    4(HD + H² + H) numbers, with peepholes 3H more. Raises ShapeError if they do not fit.
    """

    W: Array
    U: Array
    b: Array
    p_i: Array | None = None
    p_f: Array | None = None
    p_o: Array | None = None

    def __post_init__(self) -> None:
        W, U = np.shape(self.W), np.shape(self.U)
        if len(U) != 2 or U[0] == 0 or U[1] != 4 * U[0]:
            raise ShapeError("U", U, "(H, 4H)")
        if len(W) != 2:
            raise ShapeError("W", W, f"(D, 4H) with H = {U[0]}")
        H = U[0]
        self._require("W", (W[0], 4 * H), "(D, 4H)")
        self._require("U", (H, 4 * H), "(H, 4H)")
        self._require("b", (4 * H,), "(4H,)")
        given = [name for name in ("p_i", "p_f", "p_o") if getattr(self, name) is not None]
        if len(given) not in {0, 3}:
            raise ValueError(f"peepholes are p_i, p_f and p_o together; given: {given}")
        for name in given:
            self._require(name, (H,), "(H,)")

    @property
    def peepholes(self) -> tuple[Array, Array, Array] | None:
        """(p_i, p_f, p_o), each (H,), or None."""
        if self.p_i is None or self.p_f is None or self.p_o is None:
            return None
        return self.p_i, self.p_f, self.p_o

    @classmethod
    def drawn(
        cls,
        rng: np.random.RandomState,
        D: int,
        H: int,
        *,
        initializer: str = "xavier",
        deviation: float = 1.0,
        forget_bias: float = 1.0,
        peepholes: bool = False,
    ) -> Parameters:
        """Initial parameters: W, then U, then p by the named rule, b = 0 but for b_f.

        With b_f = 1 a new network forgets little (f ≈ 0.73), so that gradients reach far back.
        """
        W = draw(rng, D, 4 * H, initializer, deviation)
        U = draw(rng, H, 4 * H, initializer, deviation)
        b = np.zeros(4 * H)
        by_gate(b)[2][:] = forget_bias
        if not peepholes:
            return cls(W, U, b)
        return cls(W, U, b, *draw(rng, H, 3, initializer, deviation).T)


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward run leaves behind; entry 0 of the first axis is t = 1.

    x (T, N, D), h0 and c0 (N, H); A (T, N, 4H) with the peepholes' share; a, i, f, o, c, tanh_c
    and h (T, N, H); output (T, N, H): h, but 0 on padded steps; mask (T, N) or None. On a padded
    step c and h are those of the step before, while A and the gates mean nothing.
    """

    x: Array
    h0: Array
    c0: Array
    A: Array
    a: Array
    i: Array
    f: Array
    o: Array
    c: Array
    tanh_c: Array
    h: Array
    output: Array
    mask: Mask | None

    @property
    def h_previous(self) -> Array:
        """h_{t−1} for each t, (T, N, H)."""
        return shifted(self.h0, self.h)

    @property
    def c_previous(self) -> Array:
        """c_{t−1} for each t, (T, N, H)."""
        return shifted(self.c0, self.c)

    @property
    def final(self) -> State:
        """(h_n, c_n), each (N, H): the state at each sequence's own end."""
        return self.h[-1], self.c[-1]


@dataclass(frozen=True, slots=True)
class Backward:
    """What a backward run leaves behind: the field called q is ∂E/∂q.

    A (T, N, 4H), the deltas δa, δi, δf, δo side by side; c and h (T, N, H), each with all its ways
    to E; the gradients of the parameters, of x (T, N, D), and of h0 and c0 (N, H).
    """

    A: Array
    c: Array
    h: Array
    parameters: Parameters
    x: Array
    h0: Array
    c0: Array

    @property
    def initial(self) -> State:
        """(∂E/∂h0, ∂E/∂c0), each (N, H)."""
        return self.h0, self.c0


class LSTM:
    """A layer of LSTM units, over a batch of sequences; peepholes if the parameters have them."""

    state_names = STATE_NAMES

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters

    @property
    def input_size(self) -> int:
        """D."""
        return len(self.parameters.W)

    @property
    def output_size(self) -> int:
        """H."""
        return len(self.parameters.U)

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> LSTM:
        """An LSTM with other values for the parameters named in ``values``."""
        return LSTM(self.parameters.replaced(values))

    def forward(
        self, x: ArrayLike, initial: GivenState = None, *, mask: ArrayLike | None = None
    ) -> Forward:
        """Run over the sequences.

        Parameters
        ----------
        x : (T, N, D)
        initial : (h0, c0), each (N, H) or None for zeros
        mask : (T, N), true on real steps; None if all are

        Raises
        ------
        ShapeError, and ValueError for a state that is no pair
        """
        p = self.parameters
        H = self.output_size
        x, live = as_batch(x, self.input_size, mask)
        T, N, _ = x.shape
        h0, c0 = as_state(initial, self.state_names, N, H)

        # The inputs' share of A does not depend on the steps before: one product for all of them.
        A, gates, c, tanh_c, h = empty(*2 * [(T, N, 4 * H)], *3 * [(T, N, H)])
        project(x, p.W, out=A)
        A += p.b
        A_a, A_i, A_f, A_o = by_gate(A)
        a, i, f, o = by_gate(gates)
        U = np.asfortranarray(p.U)  # the same numbers, in the order that makes h U quickest
        h_prev, c_prev = h0, c0
        for t in interruptible(range(T)):
            A[t] += h_prev @ U
            if p.peepholes:
                p_i, p_f, p_o = p.peepholes
                A_i[t] += p_i * c_prev
                A_f[t] += p_f * c_prev
            a[t] = np.tanh(A_a[t])
            i[t] = sigmoid(A_i[t])
            f[t] = sigmoid(A_f[t])
            c[t] = f[t] * c_prev + i[t] * a[t]
            if p.peepholes:
                A_o[t] += p_o * c[t]
            o[t] = sigmoid(A_o[t])
            tanh_c[t] = np.tanh(c[t])
            h[t] = o[t] * tanh_c[t]
            if live is not None:
                h[t] = np.where(live[t, :, None], h[t], h_prev)
                c[t] = np.where(live[t, :, None], c[t], c_prev)
            h_prev, c_prev = h[t], c[t]
        return Forward(x, h0, c0, A, a, i, f, o, c, tanh_c, h, masked(h, live), live)

    def backward(self, run: Forward, d_output: ArrayLike, d_final: GivenState = None) -> Backward:
        """Backpropagate through time; ``run`` is left as it is.

        Parameters
        ----------
        d_output : (T, N, H), ∂E/∂output
        d_final : (∂E/∂h_n, ∂E/∂c_n), each (N, H) or None for zeros

        Raises
        ------
        ShapeError, and ValueError for a state that is no pair
        """
        p = self.parameters
        T, N, H = run.h.shape
        d_output = as_output_gradient(d_output, run.output.shape, run.mask)
        dh_next, dc_next = as_state(d_final, ("dh_n", "dc_n"), N, H)

        dx, dA, dc, dh = empty(run.x.shape, run.A.shape, *2 * [(T, N, H)])
        da, di, df, do = by_gate(dA)
        for t in interruptible(reversed(range(T))):
            a, i, f, o = run.a[t], run.i[t], run.f[t], run.o[t]
            tanh_c, c_prev = run.tanh_c[t], run.c[t - 1] if t > 0 else run.c0
            dh[t] = d_output[t] + dh_next
            do[t] = dh[t] * tanh_c * o * (1.0 - o)
            dc[t] = dc_next + dh[t] * o * (1.0 - tanh_c**2)
            if p.peepholes:
                p_i, p_f, p_o = p.peepholes
                dc[t] += do[t] * p_o
            da[t] = dc[t] * i * (1.0 - a**2)
            di[t] = dc[t] * a * i * (1.0 - i)
            df[t] = dc[t] * c_prev * f * (1.0 - f)
            if run.mask is not None:
                # A padded step hands c and h on as they are; nothing else happens in it.
                padded = ~run.mask[t]
                dA[t, padded] = 0.0
                dc[t, padded] = dc_next[padded]
            dc_next = dc[t] * f
            if p.peepholes:
                dc_next += di[t] * p_i + df[t] * p_f
            dh_next = dA[t] @ p.U.T
            if run.mask is not None:
                dc_next[padded] = dc[t, padded]
                dh_next[padded] = dh[t, padded]
        return Backward(
            A=dA,
            c=dc,
            h=dh,
            parameters=self._gradients(run, dA),
            x=project(dA, p.W.T, out=dx),
            h0=dh_next,
            c0=dc_next,
        )

    def _gradients(self, run: Forward, dA: Array) -> Parameters:
        W = outer_sum(run.x, dA)
        U = outer_sum(run.h_previous, dA)
        b = dA.sum(axis=(0, 1))
        if not self.parameters.peepholes:
            return Parameters(W, U, b)
        _, di, df, do = by_gate(dA)
        c_previous = run.c_previous
        p_i = (di * c_previous).sum(axis=(0, 1))
        p_f = (df * c_previous).sum(axis=(0, 1))
        p_o = (do * run.c).sum(axis=(0, 1))
        return Parameters(W, U, b, p_i, p_f, p_o)
