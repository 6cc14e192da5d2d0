"""Multi-head self-attention: split the heads, attend, join them."""

import numpy as np


def split_heads(x, h):
    """x (N, T, D) -> (N, h, T, D / h): each head gets neighbouring features."""
    N, T, D = x.shape
    return x.reshape(N, T, h, D // h).transpose(0, 2, 1, 3)  #: a


def merge_heads(x):
    """x (N, h, T, d) -> (N, T, h d): the reverse of split_heads."""
    N, h, T, d = x.shape
    return x.transpose(0, 2, 1, 3).reshape(N, T, h * d)  #: b


def multi_head_attention(x, W_q, W_k, W_v, W_o, h):
    """x (N, T, D); the weights are (D, D); D is a multiple of h. Returns (N, T, D)."""
    Q = split_heads(x @ W_q, h)
    K = split_heads(x @ W_k, h)
    V = split_heads(x @ W_v, h)
    d = x.shape[2] // h
    scores = np.einsum("nhqd,nhkd->nhqk", Q, K) / np.sqrt(d)  #: c
    A = np.exp(scores - scores.max(axis=-1, keepdims=True))
    A = A / A.sum(axis=-1, keepdims=True)
    return merge_heads(A @ V) @ W_o  #: d
