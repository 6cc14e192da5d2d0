"""A layer that runs an RNN over a whole sequence and can keep its state between two calls."""

import numpy as np


class RNN:
    """One step: params [Wx (D, H), Wh (H, H), b (H,)] and their grads."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(h_prev @ Wh + x @ Wx + b)
        self.cache = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next**2)
        self.grads[0][...] = x.T @ dt
        self.grads[1][...] = h_prev.T @ dt
        self.grads[2][...] = dt.sum(axis=0)
        return dt @ Wx.T, dt @ Wh.T


class TimeRNN:
    """T steps with the same parameters.

    With stateful, the next forward starts from the state in which the last one ended; without it,
    from zeros. backward never goes further back than the sequence of the last forward.
    """

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        self.h, self.dh = None, None
        self.stateful = stateful

    def reset_state(self):
        self.h = None

    def forward(self, xs):
        """xs (N, T, D); returns hs (N, T, H)."""
        N, T, _ = xs.shape
        H = len(self.params[2])
        self.layers = []
        hs = np.zeros((N, T, H))
        if not self.stateful or self.h is None:  #: a
            self.h = np.zeros((N, H))
        for t in range(T):
            layer = RNN(*self.params)
            self.h = layer.forward(xs[:, t], self.h)
            hs[:, t] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        """dhs (N, T, H), from above; returns dxs (N, T, D), leaves the state's gradient in dh."""
        N, T, _ = dhs.shape
        dxs = np.zeros((N, T, len(self.params[0])))
        dh = np.zeros_like(dhs[:, 0])
        for grad in self.grads:
            grad[...] = 0
        for t in reversed(range(T)):  #: b
            dxs[:, t], dh = self.layers[t].backward(dhs[:, t] + dh)  #: c | dhs[:, t] + dh
            for grad, part in zip(self.grads, self.layers[t].grads, strict=True):
                grad += part
        self.dh = dh
        return dxs


#: judge
def loss(Wx, Wh, b, xs, dhs):
    """A number whose gradient by the states is dhs, from a state of zeros."""
    h, total = np.zeros((len(xs), len(b))), 0.0
    for t in range(xs.shape[1]):
        h = np.tanh(xs[:, t] @ Wx + h @ Wh + b)
        total += np.sum(h * dhs[:, t])
    return total
