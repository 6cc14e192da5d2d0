"""How well a query fits a key: the four score functions and their gradients.

One query q against the states h₁, …, h_n, as the papers write it::

    dot          eᵢ = qᵀhᵢ                                 Luong et al. (2015)
    scaled dot   eᵢ = qᵀhᵢ / √d_k                          Vaswani et al. (2017)
    general      eᵢ = qᵀ W hᵢ                              Luong et al. (2015)
    additive     eᵢ = vᵀ tanh(W₁ q + W₂ hᵢ)                Bahdanau et al. (2015)
    concat       eᵢ = vᵀ tanh(W [q; hᵢ])                   the same, with W = [W₁ W₂]

and the way back, from deᵢ = ∂E/∂eᵢ::

    dot          dq = Σ deᵢ hᵢ        dhᵢ = deᵢ q          (scaled: both divided by √d_k)
    general      dq = W Σ deᵢ hᵢ      dhᵢ = deᵢ Wᵀ q       dW = q (Σ deᵢ hᵢ)ᵀ
    additive     mᵢ = tanh(W₁ q + W₂ hᵢ)                   dv = Σ deᵢ mᵢ
                 daᵢ = deᵢ v ⊙ (1 − mᵢ²)                   dW₁ = Σ daᵢ qᵀ      dW₂ = Σ daᵢ hᵢᵀ
                 dq = W₁ᵀ Σ daᵢ       dhᵢ = W₂ᵀ daᵢ

**Row form is what this module computes with**: queries q (..., n_q, H_q) and states h
(..., n_k, H_k) hold one vector a row, leading axes are a batch. W (H_q, H_k) is as printed, W₁
(H_q, A) and W₂ (H_k, A) are transposed, so that ``e = q @ W @ h.T`` and ``q @ W_1 + h @ W_2``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """q (..., n_q, H_q), h (..., n_k, H_k), e (..., n_q, n_k).

    m (..., n_q, n_k, A) is the hidden layer of the additive score, None for the others.
    """

    q: Array
    h: Array
    e: Array
    m: Array | None = None


@dataclass(frozen=True, slots=True)
class ScoreGradients:
    """∂E/∂q and ∂E/∂h in the shapes of q and h, and the gradients of the score's parameters."""

    q: Array
    h: Array
    parameters: dict[str, Array] = field(default_factory=dict)


class Score(Protocol):
    """A score function: scores of every query with every state, and the way back."""

    def forward(self, q: ArrayLike, h: ArrayLike) -> Scores:
        """Q (..., n_q, H_q) and h (..., n_k, H_k), same leading axes → e (..., n_q, n_k)."""
        ...

    def backward(self, run: Scores, de: Array) -> ScoreGradients:
        """From ∂E/∂e (..., n_q, n_k)."""
        ...

    def as_dict(self) -> dict[str, Array]:
        """Name → parameter array; empty for dot and scaled dot."""
        ...

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Score:
        """The same score with other values for the parameters named in ``values``."""
        ...


def _queries_and_states(
    q: ArrayLike, h: ArrayLike, H_q: int | None = None, H_k: int | None = None
) -> tuple[Array, Array]:
    q, h = np.array(q, dtype=np.float64), np.array(h, dtype=np.float64)
    if q.ndim < 2 or H_q not in {None, q.shape[-1]}:
        raise ShapeError("q", q.shape, "(..., n_q, H_q)" + (f" with H_q = {H_q}" if H_q else ""))
    H_k = q.shape[-1] if H_q is None else H_k
    if h.ndim != q.ndim or h.shape[:-2] != q.shape[:-2] or h.shape[-1] != H_k:
        raise ShapeError("h", h.shape, f"(..., n_k, {H_k}) with leading axes {q.shape[:-2]}")
    return q, h


def summed_outer(left: Array, right: Array) -> Array:
    """Σ of the outer products of all rows: left (..., A), right (..., B) → (A, B)."""
    return np.asarray(left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1]))


def _turned(a: Array) -> Array:
    return np.swapaxes(a, -1, -2)


@dataclass(frozen=True, slots=True)
class Dot:
    """eᵢ = qᵀhᵢ; query and state have one size H."""

    def factor(self, H: int) -> float:
        """What the product is multiplied by."""
        return 1.0

    def forward(self, q: ArrayLike, h: ArrayLike) -> Scores:
        q, h = _queries_and_states(q, h)
        return Scores(q, h, np.asarray(self.factor(q.shape[-1]) * (q @ _turned(h))))

    def backward(self, run: Scores, de: Array) -> ScoreGradients:
        de = self.factor(run.q.shape[-1]) * de
        return ScoreGradients(q=de @ run.h, h=_turned(de) @ run.q)

    def as_dict(self) -> dict[str, Array]:
        return {}

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Dot:
        return self


@dataclass(frozen=True, slots=True)
class ScaledDot(Dot):
    """eᵢ = qᵀhᵢ / √d_k, or qᵀhᵢ · scale.

    For entries of mean 0 and variance 1 that are independent, Var(qᵀh) = d_k. Without the root the
    scores grow with d_k, and the softmax of large scores is nearly constant: its gradient vanishes.
    """

    scale: float | None = None

    def factor(self, H: int) -> float:
        return 1.0 / np.sqrt(H) if self.scale is None else self.scale


@dataclass(frozen=True, slots=True)
class General:
    """eᵢ = qᵀ W hᵢ with W (H_q, H_k): query and state may differ in size."""

    W: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "W", np.asarray(self.W, dtype=np.float64))
        if self.W.ndim != 2:
            raise ShapeError("W", self.W.shape, "(H_q, H_k)")

    def forward(self, q: ArrayLike, h: ArrayLike) -> Scores:
        q, h = _queries_and_states(q, h, *self.W.shape)
        return Scores(q, h, np.asarray(q @ self.W @ _turned(h)))

    def backward(self, run: Scores, de: Array) -> ScoreGradients:
        weighted = de @ run.h  # Σ deᵢ hᵢ of each query, (..., n_q, H_k)
        return ScoreGradients(
            q=weighted @ self.W.T,
            h=_turned(de) @ (run.q @ self.W),
            parameters={"W": summed_outer(run.q, weighted)},
        )

    def as_dict(self) -> dict[str, Array]:
        return {"W": self.W}

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> General:
        return replace(self, **{name: np.asarray(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Additive:
    """eᵢ = vᵀ tanh(W₁ q + W₂ hᵢ) with W_1 (H_q, A), W_2 (H_k, A), v (A,); also called concat."""

    W_1: Array
    W_2: Array
    v: Array

    def __post_init__(self) -> None:
        for name in ("W_1", "W_2", "v"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if self.v.ndim != 1:
            raise ShapeError("v", self.v.shape, "(A,)")
        for name, W in (("W_1", self.W_1), ("W_2", self.W_2)):
            if W.ndim != 2 or W.shape[1] != self.v.size:
                raise ShapeError(name, W.shape, f"(H, A) with A = {self.v.size}")

    @classmethod
    def from_concat(cls, W: ArrayLike, v: ArrayLike, H_q: int) -> Additive:
        """The concat form vᵀ tanh(W [q; h]): W (A, H_q + H_k) as printed, columns of q first."""
        W = np.asarray(W, dtype=np.float64)
        return cls(W[:, :H_q].T.copy(), W[:, H_q:].T.copy(), np.asarray(v, dtype=np.float64))

    def forward(self, q: ArrayLike, h: ArrayLike) -> Scores:
        q, h = _queries_and_states(q, h, self.W_1.shape[0], self.W_2.shape[0])
        # Every query with every state: (..., n_q, 1, A) + (..., 1, n_k, A).
        m = np.tanh((q @ self.W_1)[..., :, None, :] + (h @ self.W_2)[..., None, :, :])
        return Scores(q, h, np.asarray(m @ self.v), m)

    def backward(self, run: Scores, de: Array) -> ScoreGradients:
        assert run.m is not None
        da = de[..., None] * self.v * (1.0 - run.m**2)
        da_q = da.sum(axis=-2)  # q meets every state: (..., n_q, A)
        da_h = da.sum(axis=-3)  # h meets every query: (..., n_k, A)
        return ScoreGradients(
            q=da_q @ self.W_1.T,
            h=da_h @ self.W_2.T,
            parameters={
                "W_1": summed_outer(run.q, da_q),
                "W_2": summed_outer(run.h, da_h),
                "v": summed_outer(run.m, de[..., None])[:, 0],
            },
        )

    def as_dict(self) -> dict[str, Array]:
        return {"W_1": self.W_1, "W_2": self.W_2, "v": self.v}

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Additive:
        return replace(self, **{name: np.asarray(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Capped:
    """eᵢ = cap · tanh(score / cap): any score, kept within (−cap, cap).

    Known as soft-capping of logits (Gemma Team, 2024, section 2). The slope is 1 − (e / cap)².
    """

    score: Score
    cap: float

    def forward(self, q: ArrayLike, h: ArrayLike) -> Scores:
        run = self.score.forward(q, h)
        return replace(run, e=np.asarray(self.cap * np.tanh(run.e / self.cap)))

    def backward(self, run: Scores, de: Array) -> ScoreGradients:
        return self.score.backward(run, de * (1.0 - (run.e / self.cap) ** 2))

    def as_dict(self) -> dict[str, Array]:
        return self.score.as_dict()

    def with_parameters(self, values: Mapping[str, ArrayLike]) -> Capped:
        return replace(self, score=self.score.with_parameters(values))
