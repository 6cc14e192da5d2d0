"""An LSTM layer over time, with a state that it can keep from one batch to the next."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


class LSTM:
    """One step; blocks of columns in the order f, g, i, o."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev, c_prev):
        Wx, Wh, b = self.params
        f, g, i, o = np.split(x @ Wx + h_prev @ Wh + b, 4, axis=1)
        f, g, i, o = sigmoid(f), np.tanh(g), sigmoid(i), sigmoid(o)
        c_next = f * c_prev + g * i
        self.cache = (x, h_prev, c_prev, i, f, g, o, np.tanh(c_next))
        return o * np.tanh(c_next), c_next

    def backward(self, dh_next, dc_next):
        Wx, Wh, _ = self.params
        x, h_prev, c_prev, i, f, g, o, tanh_c = self.cache
        ds = dc_next + dh_next * o * (1 - tanh_c**2)
        df, dg = ds * c_prev * f * (1 - f), ds * i * (1 - g**2)
        di, do = ds * g * i * (1 - i), dh_next * tanh_c * o * (1 - o)
        dA = np.hstack([df, dg, di, do])
        for grad, value in zip(self.grads, (x.T @ dA, h_prev.T @ dA, dA.sum(axis=0)), strict=True):
            grad[...] = value
        return dA @ Wx.T, dA @ Wh.T, ds * f


class TimeLSTM:
    """T steps with the same parameters; stateful: whether the states outlive a call of forward."""

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = []
        self.h, self.c = None, None
        self.dh = None
        self.stateful = stateful

    def forward(self, xs):
        """xs (N, T, D); returns hs (N, T, H)."""
        N, T, _ = xs.shape
        H = len(self.params[1])
        hs = np.zeros((N, T, H))
        self.layers = []
        if not self.stateful or self.h is None:  #: a
            self.h, self.c = np.zeros((N, H)), np.zeros((N, H))
        for t in range(T):
            layer = LSTM(*self.params)
            self.h, self.c = layer.forward(xs[:, t], self.h, self.c)  #: b
            hs[:, t] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        """dhs (N, T, H); fills grads, keeps dh of the first step, returns dxs (N, T, D)."""
        N, T, H = dhs.shape
        dxs = np.zeros((N, T, len(self.params[0])))
        sums = [0, 0, 0]
        dh, dc = np.zeros((N, H)), np.zeros((N, H))
        for t in reversed(range(T)):
            layer = self.layers[t]
            dxs[:, t], dh, dc = layer.backward(dhs[:, t] + dh, dc)  #: c
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
    h = c = np.zeros((len(xs), H))
    total = 0.0
    for inputs, errors in ((before, 0 * dhs), (xs, dhs)):
        if not stateful:
            h = c = np.zeros((len(xs), H))
        for t in range(inputs.shape[1]):
            u = inputs[:, t] @ Wx + h @ Wh + b
            gate = 1 / (1 + np.exp(-u))
            c = gate[:, :H] * c + gate[:, 2 * H : 3 * H] * np.tanh(u[:, H : 2 * H])
            h = gate[:, 3 * H :] * np.tanh(c)
            total += np.sum(h * errors[:, t])
    return total
