"""A bidirectional layer over time, made of two layers that read one direction each."""

import numpy as np


class TimeRNN:
    """xs (N, T, D) to hs (N, T, H); the first state is zero."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, xs):
        Wx, Wh, b = self.params
        hs = np.zeros((len(xs), xs.shape[1] + 1, len(Wh)))
        for t in range(xs.shape[1]):
            hs[:, t + 1] = np.tanh(xs[:, t] @ Wx + hs[:, t] @ Wh + b)
        self.cache = (xs, hs)
        return hs[:, 1:]

    def backward(self, dhs):
        Wx, Wh, _ = self.params
        xs, hs = self.cache
        for grad in self.grads:
            grad[...] = 0
        dxs, dh = np.zeros_like(xs), np.zeros_like(hs[:, 0])
        for t in reversed(range(xs.shape[1])):
            delta = (dhs[:, t] + dh) * (1 - hs[:, t + 1] ** 2)
            self.grads[0] += xs[:, t].T @ delta
            self.grads[1] += hs[:, t].T @ delta
            self.grads[2] += delta.sum(axis=0)
            dxs[:, t], dh = delta @ Wx.T, delta @ Wh.T
        return dxs


class TimeBiRNN:
    """xs (N, T, D) to hs (N, T, 2H), the forward states first."""

    def __init__(self, Wx1, Wh1, b1, Wx2, Wh2, b2):
        self.forward_rnn = TimeRNN(Wx1, Wh1, b1)
        self.backward_rnn = TimeRNN(Wx2, Wh2, b2)
        self.params = self.forward_rnn.params + self.backward_rnn.params
        self.grads = self.forward_rnn.grads + self.backward_rnn.grads

    def forward(self, xs):
        #: a begin
        hs_f = self.forward_rnn.forward(xs)
        hs_b = self.backward_rnn.forward(xs[:, ::-1])
        return np.concatenate([hs_f, hs_b[:, ::-1]], axis=2)
        #: a end

    def backward(self, dhs):
        """dhs (N, T, 2H); fills the gradients of both layers, returns dxs (N, T, D)."""
        #: b begin
        H = dhs.shape[2] // 2
        dxs_f = self.forward_rnn.backward(dhs[:, :, :H])
        dxs_b = self.backward_rnn.backward(dhs[:, ::-1, H:])
        return dxs_f + dxs_b[:, ::-1]
        #: b end


#: judge
def loss(Wx1, Wh1, b1, Wx2, Wh2, b2, xs, dhs):
    """What has dhs as its derivative by the joined states."""
    T, H = xs.shape[1], len(b1)
    f = b = np.zeros((len(xs), H))
    total = 0.0
    for t in range(T):
        f = np.tanh(xs[:, t] @ Wx1 + f @ Wh1 + b1)
        b = np.tanh(xs[:, T - 1 - t] @ Wx2 + b @ Wh2 + b2)
        total += np.sum(f * dhs[:, t, :H]) + np.sum(b * dhs[:, T - 1 - t, H:])
    return total
