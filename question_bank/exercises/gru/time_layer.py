"""A GRU layer over time, with a state that it can keep from one batch to the next."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


class GRU:
    """One step; blocks of columns in the order z, r, candidate; z is the share of the candidate."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        Uz, Ur, Uh = np.split(Wh, 3, axis=1)
        xz, xr, xh = np.split(x @ Wx + b, 3, axis=1)
        z, r = sigmoid(xz + h_prev @ Uz), sigmoid(xr + h_prev @ Ur)
        h_hat = np.tanh(xh + (r * h_prev) @ Uh)
        self.cache = (x, h_prev, z, r, h_hat)
        return (1 - z) * h_prev + z * h_hat

    def backward(self, dh_next):
        Wx, Wh, _ = self.params
        Uz, Ur, Uh = np.split(Wh, 3, axis=1)
        x, h_prev, z, r, h_hat = self.cache
        dt = dh_next * z * (1 - h_hat**2)
        dz = dh_next * (h_hat - h_prev) * z * (1 - z)
        dhr = dt @ Uh.T
        dr = dhr * h_prev * r * (1 - r)
        dA = np.hstack([dz, dr, dt])
        dU = np.hstack([h_prev.T @ dz, h_prev.T @ dr, (r * h_prev).T @ dt])
        for grad, value in zip(self.grads, (x.T @ dA, dU, dA.sum(axis=0)), strict=True):
            grad[...] = value
        return dA @ Wx.T, dh_next * (1 - z) + dhr * r + dz @ Uz.T + dr @ Ur.T


class TimeGRU:
    """T steps with the same parameters; stateful: whether the state outlives a call of forward."""

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = []
        self.h, self.dh = None, None
        self.stateful = stateful

    def set_state(self, h):
        self.h = h

    def forward(self, xs):
        """xs (N, T, D); returns hs (N, T, H)."""
        N, T, _ = xs.shape
        H = len(self.params[1])
        hs = np.zeros((N, T, H))
        self.layers = []
        if not self.stateful or self.h is None:  #: a
            self.h = np.zeros((N, H))
        for t in range(T):
            layer = GRU(*self.params)
            self.h = layer.forward(xs[:, t], self.h)  #: b
            hs[:, t] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        """dhs (N, T, H); fills grads, keeps dh of the initial state, returns dxs (N, T, D)."""
        N, T, H = dhs.shape
        dxs = np.zeros((N, T, len(self.params[0])))
        sums = [0, 0, 0]
        dh = np.zeros((N, H))
        for t in reversed(range(T)):
            layer = self.layers[t]
            dxs[:, t], dh = layer.backward(dhs[:, t] + dh)  #: c
            for k, grad in enumerate(layer.grads):
                sums[k] += grad  #: d
        for k, total in enumerate(sums):
            self.grads[k][...] = total
        self.dh = dh
        return dxs


#: judge
def loss(Wx, Wh, b, stateful, before, xs, dhs):
    """What has dhs as its derivative by the hidden states of the second call."""
    H = len(Wh)
    h = np.zeros((len(xs), H))
    total = 0.0
    for inputs, errors in ((before, 0 * dhs), (xs, dhs)):
        if not stateful:
            h = np.zeros((len(xs), H))
        for t in range(inputs.shape[1]):
            u = inputs[:, t] @ Wx + b
            gate = 1 / (1 + np.exp(-u[:, : 2 * H] - h @ Wh[:, : 2 * H]))
            z, r = gate[:, :H], gate[:, H:]
            h = (1 - z) * h + z * np.tanh(u[:, 2 * H :] + (r * h) @ Wh[:, 2 * H :])
            total += np.sum(h * errors[:, t])
    return total
