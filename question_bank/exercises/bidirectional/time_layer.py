"""A bidirectional layer over time, made of two layers that read one direction each."""

import numpy as np


class TimeLSTM:
    """xs (N, T, D) to hs (N, T, H); both states begin with zeros; blocks f, g, i, o."""

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params, self.stateful = [Wx, Wh, b], stateful
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.steps = []

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, H = len(xs), xs.shape[1], len(Wh)
        hs, self.steps = np.zeros((N, T, H)), []
        h, c = np.zeros((N, H)), np.zeros((N, H))
        for t in range(T):
            f, g, i, o = np.split(xs[:, t] @ Wx + h @ Wh + b, 4, axis=1)
            f, i, o = (1 / (1 + np.exp(-gate)) for gate in (f, i, o))
            g = np.tanh(g)
            self.steps.append((xs[:, t], h, c, f, g, i, o))
            c = f * c + g * i
            h = hs[:, t] = o * np.tanh(c)
        return hs

    def backward(self, dhs):
        Wx, Wh, _ = self.params
        for grad in self.grads:
            grad[...] = 0
        dxs, dh, dc = np.zeros((*dhs.shape[:2], len(Wx))), 0, 0
        for t in reversed(range(dhs.shape[1])):
            x, h, c, f, g, i, o = self.steps[t]
            tanh_c = np.tanh(f * c + g * i)
            dh = dhs[:, t] + dh
            ds = dc + dh * o * (1 - tanh_c**2)
            df, dg = ds * c * f * (1 - f), ds * i * (1 - g**2)
            di, do = ds * g * i * (1 - i), dh * tanh_c * o * (1 - o)
            dA = np.hstack([df, dg, di, do])
            self.grads[0] += x.T @ dA
            self.grads[1] += h.T @ dA
            self.grads[2] += dA.sum(axis=0)
            dxs[:, t], dh, dc = dA @ Wx.T, dA @ Wh.T, ds * f
        return dxs


class TimeBiLSTM:
    """xs (N, T, D) to hs (N, T, 2H), the forward states first."""

    def __init__(self, Wx1, Wh1, b1, Wx2, Wh2, b2):
        self.forward_lstm = TimeLSTM(Wx1, Wh1, b1)
        self.backward_lstm = TimeLSTM(Wx2, Wh2, b2)
        self.params = self.forward_lstm.params + self.backward_lstm.params
        self.grads = self.forward_lstm.grads + self.backward_lstm.grads

    def forward(self, xs):
        #: a begin
        hs_f = self.forward_lstm.forward(xs)
        hs_b = self.backward_lstm.forward(xs[:, ::-1])
        return np.concatenate([hs_f, hs_b[:, ::-1]], axis=2)
        #: a end

    def backward(self, dhs):
        """dhs (N, T, 2H); fills the gradients of both layers, returns dxs (N, T, D)."""
        #: b begin
        H = dhs.shape[2] // 2
        dxs_f = self.forward_lstm.backward(dhs[:, :, :H])
        dxs_b = self.backward_lstm.backward(dhs[:, ::-1, H:])
        return dxs_f + dxs_b[:, ::-1]
        #: b end


#: judge
def run(xs, Wx, Wh, b):
    """The hidden states of an LSTM that reads xs as it stands."""
    h = c = np.zeros((len(xs), len(Wh)))
    hs = []
    for t in range(xs.shape[1]):
        u = (xs[:, t] @ Wx + h @ Wh + b).reshape(len(xs), 4, -1)
        gate = 1 / (1 + np.exp(-u))
        c = gate[:, 0] * c + gate[:, 2] * np.tanh(u[:, 1])
        h = gate[:, 3] * np.tanh(c)
        hs.append(h)
    return hs


def loss(Wx1, Wh1, b1, Wx2, Wh2, b2, xs, dhs):
    """What has dhs as its derivative by the joined states."""
    H = len(Wh1)
    total = 0.0
    for t, h in enumerate(run(xs, Wx1, Wh1, b1)):
        total += np.sum(h * dhs[:, t, :H])
    for t, h in enumerate(run(xs[:, ::-1], Wx2, Wh2, b2)):
        total += np.sum(h * dhs[:, -1 - t, H:])
    return total
