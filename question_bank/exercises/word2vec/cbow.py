"""CBOW for one window: the loss and the gradients of both matrices."""

import numpy as np


def cbow(context, target, W_in, W_out):
    """context: C word ids, target: one id, W_in (V, D), W_out (D, V).

    Returns the loss, dW_in (V, D) and dW_out (D, V).
    """
    C = len(context)
    h = W_in[context].sum(axis=0) / C  #: a
    u = np.dot(h, W_out)
    y = np.exp(u - u.max())
    y = y / y.sum()
    loss = -np.log(y[target])

    e = y.copy()
    #: b begin
    e[target] -= 1
    #: b end
    dW_out = np.outer(h, e)  #: c
    dh = np.dot(W_out, e)
    dW_in = np.zeros_like(W_in)
    np.add.at(dW_in, context, dh / C)  #: d | dh / C
    return loss, dW_in, dW_out


#: judge
def loss(context, target, W_in, W_out):
    u = np.mean([W_in[word] for word in context], axis=0) @ W_out
    return np.log(np.sum(np.exp(u))) - u[target]
