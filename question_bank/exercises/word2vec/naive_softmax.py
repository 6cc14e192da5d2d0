"""Skip-gram with the full softmax: the loss and the gradients for one pair of words."""

import numpy as np


def softmax(x):
    """The softmax of a vector."""
    x = np.exp(x - np.max(x))
    return x / np.sum(x)


def naive_softmax_loss_and_gradient(center_word_vec, outside_word_idx, outside_vectors, dataset):
    """center_word_vec (D,), outside_word_idx: an id, outside_vectors (V, D) in rows.

    dataset is not used. Returns the loss, the gradient by the centre vector (D,) and the
    gradient by all outside vectors (V, D).
    """
    #: a begin
    y_hat = softmax(np.dot(outside_vectors, center_word_vec))
    loss = -np.log(y_hat[outside_word_idx])
    #: a end
    delta = y_hat.copy()
    #: b begin
    delta[outside_word_idx] -= 1
    #: b end
    grad_center_vec = np.dot(outside_vectors.T, delta)  #: c
    grad_outside_vecs = np.outer(delta, center_word_vec)  #: d
    return loss, grad_center_vec, grad_outside_vecs


#: judge
def loss(center_word_vec, outside_word_idx, outside_vectors, dataset):
    u = outside_vectors @ center_word_vec
    return np.log(np.sum(np.exp(u))) - u[outside_word_idx]
