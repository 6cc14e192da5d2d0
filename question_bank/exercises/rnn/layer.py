"""A recurrent layer as a class: one step, parameters and gradients in lists."""

import numpy as np


class RNN:
    """params is [Wx (D, H), Wh (H, H), b (H,)]; grads holds their gradients in the same order."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        """x (N, D), h_prev (N, H); returns h_next = tanh(h_prev Wh + x Wx + b), (N, H)."""
        #: a begin
        Wx, Wh, b = self.params
        h_next = np.tanh(h_prev @ Wh + x @ Wx + b)
        self.cache = (x, h_prev, h_next)
        return h_next
        #: a end

    def backward(self, dh_next):
        """dh_next (N, H); fills grads in place and returns dx (N, D) and dh_prev (N, H)."""
        #: b begin
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next**2)
        self.grads[0][...] = x.T @ dt
        self.grads[1][...] = h_prev.T @ dt
        self.grads[2][...] = dt.sum(axis=0)
        return dt @ Wx.T, dt @ Wh.T
        #: b end


#: judge
def loss(Wx, Wh, b, x, h_prev, dh_next):
    """A number whose gradient by h_next is dh_next."""
    return np.sum(np.tanh(h_prev @ Wh + x @ Wx + b) * dh_next)
