"""A peeky decoder out of layers: each step sees the encoder's last state twice."""

import numpy as np


def drawn(*shape):
    """Small random weights."""
    return np.random.randn(*shape) / np.sqrt(shape[0])


class TimeEmbedding:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]
        self.xs = None

    def forward(self, xs):
        self.xs = xs
        return self.params[0][xs]

    def backward(self, dout):
        self.grads[0][...] = 0
        np.add.at(self.grads[0], self.xs, dout)


class TimeLSTM:
    """Blocks f, g, i, o. set_state(h) before forward, dh after backward: the initial state."""

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]
        self.h, self.c, self.dh, self.stateful = None, None, None, stateful

    def set_state(self, h, c=None):
        self.h, self.c = h, c

    def forward(self, xs):
        Wx, Wh, b = self.params
        hs = np.zeros((*xs.shape[:2], len(Wh)))
        zeros = np.zeros_like(hs[:, 0])
        h = self.h if self.stateful and self.h is not None else zeros
        c = self.c if self.stateful and self.c is not None else zeros
        self.steps = []
        for t in range(xs.shape[1]):
            f, g, i, o = np.split(xs[:, t] @ Wx + h @ Wh + b, 4, axis=1)
            f, g, i, o = 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-o))
            new = f * c + g * i
            self.steps.append((xs[:, t], h, c, f, g, i, o, np.tanh(new)))
            h, c = o * np.tanh(new), new
            hs[:, t] = h
        self.h, self.c = h, c
        return hs

    def backward(self, dhs):
        Wx, Wh, _ = self.params
        dxs = np.zeros((*dhs.shape[:2], len(Wx)))
        dh = dc = np.zeros_like(dhs[:, 0])
        for grad in self.grads:
            grad[...] = 0
        for t in reversed(range(dhs.shape[1])):
            x, h, c, f, g, i, o, tanh_c = self.steps[t]
            dh = dh + dhs[:, t]
            ds = dc + dh * o * (1 - tanh_c**2)
            df, dg = ds * c * f * (1 - f), ds * i * (1 - g**2)
            dA = np.hstack([df, dg, ds * g * i * (1 - i), dh * tanh_c * o * (1 - o)])
            for grad, value in zip(self.grads, (x.T @ dA, h.T @ dA, dA.sum(axis=0))):
                grad += value
            dxs[:, t], dh, dc = dA @ Wx.T, dA @ Wh.T, ds * f
        self.dh = dh
        return dxs


class TimeAffine:
    def __init__(self, W, b):
        self.params, self.grads = [W, b], [np.zeros_like(W), np.zeros_like(b)]
        self.x = None

    def forward(self, x):
        self.x = x
        return x @ self.params[0] + self.params[1]

    def backward(self, dout):
        self.grads[0][...] = np.einsum("nti,nto->io", self.x, dout)
        self.grads[1][...] = dout.sum(axis=(0, 1))
        return dout @ self.params[0].T


class PeekyDecoder:
    """params: embedding (V, D), LSTM (H+D, 4H), (H, 4H), (4H,), affine (2H, V), (V,)."""

    def __init__(self, vocab_size, wordvec_size, hidden_size):
        V, D, H = vocab_size, wordvec_size, hidden_size
        self.embed = TimeEmbedding(drawn(V, D))
        self.lstm = TimeLSTM(drawn(H + D, 4 * H), drawn(H, 4 * H), np.zeros(4 * H), stateful=True)
        self.affine = TimeAffine(drawn(2 * H, V), np.zeros(V))
        self.params, self.grads = [], []
        for layer in (self.embed, self.lstm, self.affine):
            self.params += layer.params
            self.grads += layer.grads

    def forward(self, xs, h):
        """xs (N, T) word ids, h (N, H): the encoder's last state; returns scores (N, T, V)."""
        N, T = xs.shape
        self.lstm.set_state(h)  #: a
        out = self.embed.forward(xs)
        hs = np.repeat(h, T, axis=0).reshape(N, T, -1)  #: b
        out = self.lstm.forward(np.concatenate((hs, out), axis=2))  #: c
        return self.affine.forward(np.concatenate((hs, out), axis=2))

    def backward(self, dscore):
        """dscore (N, T, V); fills grads, returns dh (N, H)."""
        H = len(self.lstm.params[1])
        dout = self.affine.backward(dscore)
        dhs = dout[:, :, :H]
        dout = self.lstm.backward(dout[:, :, H:])
        dhs = dhs + dout[:, :, :H]
        self.embed.backward(dout[:, :, H:])  #: d
        return self.lstm.dh + dhs.sum(axis=1)  #: e


#: judge
def fill(params, *values):
    """Puts the values into the arrays, in place."""
    for param, value in zip(params, values):
        param[...] = value


def loss(E, Wx, Wh, b, W, c, xs, h, dscore):
    import numpy as np

    H, s, u, total = len(Wh), h, 0 * h, 0.0
    for t in range(xs.shape[1]):
        a = np.hstack([h, E[xs[:, t]]]) @ Wx + s @ Wh + b
        gate = 1 / (1 + np.exp(-a))
        u = gate[:, :H] * u + gate[:, 2 * H : 3 * H] * np.tanh(a[:, H : 2 * H])
        s = gate[:, 3 * H :] * np.tanh(u)
        total += np.sum((np.hstack([h, s]) @ W + c) * dscore[:, t])
    return total
