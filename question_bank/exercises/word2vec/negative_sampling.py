"""Negative sampling for one centre word: the loss and its gradients."""

import numpy as np


def sigmoid(x):
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def negative_sampling_loss(center_word_vec, outside_word_idx, outside_vectors, negative_idx):
    """center_word_vec (D,), outside_word_idx: an id, outside_vectors (V, D), negative_idx (K,).

    Returns the loss, the gradient by the centre vector (D,) and by all outside vectors (V, D).
    """
    v = center_word_vec
    u_o = outside_vectors[outside_word_idx]
    U_k = outside_vectors[negative_idx]
    p_o = sigmoid(np.inner(u_o, v))
    p_k = sigmoid(np.dot(U_k, v))
    loss = -np.log(p_o) - np.log(1 - p_k).sum()  #: a
    e_o = p_o - 1
    e_k = p_k  #: b
    grad_center_vec = e_o * u_o + np.dot(U_k.T, e_k)  #: c
    grad_outside_vecs = np.zeros_like(outside_vectors)
    grad_outside_vecs[outside_word_idx] = e_o * v
    #: d begin
    np.add.at(grad_outside_vecs, negative_idx, np.outer(e_k, v))
    #: d end
    return loss, grad_center_vec, grad_outside_vecs


#: judge
def loss(center_word_vec, outside_word_idx, outside_vectors, negative_idx):
    scores = outside_vectors @ center_word_vec
    total = np.log1p(np.exp(-scores[outside_word_idx]))
    for k in negative_idx:
        total += np.log1p(np.exp(scores[k]))
    return total
