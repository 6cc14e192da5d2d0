"""Scaled dot-product attention for a batch, forward and backward."""

import numpy as np


def attention_forward(Q, K, V):
    """Q (N, n_q, d_k), K (N, n_k, d_k), V (N, n_k, d_v); returns out (N, n_q, d_v) and a cache."""
    scale = 1 / np.sqrt(Q.shape[-1])
    scores = np.einsum("nqd,nkd->nqk", Q, K) * scale
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A = exps / exps.sum(axis=-1, keepdims=True)
    return A @ V, (Q, K, V, A, scale)


def attention_backward(dout, cache):
    """Returns dQ, dK and dV."""
    Q, K, V, A, scale = cache
    dV = np.swapaxes(A, 1, 2) @ dout  #: a
    dA = np.einsum("nqv,nkv->nqk", dout, V)  #: b
    dS = A * (dA - (A * dA).sum(axis=-1, keepdims=True))  #: c
    dQ = dS @ K * scale  #: d
    dK = np.swapaxes(dS, 1, 2) @ Q * scale
    return dQ, dK, dV


#: judge
def loss(Q, K, V, dout):
    scores = np.matmul(Q, K.transpose(0, 2, 1)) / Q.shape[2] ** 0.5
    A = np.exp(scores)
    return np.sum(np.matmul(A / A.sum(axis=2, keepdims=True), V) * dout)
