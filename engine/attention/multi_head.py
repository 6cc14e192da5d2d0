"""Multi-head attention (Vaswani et al., 2017, section 3.2.2).

::

    Qᵢ = X_q W_Qⁱ + b_qⁱ     Kᵢ = X_k W_Kⁱ + b_kⁱ     Vᵢ = X_v W_Vⁱ + b_vⁱ        i = 1, …, h
    headᵢ = softmax(Qᵢ Kᵢᵀ / √d_k + mask) Vᵢ
    O = [head₁, …, head_h] W_O + b_o

The matrices of the h heads lie side by side in one: W_Q (D, h·d_k) holds W_Q¹ in its first d_k
columns. With d_k = d_v = d_model / h every matrix is (d_model, d_model), so the number of
parameters, 4 d_model² + 4 d_model, does not depend on h; the number of scores, n_q · n_k · h, does.
Rows are positions, as in PyTorch with ``batch_first=True``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.attention.mechanism import Attention
from engine.attention.mechanism import Backward as HeadsBackward
from engine.attention.mechanism import Forward as HeadsForward
from engine.attention.scores import summed_outer
from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MultiHeadParameters:
    """W_Q (D_q, h·d_k), W_K (D_k, h·d_k), W_V (D_v, h·d_v), W_O (h·d_v, D_o), and their biases.

    Also holds their gradients. Raises ShapeError if they do not fit.
    """

    W_Q: Array
    W_K: Array
    W_V: Array
    W_O: Array
    b_q: Array
    b_k: Array
    b_v: Array
    b_o: Array

    def __post_init__(self) -> None:
        for part in fields(self):
            value = np.asarray(getattr(self, part.name), dtype=np.float64)
            object.__setattr__(self, part.name, value)
        for which in "QKVO":
            W, b = getattr(self, f"W_{which}"), getattr(self, f"b_{which.lower()}")
            if W.ndim != 2:
                raise ShapeError(f"W_{which}", W.shape, "(in, out)")
            if b.shape != W.shape[1:]:
                raise ShapeError(f"b_{which.lower()}", b.shape, str(W.shape[1:]))
        if self.W_K.shape[1] != self.W_Q.shape[1]:
            raise ShapeError("W_K", self.W_K.shape, f"(D_k, {self.W_Q.shape[1]}), as W_Q")
        if self.W_O.shape[0] != self.W_V.shape[1]:
            raise ShapeError("W_O", self.W_O.shape, f"({self.W_V.shape[1]}, D_o), after W_V")

    @classmethod
    def from_torch(
        cls,
        in_proj_weight: ArrayLike,
        in_proj_bias: ArrayLike,
        out_proj_weight: ArrayLike,
        out_proj_bias: ArrayLike,
    ) -> MultiHeadParameters:
        """From ``nn.MultiheadAttention``: weights (out, in), query, key and value stacked.

        in_proj_weight (3 d, d), in_proj_bias (3 d,), out_proj.weight (d, d), out_proj.bias (d,).
        """
        W_Q, W_K, W_V = (W.T for W in np.split(np.array(in_proj_weight, dtype=np.float64), 3))
        b_q, b_k, b_v = np.split(np.array(in_proj_bias, dtype=np.float64), 3)
        W_O = np.array(out_proj_weight, dtype=np.float64).T
        return cls(W_Q, W_K, W_V, W_O, b_q, b_k, b_v, np.array(out_proj_bias, dtype=np.float64))

    def to_torch(self) -> dict[str, Array]:
        """The same parameters under PyTorch's names and in its layout; needs D_q = D_k = D_v."""
        return {
            "in_proj_weight": np.concatenate([self.W_Q.T, self.W_K.T, self.W_V.T]),
            "in_proj_bias": np.concatenate([self.b_q, self.b_k, self.b_v]),
            "out_proj.weight": self.W_O.T.copy(),
            "out_proj.bias": self.b_o.copy(),
        }

    def as_dict(self) -> dict[str, Array]:
        """Name → array; the arrays are not copied."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @property
    def count(self) -> int:
        """4 d² + 4 d if all sizes are d, for any number of heads."""
        return sum(array.size for array in self.as_dict().values())


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward run leaves behind.

    x_q (..., n_q, D_q), x_k (..., n_k, D_k), x_v (..., n_k, D_v): the three inputs; Q
    (..., h, n_q, d_k), K (..., h, n_k, d_k), V (..., h, n_k, d_v); ``heads``: scores and weights
    (..., h, n_q, n_k); joined (..., n_q, h·d_v): the heads side by side; o (..., n_q, D_o).
    """

    x_q: Array
    x_k: Array
    x_v: Array
    Q: Array
    K: Array
    V: Array
    heads: HeadsForward
    joined: Array
    o: Array

    @property
    def alpha(self) -> Array:
        return self.heads.alpha


@dataclass(frozen=True, slots=True)
class Backward:
    """Gradients of the three inputs, of the parameters, and within the heads."""

    x_q: Array
    x_k: Array
    x_v: Array
    parameters: MultiHeadParameters
    heads: HeadsBackward

    @property
    def x(self) -> Array:
        """The gradient of the one input of self-attention: it is query, key and value."""
        return self.x_q + self.x_k + self.x_v


class MultiHeadAttention:
    """h heads, each with its share of the columns. Raises ValueError if h does not divide them."""

    def __init__(self, parameters: MultiHeadParameters, heads: int) -> None:
        for name, W in (("W_Q", parameters.W_Q), ("W_V", parameters.W_V)):
            if heads < 1 or W.shape[1] % heads:
                raise ValueError(f"{heads} heads cannot share the {W.shape[1]} columns of {name}")
        self.parameters = parameters
        self.h = heads
        self.attention = Attention()

    def _apart(self, X: Array) -> Array:
        # (..., n, h·d) → (..., h, n, d)
        return np.swapaxes(X.reshape(*X.shape[:-1], self.h, -1), -2, -3)

    def _joined(self, X: Array) -> Array:
        # (..., h, n, d) → (..., n, h·d)
        X = np.swapaxes(X, -2, -3)
        return X.reshape(*X.shape[:-2], -1)

    def forward(
        self,
        x_q: ArrayLike,
        x_k: ArrayLike | None = None,
        x_v: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> Forward:
        """Self-attention of x_q alone, source-target attention of x_q on x_k.

        Parameters
        ----------
        x_q : (..., n_q, D_q); x_k : (..., n_k, D_k), x_q if not given; x_v : (..., n_k, D_v), x_k
            if not given
        mask : broadcasts to (..., n_q, n_k), the same for every head; with one axis more,
            (..., h, n_q, n_k), each head has its own

        Raises
        ------
        ShapeError, and ValueError for a mask that does not broadcast
        """
        p = self.parameters
        x_q = np.array(x_q, dtype=np.float64)
        x_k = x_q if x_k is None else np.array(x_k, dtype=np.float64)
        x_v = x_k if x_v is None else np.array(x_v, dtype=np.float64)
        for name, X, W in (("x_q", x_q, p.W_Q), ("x_k", x_k, p.W_K), ("x_v", x_v, p.W_V)):
            if X.ndim < 2 or X.shape[-1] != W.shape[0]:
                raise ShapeError(name, X.shape, f"(..., n, {W.shape[0]})")
        if mask is not None:
            mask = np.asarray(mask)
            if 3 <= mask.ndim <= x_q.ndim:
                mask = mask[..., None, :, :]
        Q = self._apart(x_q @ p.W_Q + p.b_q)
        K = self._apart(x_k @ p.W_K + p.b_k)
        V = self._apart(x_v @ p.W_V + p.b_v)
        heads = self.attention.forward(Q, K, V, mask)
        joined = self._joined(heads.c)
        return Forward(x_q, x_k, x_v, Q, K, V, heads, joined, joined @ p.W_O + p.b_o)

    def backward(self, run: Forward, do: ArrayLike) -> Backward:
        """From ∂E/∂o (..., n_q, D_o). Raises ShapeError."""
        p = self.parameters
        do = np.asarray(do, dtype=np.float64)
        if do.shape != run.o.shape:
            raise ShapeError("do", do.shape, str(run.o.shape))
        heads = self.attention.backward(run.heads, self._apart(do @ p.W_O.T))
        assert heads.values is not None
        dQ, dK, dV = self._joined(heads.q), self._joined(heads.h), self._joined(heads.values)
        return Backward(
            x_q=dQ @ p.W_Q.T,
            x_k=dK @ p.W_K.T,
            x_v=dV @ p.W_V.T,
            parameters=MultiHeadParameters(
                W_Q=summed_outer(run.x_q, dQ),
                W_K=summed_outer(run.x_k, dK),
                W_V=summed_outer(run.x_v, dV),
                W_O=summed_outer(run.joined, do),
                b_q=_over_rows(dQ),
                b_k=_over_rows(dK),
                b_v=_over_rows(dV),
                b_o=_over_rows(do),
            ),
            heads=heads,
        )


def _over_rows(gradient: Array) -> Array:
    return np.asarray(gradient.reshape(-1, gradient.shape[-1]).sum(axis=0))
