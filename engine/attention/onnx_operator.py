"""Attention as ONNX's operator of that name has it (opset 23 to 25).

Its inputs are 4D, (batch, heads, n, d), or 3D with the heads side by side, (batch, n, heads · d),
and it is ``engine.attention`` in all but names::

    Y = softmax(softcap(Q Kᵀ · scale) + mask) V

* **grouped queries**: several heads of Q share one of K and V; each head of K serves as many heads
  in a row as there are heads of Q for one of K.
* **past**: keys and values of earlier calls, which come before the new ones; a causal query then
  sees all of them. They are handed out, joined, as ``present``.
* ``nonpad_kv_seqlen``: how many keys of each sequence are real, when the caller keeps the past
  itself; a causal query is then counted from the end of the real ones.

Source: the ONNX operator schema of Attention.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.attention.masks import masked_scores
from engine.attention.mechanism import Attention, Forward
from engine.attention.scores import Capped, ScaledDot, Score
from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OnnxAttention:
    """Y in the layout of Q; present_key and present_value (batch, kv_heads, n_k, d).

    ``run`` holds all between, over the heads of Q; the four qk_matmul_output_mode are ``products``,
    ``capped``, ``biased`` and ``weights``, each (batch, q_heads, n_q, n_k).
    """

    Y: Array
    present_key: Array
    present_value: Array
    products: Array
    biased: Array
    run: Forward

    @property
    def capped(self) -> Array:
        return self.run.e

    @property
    def weights(self) -> Array:
        return self.run.alpha


def onnx_attention(
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    attn_mask: ArrayLike | None = None,
    past_key: ArrayLike | None = None,
    past_value: ArrayLike | None = None,
    nonpad_kv_seqlen: ArrayLike | None = None,
    *,
    is_causal: bool = False,
    scale: float | None = None,
    softcap: float = 0.0,
    q_num_heads: int | None = None,
    kv_num_heads: int | None = None,
    left_window_size: int = -1,
    right_window_size: int = -1,
) -> OnnxAttention:
    """ONNX's Attention.

    Parameters
    ----------
    Q (batch, q_heads, n_q, d_k), K (batch, kv_heads, n_k, d_k), V (batch, kv_heads, n_k, d_v), or
        all three (batch, n, heads · d) together with q_num_heads and kv_num_heads
    attn_mask : booleans or numbers that broadcast to (batch, q_heads, n_q, past + n_k); keys that
        it is too short for are not seen
    past_key, past_value : (batch, kv_heads, past, d)
    nonpad_kv_seqlen : (batch,)
    scale : 1/√d_k if not given; softcap : 0 for none
    left_window_size, right_window_size : how far a query sees to either side; −1 for any distance

    Raises
    ------
    ShapeError, and ValueError for a mask that does not broadcast
    """
    flat = np.ndim(Q) == 3
    Q = _by_heads("Q", Q, q_num_heads)
    K, V = _by_heads("K", K, kv_num_heads), _by_heads("V", V, kv_num_heads)
    past = 0
    if past_key is not None and past_value is not None:
        past = np.shape(past_key)[2]
        K = np.concatenate([np.asarray(past_key, dtype=np.float64), K], axis=2)
        V = np.concatenate([np.asarray(past_value, dtype=np.float64), V], axis=2)
    if not K.shape[1] or Q.shape[1] % K.shape[1]:
        raise ShapeError("K", K.shape, f"(batch, heads, n, d) with heads that divide {Q.shape[1]}")
    group = Q.shape[1] // K.shape[1]

    n_q, n_k = Q.shape[2], K.shape[2]
    bias = np.zeros((1, 1, n_q, n_k))
    if attn_mask is not None:
        bias = _with_mask(bias, np.asarray(attn_mask), (len(Q), Q.shape[1], n_q, n_k))
    # Where query i stands among the keys: after the past, or so that the last is the last real key.
    if nonpad_kv_seqlen is None:
        offset = np.full((1, 1, 1, 1), past)
    else:
        real = np.asarray(nonpad_kv_seqlen).reshape(-1, 1, 1, 1)
        offset = real - n_q
        bias = masked_scores(
            np.broadcast_to(bias, (len(Q), *bias.shape[1:])), np.arange(n_k) < real
        )
    ahead = np.arange(n_k) - np.arange(n_q)[:, None] - offset
    allowed = np.ones_like(ahead, dtype=np.bool_)
    if is_causal:
        allowed &= ahead <= 0
    if left_window_size >= 0:
        allowed &= -ahead <= left_window_size
    if right_window_size >= 0:
        allowed &= ahead <= right_window_size
    bias = np.where(allowed, bias, -np.inf)

    plain = ScaledDot(scale)
    score: Score = Capped(plain, softcap) if softcap > 0 else plain
    keys, values = np.repeat(K, group, axis=1), np.repeat(V, group, axis=1)
    run = Attention(score).forward(Q, keys, values, bias)
    Y = run.c
    if flat:
        Y = np.swapaxes(Y, 1, 2).reshape(len(Y), n_q, -1)
    products = plain.forward(Q, keys).e
    return OnnxAttention(Y, K, V, products, masked_scores(run.e, bias), run)


def _by_heads(name: str, X: ArrayLike, heads: int | None) -> Array:
    X = np.asarray(X, dtype=np.float64)
    if X.ndim == 4:
        return X
    if X.ndim != 3 or not heads or X.shape[2] % heads:
        raise ShapeError(name, X.shape, f"(batch, heads, n, d) or (batch, n, {heads} · d)")
    return np.swapaxes(X.reshape(*X.shape[:2], heads, -1), 1, 2)


def _with_mask(bias: Array, mask: NDArray[np.generic], shape: tuple[int, ...]) -> Array:
    missing = shape[-1] - mask.shape[-1]
    numbers = np.where(mask, 0.0, -np.inf) if mask.dtype == np.bool_ else mask.astype(np.float64)
    if missing > 0:
        unseen = np.full((*numbers.shape[:-1], missing), -np.inf)
        numbers = np.concatenate([numbers, unseen], axis=-1)
    try:
        return np.asarray(np.broadcast_to(bias + numbers, shape))
    except ValueError:
        raise ValueError(f"a mask of shape {mask.shape} does not fit scores {shape}") from None
