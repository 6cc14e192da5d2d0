"""An LSTM layer as a class that keeps its gradients in a list."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


class LSTM:
    """One step. Wx (D, 4H), Wh (H, 4H), b (4H,); blocks of columns in the order f, g, i, o."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev, c_prev):
        """x (N, D), h_prev and c_prev (N, H); returns h_next and c_next (N, H)."""
        Wx, Wh, b = self.params
        f, g, i, o = np.split(x @ Wx + h_prev @ Wh + b, 4, axis=1)
        f, g, i, o = sigmoid(f), np.tanh(g), sigmoid(i), sigmoid(o)  #: a
        c_next = f * c_prev + g * i  #: b
        h_next = o * np.tanh(c_next)
        self.cache = (x, h_prev, c_prev, i, f, g, o, c_next)
        return h_next, c_next

    def backward(self, dh_next, dc_next):
        """dh_next and dc_next (N, H); fills grads, returns dx, dh_prev and dc_prev."""
        Wx, Wh, b = self.params
        x, h_prev, c_prev, i, f, g, o, c_next = self.cache
        tanh_c = np.tanh(c_next)
        ds = dc_next + dh_next * o * (1 - tanh_c**2)
        df = ds * c_prev * f * (1 - f)
        dg = ds * i * (1 - g**2)
        di = ds * g * i * (1 - i)
        do = dh_next * tanh_c * o * (1 - o)  #: c
        dA = np.hstack([df, dg, di, do])  #: d
        self.grads[0][...] = x.T @ dA
        self.grads[1][...] = h_prev.T @ dA
        self.grads[2][...] = dA.sum(axis=0)
        return dA @ Wx.T, dA @ Wh.T, ds * f


#: judge
def loss(Wx, Wh, b, x, h, c, dh, dc):
    """What has dh and dc as its derivatives by the two new states."""
    H = h.shape[1]
    u = x @ Wx + h @ Wh + b
    gate = 1 / (1 + np.exp(-u))
    c = gate[:, :H] * c + gate[:, 2 * H : 3 * H] * np.tanh(u[:, H : 2 * H])
    return np.sum(gate[:, 3 * H :] * np.tanh(c) * dh) + np.sum(c * dc)
