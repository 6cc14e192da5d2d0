"""Skip-gram for one window with the full softmax: the loss and both gradients."""

import numpy as np


def skip_gram(center, outside, W_in, W_out):
    """center: a word id, outside (C,): ids of the words around it, W_in (V, D), W_out (D, V).

    Returns the loss, dW_in (V, D) and dW_out (D, V).
    """
    #: a begin
    v = W_in[center]
    scores = np.dot(v, W_out)
    scores = scores - scores.max()
    log_p = scores - np.log(np.exp(scores).sum())
    loss = -log_p[outside].sum()
    error = len(outside) * np.exp(log_p)
    np.add.at(error, outside, -1)
    dW_in = np.zeros_like(W_in)
    dW_in[center] = np.dot(W_out, error)
    return loss, dW_in, np.outer(v, error)
    #: a end


#: judge
def loss(center, outside, W_in, W_out):
    u = W_in[center] @ W_out
    return sum(np.log(np.exp(u).sum()) - u[word] for word in outside)
