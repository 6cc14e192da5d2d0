"""Attention: scores, weights, context, and the way back.

One query q and the states h₁, …, h_n with their values (in a seq2seq the states themselves)::

    e = score(q, hᵢ)        α = softmax(e + mask)        c = Σ αᵢ valueᵢ

    dαᵢ = valueᵢ · dc       dvalueᵢ = αᵢ dc
    de = α ⊙ (dα − Σⱼ αⱼ dαⱼ)                then through the score: dq, dhᵢ, its parameters

With a scaled dot product, queries Q, keys K and values V this is the matrix form of Vaswani et al.
(2017); rows are positions, S the scores (here e), A the weights (here alpha), O the result (here
c)::

    S = Q Kᵀ / √d_k         A = softmax(S + mask), row by row        O = A V
    dV = Aᵀ dO              dA = dO Vᵀ              dS = A ⊙ (dA − rowsum(dA ⊙ A))
    dQ = dS K / √d_k        dK = dSᵀ Q / √d_k

Which state asks: in Bahdanau et al. (2015) sᵗ⁻¹, before the step, so that the context takes part
in making sᵗ; in Luong et al. (2015) sᵗ, after the step, and both are combined afterwards. In
self-attention queries, keys and values come from one sequence, in source-target attention the
queries come from the decoder, keys and values from the encoder.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.attention.masks import masked_softmax, softmax_pull_back
from engine.attention.scores import ScaledDot, Score, Scores
from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forward:
    """q (..., n_q, H_q), h (..., n_k, H_k), values (..., n_k, d_v); what came of them.

    e, alpha (..., n_q, n_k): the scores before the mask, and the weights; c (..., n_q, d_v).
    """

    scores: Scores
    values: Array
    alpha: Array
    c: Array
    values_are_states: bool

    @property
    def q(self) -> Array:
        return self.scores.q

    @property
    def h(self) -> Array:
        return self.scores.h

    @property
    def e(self) -> Array:
        return self.scores.e


@dataclass(frozen=True, slots=True)
class Backward:
    """Gradients of alpha, e, q, h, values in their shapes, and of the score's parameters.

    ``values`` is None if the states were the values: both ways then meet in ``h``.
    """

    alpha: Array
    e: Array
    q: Array
    h: Array
    values: Array | None
    parameters: dict[str, Array]


class Attention:
    """Attention with a score function: Dot(), ScaledDot(), General(W), Additive(W_1, W_2, v)."""

    def __init__(self, score: Score | None = None) -> None:
        self.score: Score = ScaledDot() if score is None else score

    def forward(
        self,
        q: ArrayLike,
        h: ArrayLike,
        values: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> Forward:
        """Look with every query at every state.

        Parameters
        ----------
        q : (..., n_q, H_q); one query is n_q = 1
        h : (..., n_k, H_k), the states, or keys
        values : (..., n_k, d_v); the states themselves if not given
        mask : broadcasts to (..., n_q, n_k); True or 0 where a state may be looked at, False or −∞
            where it may not

        Raises
        ------
        ShapeError, and ValueError for a mask that does not broadcast
        """
        scores = self.score.forward(q, h)
        own = values is None
        values = scores.h if values is None else np.array(values, dtype=np.float64)
        if values.ndim != scores.h.ndim or values.shape[:-1] != scores.h.shape[:-1]:
            raise ShapeError("values", values.shape, f"{scores.h.shape[:-1]} + (d_v,)")
        alpha = masked_softmax(scores.e, mask)
        return Forward(scores, values, alpha, alpha @ values, own)

    def backward(self, run: Forward, dc: ArrayLike, dalpha: ArrayLike | None = None) -> Backward:
        """From ∂E/∂c (..., n_q, d_v), and ∂E/∂α (..., n_q, n_k) if E looks at the weights too.

        Raises
        ------
        ShapeError
        """
        dc = np.asarray(dc, dtype=np.float64)
        if dc.shape != run.c.shape:
            raise ShapeError("dc", dc.shape, str(run.c.shape))
        through_c = dc @ np.swapaxes(run.values, -1, -2)
        dalpha = through_c if dalpha is None else through_c + np.asarray(dalpha, dtype=np.float64)
        dvalues = np.swapaxes(run.alpha, -1, -2) @ dc
        de = softmax_pull_back(run.alpha, dalpha)
        back = self.score.backward(run.scores, de)
        # A state that is its own value is used twice, in the score and in the sum.
        dh = back.h + dvalues if run.values_are_states else back.h
        return Backward(
            alpha=dalpha,
            e=de,
            q=back.q,
            h=dh,
            values=None if run.values_are_states else dvalues,
            parameters=back.parameters,
        )
