"""An affine map at every step of a batch of sequences, forward and backward, as two functions."""

import numpy as np


def temporal_affine_forward(x, w, b):
    """x (N, T, D), w (D, M), b (M,); returns out (N, T, M) and a cache of your choice."""
    #: a begin
    N, T, D = x.shape
    rows = x.reshape(N * T, D)
    out = (rows @ w + b).reshape(N, T, len(b))
    return out, (x, w)
    #: a end


def temporal_affine_backward(dout, cache):
    """dout (N, T, M); returns dx (N, T, D), dw (D, M) and db (M,)."""
    #: b begin
    x, w = cache
    N, T, D = x.shape
    drows = dout.reshape(N * T, -1)
    dx = (drows @ w.T).reshape(N, T, D)
    dw = x.reshape(N * T, D).T @ drows
    db = np.sum(drows, axis=0)
    return dx, dw, db
    #: b end


#: judge
def loss(x, w, b, dout):
    """A number whose gradient by out is dout."""
    return np.sum((x @ w + b) * dout)
